using System.Globalization;
using NanoOta;

namespace TestFirmware;

/// <summary>
/// The supply as the setting of the device has it: millivolts, <c>external</c>, or a file that holds one of the two and is read
/// at each measurement. While it holds neither, as in the moment in which it is written, the last measurement stays.
/// </summary>
/// <param name="setting">The setting; without one the supply is external.</param>
public sealed class VirtualSupply(string? setting) : ISupply
{
    private const string External = "external";

    private string last = External;

    public int Millivolts => int.TryParse(Measure(), NumberStyles.None, CultureInfo.InvariantCulture, out int value) ? value : -1;

    public bool IsExternal => Measure() == External;

    private string Measure()
    {
        try
        {
            var now = setting is null or External || IsNumber(setting) ? setting ?? External : File.ReadAllText(setting).Trim();
            if (now == External || IsNumber(now)) last = now;
        }
        catch (IOException)
        {
            // A test is writing the file.
        }

        return last;
    }

    private static bool IsNumber(string text) => int.TryParse(text, NumberStyles.None, CultureInfo.InvariantCulture, out _);
}
