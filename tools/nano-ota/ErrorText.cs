using NanoOta.Cli.Fleet;
using NanoOta.Releases;

namespace NanoOta.Cli;

/// <summary>Numbers of errors as people read them.</summary>
internal static class ErrorText
{
    /// <summary>Number and text; of a number that this tool does not know, the number.</summary>
    public static string Of(long code) => Known(code) is { } error ? $"{code} {UpdateErrors.Text(error)}" : $"error {code}";

    /// <summary>What to do about it.</summary>
    public static string Remedy(long code) => Known(code) is { } error ? Remedies.Of(error) : "take a nano-ota of the agent's version";

    /// <summary>The error, or null for a number that this tool does not know.</summary>
    public static UpdateError? Known(long code) =>
        code is >= 0 and <= int.MaxValue && Enum.IsDefined((UpdateError)(int)code) ? (UpdateError)(int)code : null;

    /// <summary>What a device waits for, or what went wrong, or nothing.</summary>
    public static string Of(FleetDevice device)
    {
        var parts = new List<string>();
        if (device.IsPaused) parts.Add("paused");
        if (device.WaitsFor != 0) parts.Add("waits: " + Of(device.WaitsFor));
        else if (device.Error != 0) parts.Add(Of(device.Error));
        return string.Join(", ", parts);
    }
}
