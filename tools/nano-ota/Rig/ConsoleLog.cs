using System.Diagnostics;
using System.Globalization;

namespace NanoOta.Cli.Rig;

/// <summary>The console of a device in a file: each line with the seconds since the log began. Secrets are
/// replaced.</summary>
/// <param name="file">The file.</param>
internal sealed class ConsoleLog(TextWriter file) : IDisposable
{
    private readonly Stopwatch time = Stopwatch.StartNew();
    private readonly Lock gate = new();

    /// <summary>Writes a line of the device.</summary>
    public void Write(string line) => Write(' ', line);

    /// <summary>Writes what the rig did.</summary>
    public void Note(string text) => Write('#', text);

    public void Dispose() => file.Dispose();

    private void Write(char mark, string line)
    {
        var seconds = time.Elapsed.TotalSeconds.ToString("0.000", CultureInfo.InvariantCulture);
        lock (gate) file.WriteLine($"{seconds,10} {mark} {DeviceText.Visible(Secrets.Hide(line))}");
    }
}
