using System.Text.RegularExpressions;
using NanoOta.Cli.Device;

namespace NanoOta.Cli.Rig;

/// <summary>Finds the start of a device in its console. Two lines report it: the one of the chip's ROM, which is readable at its own rate
/// only, and the one of the reference firmware (docs/RIG.md). The second completes the first.</summary>
internal static partial class BootLine
{
    /// <summary>The start that a line reports; null if it reports none.</summary>
    public static DeviceEvent? Find(string line)
    {
        if (Report().Match(line) is { Success: true } report)
            return Boot(ReasonOf(report.Groups["reason"].Value)) with
            {
                Slot = report.Groups["slot"].Value[0] - '0',
                Version = report.Groups["version"].Value,
            };
        return Rom().Match(line) is { Success: true } rom ? Boot(RomReason(rom.Groups["name"].Value)) : null;
    }

    /// <summary>Whether a line is from the ROM, with which a boot begins.</summary>
    public static bool IsRom(DeviceEvent boot) => boot.Slot == null;

    private static DeviceEvent Boot(ResetReason reason) => new()
    {
        By = DeviceEvent.ByBoard,
        Event = "boot",
        Code = 0,
        Reset = reason,
        Reason = "reset: " + ResetReasons.Text(reason),
    };

    private static ResetReason ReasonOf(string text) =>
        Enum.GetValues<ResetReason>().FirstOrDefault(reason => ResetReasons.Text(reason) == text);

    // Names of all chips. A panic ends with a software reset, which the ROM does not distinguish.
    private static ResetReason RomReason(string name) => name switch
    {
        _ when name.Contains("POWERON") => ResetReason.PowerOn,
        _ when name.Contains("DEEPSLEEP") => ResetReason.DeepSleep,
        _ when name.Contains("BROWN") => ResetReason.Brownout,
        _ when name.Contains("WDT") => ResetReason.Wdt,
        _ when name.Contains("SW") => ResetReason.Sw,
        _ => ResetReason.Unknown,
    };

    [GeneratedRegex(@"rst:0x[0-9a-f]+ \((?<name>[A-Z0-9_]+)\)")]
    private static partial Regex Rom();

    [GeneratedRegex(@"(?<version>[0-9]+\.[0-9]+\.[0-9A-Za-z.+-]+) on .+, slot (?<slot>[01]), after: (?<reason>.+)$")]
    private static partial Regex Report();
}
