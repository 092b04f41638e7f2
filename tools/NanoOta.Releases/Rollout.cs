using System.Text.RegularExpressions;

namespace NanoOta.Releases;

/// <summary>Who may take a release, and when: the part of a manifest that changes after publication.</summary>
public sealed partial record Rollout
{
    /// <summary>Seconds since 1970-01-01 UTC after which the offer is not taken any more; null = never.</summary>
    public long? Expires { get; init; }

    /// <summary>Lowest sequence number of a firmware that the release may follow; null = any.</summary>
    public long? LowestSequence { get; init; }

    /// <summary>Share of all devices, in percent, that may take the release; 0 stops it.</summary>
    public int WavePercent { get; init; } = 100;

    /// <summary>Further folders with the release's files, in the order in which devices try them.</summary>
    public IReadOnlyList<string> Mirrors { get; init; } = [];

    /// <summary>How its fields lie in a manifest, in the order of their keys.</summary>
    internal static OptionalField<Rollout>[] Fields { get; } =
    [
        OptionalField<Rollout>.Long(7, rollout => rollout.Expires, (rollout, value) => rollout with { Expires = value }),
        OptionalField<Rollout>.Long(8, rollout => rollout.LowestSequence, (rollout, value) => rollout with { LowestSequence = value }),
        OptionalField<Rollout>.Int(9, rollout => rollout.WavePercent == 100 ? null : rollout.WavePercent,
            (rollout, value) => rollout with { WavePercent = value }),
        OptionalField<Rollout>.List(10, rollout => rollout.Mirrors, (rollout, value) => rollout with { Mirrors = value },
            (cbor, mirror) => cbor.WriteTextString(mirror), cbor => cbor.ReadTextString()),
    ];

    /// <exception cref="ReleaseException">A field breaks its rule (SPEC.md, section 2).</exception>
    internal void Check()
    {
        const long Most = (1L << 53) - 1;
        if (Expires is < 1 or > Most) throw new ReleaseException($"manifest: expiry {Expires} is out of range");
        if (LowestSequence is < 1 or > Most) throw new ReleaseException($"manifest: lowest sequence {LowestSequence} is out of range");
        if (WavePercent is < 0 or > 100) throw new ReleaseException($"the wave of {WavePercent} percent is wrong; give 0 (stop) to 100");
        if (Mirrors.Count > 4) throw new ReleaseException($"{Mirrors.Count} mirrors; 4 are allowed");
        foreach (var mirror in Mirrors)
        {
            if (mirror.Length > Manifest.MaxMirrorLength || !Mirror().IsMatch(mirror) || !HasPort(mirror))
                throw new ReleaseException($"mirror '{mirror}' is wrong; http:// or https://, host, port (1 to 65535) and path "
                    + $"of A-Z a-z 0-9 . _ - : [ ], a slash at the end, {Manifest.MaxMirrorLength} characters at most");
        }
    }

    // Of what is no host either there is no address.
    private static bool HasPort(string mirror) => Uri.TryCreate(mirror, UriKind.Absolute, out var uri) && uri.Port is > 0 and <= 65535;

    [GeneratedRegex(@"^https?://[A-Za-z0-9._:\[\]-][A-Za-z0-9._:\[\]/-]*/\z")]
    private static partial Regex Mirror();
}
