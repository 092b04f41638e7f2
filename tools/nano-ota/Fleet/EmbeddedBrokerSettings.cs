using NanoOta.Releases;

namespace NanoOta.Cli.Fleet;

/// <summary>Settings of the broker in <c>nano-ota serve</c>.</summary>
/// <param name="Port">Its port.</param>
/// <param name="Announcement">The announced release; null if the folder has several releases or none.</param>
internal sealed record EmbeddedBrokerSettings(int Port, Announcement? Announcement)
{
    /// <summary>Reads the options; null = no broker.</summary>
    /// <exception cref="ReleaseException">A value is wrong, or the release failed a check.</exception>
    public static EmbeddedBrokerSettings? Read(string folder, int? port, string[]? trust)
    {
        bool isTrusted = trust is { Length: > 0 };
        if (port == null) return isTrusted ? throw new ReleaseException("--trust needs --broker-port; give both or none") : null;
        if (port is < 1 or > 65535) throw new ReleaseException($"--broker-port {port} is not a port; 1 to 65535");
        if (!File.Exists(Path.Combine(folder, Manifest.FileName)))
            return !isTrusted ? new EmbeddedBrokerSettings(port.Value, null)
                : throw new ReleaseException($"{folder}: no release to announce (no {Manifest.FileName} in it); "
                    + "omit --trust, or give the folder of a release");
        if (!isTrusted)
            throw new ReleaseException($"--trust is missing; give the public key of the release in {folder}");
        return new EmbeddedBrokerSettings(port.Value, Announcement.Check(folder, CommonOptions.LoadKeys(trust), out var findings)
            ?? throw new ReleaseException(
                $"{folder} is not announced: {Announcement.Why(findings)}; 'nano-ota verify' lists all checks"));
    }
}
