using NanoOta.Boards;
using NanoOta.Releases.Packing;

namespace NanoOta.Releases;

/// <summary>Compares a release with the one that its target folder contains already.</summary>
public sealed class EarlierRelease
{
    private readonly SignedManifest? signed;
    private readonly ReleaseManifest? earlier;
    private readonly string folder;

    private EarlierRelease(SignedManifest? signed, ReleaseManifest? earlier, string folder) =>
        (this.signed, this.earlier, this.folder) = (signed, earlier, folder);

    /// <summary>Reads the manifest in a folder; ignores one that cannot be read, or is for another product or board.</summary>
    public static EarlierRelease In(string folder, ReleaseOrder order)
    {
        try
        {
            var signed = SignedManifest.Read(ReleaseCheck.ReadManifest(folder));
            var found = signed.Decode();
            return new EarlierRelease(signed, found.Product == order.Product && found.Board == order.Board.Id ? found : null, folder);
        }
        catch (ReleaseException)
        {
            return new EarlierRelease(null, null, folder);
        }
    }

    /// <summary>Whether it carries a runtime.</summary>
    public bool HasRuntime => earlier?.Clr != null;

    /// <summary>A release that carries the runtime of the earlier one again, with those of its packed files that are there.</summary>
    /// <param name="order">The app.</param>
    /// <param name="key">Must have signed the earlier release: what it carries will be signed again.</param>
    /// <exception cref="ReleaseException">There is none, another key signed it, or its file is missing or damaged.</exception>
    public ReleaseOrder KeepRuntime(ReleaseOrder order, PublicKey key)
    {
        if (earlier?.Clr is not { } kept)
            throw new ReleaseException($"{folder}: {(earlier == null ? $"has no release of {order.Product} for {order.Board.Id}"
                : $"{earlier.Version} has no runtime")}, so there is none to keep; omit --keep-clr, or give --clr");
        if (!signed!.IsSignedBy(key))
            throw new ReleaseException($"{folder}: {earlier.Version} is not signed by this key; give the --key that it was packed with, "
                + "or --clr");
        byte[] bytes = PackedImages.Load(folder, kept).Bytes.ToArray();
        return order with
        {
            Runtime = new RuntimeImage(bytes, kept.Natives!),
            PackedRuntime = [.. kept.Encodings.Select(TryLoad).OfType<PackedImage>()],
        };
    }

    /// <summary>Checks that the runtime is not older, for chips that count secure_version, than the last one in the folder.</summary>
    /// <param name="order">A release.</param>
    /// <param name="source">Path of its runtime for messages.</param>
    /// <exception cref="ReleaseException">Its secure_version is lower.</exception>
    public void CheckSecureVersion(ReleaseOrder order, string source)
    {
        if (order.Runtime is not { } runtime || PackedImages.FindEarlier(folder, runtime) is not [var before, ..]) return;
        var name = before.FileName + ".bin";
        uint old = EspImage.Read(before.Bytes.ToArray(), Path.Combine(folder, name)).SecureVersion;
        uint now = EspImage.Read(runtime.Bytes.ToArray(), source).SecureVersion;
        if (now < old)
            throw new ReleaseException($"{source}: has secure_version {now}, but {name} in {folder} has {old}, and devices with it refuse a "
                + $"lower one; set CONFIG_BOOTLOADER_APP_SECURE_VERSION={old} and build it again");
    }

    /// <summary>Checks that the two have different sequence numbers, the only value that devices compare.</summary>
    /// <exception cref="ReleaseException">Another image has the same sequence number.</exception>
    public void CheckSequence(ReleaseOrder order)
    {
        if (earlier == null || earlier.Sequence != ReleaseVersion.Sequence(order.Version, order.Sequence)) return;
        var before = earlier.Images.Select(image => Convert.ToHexString(image.Digest));
        if (before.ToHashSet().SetEquals(order.Images.Select(part => Convert.ToHexString(part.Image.Digest)))) return;
        throw new ReleaseException($"{folder}: {earlier.Version} with another image has sequence {earlier.Sequence} as well, and "
            + "devices that installed it ignore this one; give a higher --version or --sequence, or --force if no device installed it");
    }

    /// <summary>A note if the earlier release was packed with another partition table of the board, or null.</summary>
    public string? OfTable(Board board) =>
        earlier?.TableDigest is { } before && !before.AsSpan().SequenceEqual(board.Partitions.Digest)
            ? $"the partition table of {board.Id} differs from the one that {earlier.Version} was packed with; devices in the field keep "
                + "theirs: if a partition moved, define a board with a new id"
            : null;

    private PackedImage? TryLoad(ManifestEncoding encoding)
    {
        if (encoding.Kind != ManifestEncoding.Packed) return null;
        byte[]? bytes = InputFile.TryRead(Path.Combine(folder, encoding.Location), encoding.FileSize!.Value, out _);
        try
        {
            var file = bytes == null ? null : PackedFile.Parse(bytes, encoding.Location);
            bool matches = file != null && file.TableDigest.AsSpan().SequenceEqual(encoding.TableDigest);
            return matches ? new PackedImage(file!, encoding.BaseDigest) : null;
        }
        catch (ReleaseException)
        {
            return null;
        }
    }
}
