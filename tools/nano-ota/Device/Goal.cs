using NanoOta.Releases;
using NanoOta.VirtualDevice;

namespace NanoOta.Cli.Device;

/// <summary>The state of a device that ends a run: <c>--until</c>.</summary>
public sealed record Goal(string Kind, string? Version = null)
{
    /// <summary>Reads <c>confirmed:V</c>, <c>reverted</c>, <c>refused</c> or <c>idle</c>.</summary>
    /// <exception cref="ReleaseException">It is none of them.</exception>
    public static Goal Parse(string text)
    {
        var parts = text.Split(':', 2);
        return (parts[0], parts.Length) switch
        {
            ("reverted" or "refused" or "idle", 1) => new Goal(parts[0]),
            ("confirmed", 2) => new Goal(parts[0], Checked(parts[1])),
            _ => throw new ReleaseException($"--until '{text}' is not a state; give confirmed:VERSION, reverted, refused or idle"),
        };
    }

    private static string Checked(string version)
    {
        ReleaseVersion.Check(version);
        return version;
    }

    /// <summary>
    /// Whether the state is reached. What the agent says is believed as far as the board knows nothing else: a version runs when
    /// its slot was hashed, it is confirmed when the boot record says so, and nothing is reverted that was not booted so.
    /// </summary>
    /// <param name="e">What the agent said, or the boot of firmware whose agent has begun to feed its guard.</param>
    /// <param name="running">What was booted.</param>
    /// <param name="now">State of it now.</param>
    public bool IsReached(DeviceEvent e, RunningFirmware running, BootState? now) => Kind switch
    {
        "confirmed" => e.Event is "confirmed" or "boot" && now == BootState.Confirmed && !running.IsSafeMode
            && running.Version == Version && e.Version == Version,
        "reverted" => e.Event == Kind && running.State == BootState.Reverted,
        _ => e.Event == Kind,
    };
}
