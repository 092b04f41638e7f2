using NanoOta.Releases;
using NanoOta.VirtualDevice;

namespace NanoOta.Cli.Device;

/// <summary>The state of a device that ends a run (<c>--until</c>). The kind is the kind of its event.</summary>
public sealed record Goal(string Kind, string? Version = null)
{
    /// <summary>Reads <c>confirmed:V</c>, <c>reverted</c>, <c>refused</c> or <c>idle</c>.</summary>
    /// <exception cref="ReleaseException">It is another text.</exception>
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

    /// <summary>Whether the state is reached. An event of the agent counts only if the board's own data agrees: the hash of the slot for
    /// the version, the boot record for confirmed, and the state at the boot for reverted.</summary>
    /// <param name="e">An event of the agent, or the boot of firmware whose agent has fed its guard.</param>
    /// <param name="running">The firmware that was booted.</param>
    /// <param name="now">Its state now.</param>
    public bool IsReached(DeviceEvent e, RunningFirmware running, BootState? now) => Kind switch
    {
        "confirmed" => e.Event is "confirmed" or "boot" && now == BootState.Confirmed && !running.IsSafeMode
            && running.Version == Version && e.Version == Version,
        "reverted" => e.Event == Kind && running.State == BootState.Reverted,
        _ => e.Event == Kind,
    };
}
