using NanoOta.Releases;

namespace NanoOta.Cli.Fleet;

/// <summary>The broker that <c>nano-ota serve</c> is to be.</summary>
/// <param name="Port">Where it listens.</param>
/// <param name="Announcement">What it announces; null when the folder holds several releases, or none yet.</param>
internal sealed record DeskOrder(int Port, Announcement? Announcement)
{
    /// <summary>Null when no broker is wanted.</summary>
    /// <exception cref="ReleaseException">A value is wrong, or the release is not good.</exception>
    public static DeskOrder? Read(string folder, int? port, string[]? trust)
    {
        bool isTrusted = trust is { Length: > 0 };
        if (port == null) return isTrusted ? throw new ReleaseException("--trust is for --broker-port; give both or none") : null;
        if (port is < 1 or > 65535) throw new ReleaseException($"--broker-port {port} is not a port; 1 to 65535");
        if (!File.Exists(Path.Combine(folder, Manifest.FileName)))
            return !isTrusted ? new DeskOrder(port.Value, null)
                : throw new ReleaseException($"{folder}: no release to announce (no {Manifest.FileName} in it); "
                    + "omit --trust, or give the folder of a release");
        if (!isTrusted)
            throw new ReleaseException($"--trust is missing; give the public key of the release in {folder}, which is checked first");
        return new DeskOrder(port.Value, Announcement.Check(folder, CommonOptions.LoadKeys(trust), out var findings)
            ?? throw new ReleaseException(
                $"{folder} is not announced: {Announcement.Why(findings)}; 'nano-ota verify' lists all checks"));
    }
}
