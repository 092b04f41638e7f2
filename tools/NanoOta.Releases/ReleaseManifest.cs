using System.Text.RegularExpressions;
using NanoOta.Boards;

namespace NanoOta.Releases;

/// <summary>The fields of a manifest (SPEC.md, section 2).</summary>
public sealed partial record ReleaseManifest(
    string Product, string Board, string Version, long Sequence, IReadOnlyList<ManifestImage> Images)
{
    /// <summary>The format that this tool writes and reads.</summary>
    public const int Format = 1;

    private const int TableKey = -1;

    /// <summary>Its optional fields on the wire.</summary>
    internal static IReadOnlyList<ManifestField> OptionalFields { get; } =
    [
        .. Rollout.Fields,
        new(11, m => m.Runtime.Count == 0 ? null : m.Runtime, cbor => SignedManifest.ReadList(cbor, SignedManifest.ReadNeed),
            (m, value) => m with { Runtime = (List<NativeNeed>)value }),
        new(12, m => m.AgentLevel, cbor => cbor.ReadInt32(), (m, value) => m with { AgentLevel = (int)value }),
        new(13, m => m.Chip, cbor => cbor.ReadTextString(), (m, value) => m with { Chip = (string)value }),
        new(14, m => m.SlotSize, cbor => cbor.ReadInt32(), (m, value) => m with { SlotSize = (int)value }),
        new(15, m => m.SettingsSchema, cbor => cbor.ReadInt32(), (m, value) => m with { SettingsSchema = (int)value }),
        new(TableKey, m => m.TableDigest, SignedManifest.ReadAdvice, (m, value) => m with { TableDigest = value as byte[] }),
    ];

    /// <summary>Its app; null: devices keep theirs.</summary>
    public ManifestImage? App => Images.FirstOrDefault(image => image.Kind == ManifestImage.App);

    /// <summary>Its runtime; null: devices keep theirs.</summary>
    public ManifestImage? Clr => Images.FirstOrDefault(image => image.Kind == ManifestImage.Runtime);

    /// <summary>Which devices may install it, and when.</summary>
    public Rollout Rollout { get; init; } = new();

    /// <summary>The native code that the app needs of the runtime; empty when it needs none.</summary>
    public IReadOnlyList<NativeNeed> Runtime { get; init; } = [];

    /// <summary>Minimum level of the agent that may install it; null = any.</summary>
    public int? AgentLevel { get; init; }

    /// <summary>Chip of the board; null = not given.</summary>
    public string? Chip { get; init; }

    /// <summary>Bytes of an app slot of the board; null = not given.</summary>
    public int? SlotSize { get; init; }

    /// <summary>Number of its settings schema; null = not given.</summary>
    public int? SettingsSchema { get; init; }

    /// <summary><see cref="PartitionTable.Digest"/> of the board that it was packed for; null = not given. Devices ignore it.</summary>
    public byte[]? TableDigest { get; init; }

    /// <summary>Checks every field against its rule.</summary>
    /// <exception cref="ReleaseException">A field is invalid; the message names it.</exception>
    public void Check()
    {
        CheckName("product", Product);
        CheckName("board", Board);
        ReleaseVersion.Sequence(Version, Sequence);
        if (Images.Count is < 1 or > 2) throw new ReleaseException($"manifest: has {Images.Count} images; give 1 or 2");
        if (Images.DistinctBy(i => i.Kind).Count() != Images.Count)
            throw new ReleaseException("manifest: has two images of one kind; give one of each");
        foreach (var image in Images) image.Check();
        Rollout.Check();
        if (Chip != null) CheckName("chip", Chip);
        CheckNumber("agent level", AgentLevel);
        CheckNumber("slot size", SlotSize);
        CheckNumber("settings schema", SettingsSchema);
        if (Runtime.Count > 64) throw new ReleaseException($"manifest: has {Runtime.Count} native assemblies; give 64 at most");
        foreach (var need in Runtime)
        {
            if (!Assembly().IsMatch(need.Assembly))
                throw new ReleaseException($"the assembly name '{need.Assembly}' is wrong; give 1 to 64 characters of A-Z a-z 0-9 . _ -");
        }
    }

    /// <summary>Checks a product or board name: 1 to 32 characters of A–Z a–z 0–9 . _ - + and space.</summary>
    /// <exception cref="ReleaseException">The name is invalid.</exception>
    public static void CheckName(string field, string name)
    {
        if (!Name().IsMatch(name))
            throw new ReleaseException($"{field} '{name}' is wrong; give 1 to 32 characters of A-Z a-z 0-9 . _ - + and space");
    }

    internal static void CheckNumber(string field, int? number)
    {
        if (number < 1) throw new ReleaseException($"the {field} {number} is out of range; give 1 to {int.MaxValue}, or omit it");
    }

    internal static void CheckLocation(string location)
    {
        bool good = Location().IsMatch(location) && location.Split('/').All(segment => segment.Trim('.').Length > 0);
        if (!good) throw new ReleaseException($"manifest: location '{location}' is malformed or outside the release's folder");
    }

    [GeneratedRegex(@"^[A-Za-z0-9._+ -]{1,32}\z")]
    private static partial Regex Name();

    [GeneratedRegex(@"^[A-Za-z0-9._-]{1,64}\z")]
    private static partial Regex Assembly();

    [GeneratedRegex(@"^[A-Za-z0-9._/-]{1,96}\z")]
    private static partial Regex Location();
}

/// <summary>The native code that an assembly of the app needs, by its checksum.</summary>
public sealed record NativeNeed(string Assembly, uint Checksum);

/// <summary>An image of a release. Size in bytes of the plain image; digests are SHA-256.</summary>
public sealed record ManifestImage(
    int Kind, int Size, byte[] Digest, byte[] IndexDigest, string IndexLocation, IReadOnlyList<ManifestEncoding> Encodings)
{
    /// <summary>Kind of an app image.</summary>
    public const int App = (int)ImageKind.App;

    /// <summary>Kind of a runtime image.</summary>
    public const int Runtime = (int)ImageKind.Runtime;

    /// <summary>Most native checksums of a runtime.</summary>
    internal const int MaxNatives = 128;

    internal const int MaxEncodings = 4;

    private const int NativeLength = OfferedImage.NativeLength;

    /// <summary>Of a runtime, and of no other image: the native checksums of its native assemblies, 4 bytes each, as in the header of an
    /// assembly.</summary>
    public byte[]? Natives { get; init; }

    /// <summary>Its kind, as text.</summary>
    public string KindName => NameOf(Kind);

    /// <summary>Number of the native checksums.</summary>
    public int NativeCount => Natives == null ? 0 : Natives.Length / NativeLength;

    /// <summary>Whether this runtime has a native assembly with this checksum.</summary>
    public bool HasNative(uint checksum) => Natives!.Chunk(NativeLength).Any(native => Bytes.GetU32(native, 0) == checksum);

    internal static string NameOf(int kind) => kind switch { App => "app", Runtime => "clr", _ => kind.ToString() };

    internal void Check()
    {
        if (Kind is not App and not Runtime)
            throw new ReleaseException($"manifest: image kind {Kind} is not supported by this version of nano-ota");
        if (Size < 1) throw new ReleaseException($"manifest: image size {Size} is out of range; give 1 or more");
        if (Digest.Length != 32 || IndexDigest.Length != 32) throw new ReleaseException("manifest: a digest does not have 32 bytes");
        ReleaseManifest.CheckLocation(IndexLocation);
        if (Encodings.Count is < 1 or > MaxEncodings)
            throw new ReleaseException($"manifest: an image has {Encodings.Count} encodings; give 1 to {MaxEncodings}");
        foreach (var encoding in Encodings) encoding.Check();
        if ((Kind == Runtime) != (Natives != null))
            throw new ReleaseException($"manifest: the {(Kind == Runtime ? "clr has no" : "app has")} native checksums; pack the "
                + "release again");
        if (Natives != null && (Natives.Length % NativeLength != 0 || NativeCount is < 1 or > MaxNatives))
            throw new ReleaseException($"manifest: the native checksums have {Natives.Length} bytes; give 1 to {MaxNatives} of "
                + $"{NativeLength} bytes");
    }
}

/// <summary>A form in which an image can be downloaded; the base digest is null unless the encoding needs a base image.</summary>
public sealed record ManifestEncoding(int Kind, string Location, byte[]? BaseDigest = null)
{
    /// <summary>The image itself.</summary>
    public const int Plain = 0;

    /// <summary>A packed file.</summary>
    public const int Packed = 1;

    /// <summary>SHA-256 of header and table of a packed file; else null.</summary>
    public byte[]? TableDigest { get; init; }

    /// <summary>Bytes of a packed file; else null.</summary>
    public int? FileSize { get; init; }

    /// <summary>Its kind, as text.</summary>
    public string KindName => Kind switch { Plain => "plain", Packed => "packed", _ => Kind.ToString() };

    internal void Check()
    {
        ReleaseManifest.CheckLocation(Location);
        if (BaseDigest is { Length: not 32 }) throw new ReleaseException("manifest: a base digest does not have 32 bytes");
        bool isPacked = TableDigest is { Length: 32 } && FileSize >= 1, isOther = TableDigest == null && FileSize == null;
        if (Kind == Packed ? !isPacked : !isOther)
            throw new ReleaseException($"manifest: an encoding of kind {Kind} has wrong fields; pack the release again");
    }
}
