using System.Formats.Cbor;
using System.Text.RegularExpressions;

namespace NanoOta.Releases;

/// <summary>Which devices may install a release, and when: the part of a manifest that changes after publication.</summary>
public sealed partial record Rollout
{
    /// <summary>Seconds since 1970-01-01 UTC after which the offer expires; null = never.</summary>
    public long? Expires { get; init; }

    /// <summary>Minimum sequence number of the firmware that the release may replace; null = any.</summary>
    public long? LowestSequence { get; init; }

    /// <summary>Share of all devices, in percent, that may install the release; 0 stops it.</summary>
    public int WavePercent { get; init; } = 100;

    /// <summary>Addresses of further folders with the release's files, in the order in which devices try them.</summary>
    public IReadOnlyList<string> Mirrors { get; init; } = [];

    /// <summary>Its fields on the wire.</summary>
    internal static IReadOnlyList<ManifestField> Fields { get; } =
    [
        Field(7, r => r.Expires, cbor => cbor.ReadInt64(), (r, value) => r with { Expires = (long)value }),
        Field(8, r => r.LowestSequence, cbor => cbor.ReadInt64(), (r, value) => r with { LowestSequence = (long)value }),
        Field(9, r => r.WavePercent == 100 ? null : r.WavePercent, cbor => cbor.ReadInt32(), (r, value) => r with { WavePercent = (int)value }),
        Field(10, r => r.Mirrors.Count == 0 ? null : r.Mirrors, cbor => SignedManifest.ReadList(cbor, c => c.ReadTextString()),
            (r, value) => r with { Mirrors = (List<string>)value }),
    ];

    /// <summary>Its values for people, by the names that <c>nano-ota inspect</c> prints.</summary>
    public IReadOnlyDictionary<string, object> Describe() => new Dictionary<string, object>
    {
        ["wave"] = WavePercent == 0 ? "stopped" : $"{WavePercent} %",
        ["expires"] = Expires is { } expires ? Time(expires) : "never",
        ["after"] = LowestSequence is { } lowest ? $"sequence {lowest}" : "any release",
        ["mirrors"] = Mirrors,
    };

    /// <exception cref="ReleaseException">A field is invalid (SPEC.md, section 2).</exception>
    internal void Check()
    {
        const long Most = (1L << 53) - 1;
        if (Expires is < 1 or > Most) throw new ReleaseException($"manifest: expiry {Expires} is out of range");
        if (LowestSequence is < 1 or > Most) throw new ReleaseException($"manifest: lowest sequence {LowestSequence} is out of range");
        if (WavePercent is < 0 or > 100) throw new ReleaseException($"the wave of {WavePercent} percent is wrong; give 0 (stop) to 100");
        if (Mirrors.Count > 4) throw new ReleaseException($"manifest: has {Mirrors.Count} mirrors; give 4 at most");
        foreach (var mirror in Mirrors)
        {
            if (mirror.Length > Manifest.MaxMirrorLength || !Mirror().IsMatch(mirror) || !HasPort(mirror))
                throw new ReleaseException($"mirror '{mirror}' is wrong; give http:// or https://, host, port (1 to 65535) and path "
                    + $"of A-Z a-z 0-9 . _ - : [ ], a slash at the end, {Manifest.MaxMirrorLength} characters at most");
        }
    }

    private static ManifestField Field(int key, Func<Rollout, object?> get, Func<CborReader, object> read, Func<Rollout, object, Rollout> set) =>
        new(key, manifest => get(manifest.Rollout), read, (manifest, value) => manifest with { Rollout = set(manifest.Rollout, value) });

    private static string Time(long unixSeconds) => unixSeconds <= DateTimeOffset.MaxValue.ToUnixTimeSeconds()
        ? DateTimeOffset.FromUnixTimeSeconds(unixSeconds).UtcDateTime.ToString("u") : unixSeconds.ToString();

    // An address with an invalid host does not parse.
    private static bool HasPort(string mirror) => Uri.TryCreate(mirror, UriKind.Absolute, out var uri) && uri.Port is > 0 and <= 65535;

    [GeneratedRegex(@"^https?://[A-Za-z0-9._:\[\]-][A-Za-z0-9._:\[\]/-]*/\z")]
    private static partial Regex Mirror();
}
