using System.Formats.Cbor;
using System.Text.RegularExpressions;
using NanoOta.Boards;

namespace NanoOta.Releases;

/// <summary>What a manifest says (SPEC.md, section 2).</summary>
public sealed partial record ReleaseManifest(
    string Product, string Board, string Version, long Sequence, IReadOnlyList<ManifestImage> Images)
{
    /// <summary>The format that this tool writes and reads.</summary>
    public const int Format = 1;

    /// <summary>Who may take it, and when.</summary>
    public Rollout Rollout { get; init; } = new();

    /// <summary>The native code that the app needs of the runtime; empty when it needs none.</summary>
    public IReadOnlyList<NativeNeed> Runtime { get; init; } = [];

    /// <summary>Least level of an agent that may take it; null = any.</summary>
    public int? AgentLevel { get; init; }

    /// <summary>Chip of the board; null = not said.</summary>
    public string? Chip { get; init; }

    /// <summary>Bytes of an app slot of the board; null = not said.</summary>
    public int? SlotSize { get; init; }

    /// <summary>Number of the schema that its settings have; null = not said.</summary>
    public int? SettingsSchema { get; init; }

    /// <summary><see cref="PartitionTable.Digest"/> of the board that it was packed for; null = not said. No device reads it.</summary>
    public byte[]? TableDigest { get; init; }

    /// <summary>How the optional fields beside <see cref="Rollout"/> lie in a manifest, in the order of their keys.</summary>
    internal static OptionalField<ReleaseManifest>[] Fields { get; } =
    [
        OptionalField<ReleaseManifest>.List(11, release => release.Runtime, (release, value) => release with { Runtime = value },
            (cbor, need) => need.Write(cbor), NativeNeed.Read),
        OptionalField<ReleaseManifest>.Int(12, release => release.AgentLevel, (release, value) => release with { AgentLevel = value }),
        OptionalField<ReleaseManifest>.Text(13, release => release.Chip, (release, value) => release with { Chip = value }),
        OptionalField<ReleaseManifest>.Int(14, release => release.SlotSize, (release, value) => release with { SlotSize = value }),
        OptionalField<ReleaseManifest>.Int(15, release => release.SettingsSchema, (release, value) => release with { SettingsSchema = value }),
        new(-1, release => release.TableDigest != null, (cbor, release) => cbor.WriteByteString(release.TableDigest!), ReadTable),
    ];

    // The value of a negative key may be of any type.
    private static ReleaseManifest ReadTable(CborReader cbor, ReleaseManifest release)
    {
        if (cbor.PeekState() == CborReaderState.ByteString) return release with { TableDigest = cbor.ReadByteString() };
        cbor.SkipValue();
        return release;
    }

    /// <summary>Checks every field against its rule.</summary>
    /// <exception cref="ReleaseException">A field breaks its rule; the message names it.</exception>
    public void Check()
    {
        CheckName("product", Product);
        CheckName("board", Board);
        ReleaseVersion.Sequence(Version, Sequence);
        if (Images.Count is < 1 or > 2) throw new ReleaseException($"manifest: {Images.Count} images; 1 or 2 are allowed");
        if (Images.DistinctBy(i => i.Kind).Count() != Images.Count)
            throw new ReleaseException("manifest: two images of one kind");
        foreach (var image in Images) image.Check();
        Rollout.Check();
        if (Chip != null) CheckName("chip", Chip);
        CheckNumber("agent level", AgentLevel);
        CheckNumber("slot size", SlotSize);
        CheckNumber("settings schema", SettingsSchema);
        if (Runtime.Count > 64) throw new ReleaseException($"manifest: {Runtime.Count} native assemblies; 64 are allowed");
        foreach (var need in Runtime)
        {
            if (!Assembly().IsMatch(need.Assembly))
                throw new ReleaseException($"the assembly name '{need.Assembly}' is wrong; 1 to 64 characters of A-Z a-z 0-9 . _ -");
        }
    }

    /// <summary>Checks a product or board name: 1 to 32 characters of A–Z a–z 0–9 . _ - + and space.</summary>
    /// <exception cref="ReleaseException">The name breaks the rule.</exception>
    public static void CheckName(string field, string name)
    {
        if (!Name().IsMatch(name))
            throw new ReleaseException($"{field} '{name}' is wrong; 1 to 32 characters of A-Z a-z 0-9 . _ - + and space");
    }

    internal static void CheckNumber(string field, int? number)
    {
        if (number < 1) throw new ReleaseException($"the {field} {number} is out of range; give 1 to {int.MaxValue}, or omit it");
    }

    internal static void CheckLocation(string location)
    {
        bool good = Location().IsMatch(location) && location.Split('/').All(segment => segment.Trim('.').Length > 0);
        if (!good) throw new ReleaseException($"manifest: location '{location}' leaves the release's folder or is malformed");
    }

    [GeneratedRegex(@"^[A-Za-z0-9._+ -]{1,32}\z")]
    private static partial Regex Name();

    [GeneratedRegex(@"^[A-Za-z0-9._-]{1,64}\z")]
    private static partial Regex Assembly();

    [GeneratedRegex(@"^[A-Za-z0-9._/-]{1,96}\z")]
    private static partial Regex Location();
}

/// <summary>The native part of an assembly that an app needs, by its checksum.</summary>
public sealed record NativeNeed(string Assembly, uint Checksum)
{
    internal void Write(CborWriter cbor)
    {
        cbor.WriteStartArray(2);
        cbor.WriteTextString(Assembly);
        cbor.WriteUInt32(Checksum);
        cbor.WriteEndArray();
    }

    internal static NativeNeed Read(CborReader cbor)
    {
        if (cbor.ReadStartArray() != 2) throw new ReleaseException("manifest: a native assembly has not name and checksum");
        var need = new NativeNeed(cbor.ReadTextString(), cbor.ReadUInt32());
        cbor.ReadEndArray();
        return need;
    }
}

/// <summary>An image of a release. Size in bytes of the plain image; digests are SHA-256.</summary>
public sealed record ManifestImage(
    int Kind, int Size, byte[] Digest, byte[] IndexDigest, string IndexLocation, IReadOnlyList<ManifestEncoding> Encodings)
{
    /// <summary>Kind of the app image.</summary>
    public const int App = 0;

    internal void Check()
    {
        if (Kind < 0) throw new ReleaseException($"manifest: image kind {Kind} is negative");
        if (Size < 1) throw new ReleaseException($"manifest: image size {Size} is out of range");
        if (Digest.Length != 32 || IndexDigest.Length != 32) throw new ReleaseException("manifest: a digest has not 32 bytes");
        ReleaseManifest.CheckLocation(IndexLocation);
        if (Encodings.Count is < 1 or > 4)
            throw new ReleaseException($"manifest: {Encodings.Count} encodings; 1 to 4 are allowed");
        foreach (var encoding in Encodings)
        {
            ReleaseManifest.CheckLocation(encoding.Location);
            if (encoding.BaseDigest is { Length: not 32 }) throw new ReleaseException("manifest: a base digest has not 32 bytes");
        }
    }
}

/// <summary>One way to fetch an image; the base digest is null unless the encoding needs a base image.</summary>
public sealed record ManifestEncoding(int Kind, string Location, byte[]? BaseDigest = null)
{
    /// <summary>The image as it is.</summary>
    public const int Plain = 0;
}
