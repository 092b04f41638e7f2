using NanoOta.Releases;

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

    /// <summary>Whether an event says that the state is reached; a boot of the confirmed version does too.</summary>
    public bool IsReached(DeviceEvent e) => Kind switch
    {
        "confirmed" => e.Version == Version && (e.Event == "confirmed" || (e.Event == "boot" && e.Reason!.StartsWith("confirmed"))),
        _ => e.Event == Kind,
    };
}
