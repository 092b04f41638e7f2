using System.Security.Cryptography;
using NanoOta.Boards;

namespace NanoOta.Releases;

/// <summary>The input for a release.</summary>
/// <param name="Product">Product that it is for.</param>
/// <param name="Board">Board that it is for.</param>
/// <param name="Version">Semantic version; devices compare only the sequence number.</param>
/// <param name="Sequence">Sequence number; null = derived from the version.</param>
/// <param name="Image">The app image.</param>
public sealed record ReleaseOrder(string Product, Board Board, string Version, long? Sequence, AppImage Image)
{
    /// <summary>Which devices may install it, and when.</summary>
    public Rollout Rollout { get; init; } = new();

    /// <summary>Native code that the app needs, in addition to the native checksums in its image.</summary>
    public IReadOnlyList<NativeNeed> Needs { get; init; } = [];

    /// <summary>Minimum level of the agent that may install it; null = any.</summary>
    public int? AgentLevel { get; init; }

    /// <summary>Number of its settings schema; null = not given.</summary>
    public int? SettingsSchema { get; init; }

    /// <summary>Its image packed, the preferred file first; at most <see cref="PackedImages.Max"/>.</summary>
    public IReadOnlyList<PackedImage> Packed { get; init; } = [];
}

/// <summary>Describes, signs and publishes releases (SPEC.md, section 1).</summary>
public static class ReleaseBuilder
{
    /// <summary>The manifest of a release.</summary>
    /// <exception cref="ReleaseException">The image does not fit the board, or a field is invalid.</exception>
    public static ReleaseManifest Describe(ReleaseOrder order)
    {
        CheckFit(order.Board, order.Image);
        var image = order.Image;
        var plain = new ManifestEncoding(ManifestEncoding.Plain, image.FileName + ".bin");
        var app = new ManifestImage(ManifestImage.App, image.Size, image.Digest, SHA256.HashData(image.Index),
            image.FileName + ".idx", [.. order.Packed.Select(packed => packed.Encoding), plain]);
        var manifest = new ReleaseManifest(order.Product, order.Board.Id, order.Version,
            ReleaseVersion.Sequence(order.Version, order.Sequence), [app])
        {
            Rollout = order.Rollout,
            Runtime =
            [
                .. image.Natives,
                .. order.Needs,
            ],
            AgentLevel = order.AgentLevel,
            Chip = order.Board.Chip.Name,
            SlotSize = order.Board.Partitions.Slot(0).Size,
            SettingsSchema = order.SettingsSchema,
            TableDigest = order.Board.Partitions.Digest,
        };
        manifest.Check();
        return manifest;
    }

    /// <summary>
    /// Publishes a release into a folder, and creates the folder if it does not exist. Writes the files of the image first, the manifest last and
    /// in one step, so that a device never reads a partial release. Files of older images stay for devices that are downloading them. If
    /// one file cannot be written, none is.
    /// </summary>
    /// <exception cref="ReleaseException">The image does not fit the board, a field is invalid, no device would install the release, or a
    /// file cannot be written.</exception>
    public static ReleaseManifest Publish(ReleaseOrder order, SigningKey key, string folder)
    {
        var manifest = Describe(order);
        ReleaseConditions.Check(manifest);
        byte[] signed = ManifestWriter.Sign(manifest, key);
        InputPath.NewFolder(folder);
        OutputFile[] files =
        [
            .. order.Packed.Select(packed => new OutputFile(Path.Combine(folder, packed.Encoding.Location), packed.File.Bytes)),
            new(Path.Combine(folder, manifest.Images[0].Encodings[^1].Location), order.Image.Bytes.ToArray()),
            new(Path.Combine(folder, manifest.Images[0].IndexLocation), order.Image.Index),
            new(Path.Combine(folder, Manifest.FileName), signed),
        ];
        // Differences from two bases may be the same file.
        OutputFile.Write([.. files.DistinctBy(file => file.Path).Where(file => !IsThere(file))]);
        return manifest;
    }

    /// <summary>Signs the manifest of a published release again with another roll-out, and changes nothing else.</summary>
    /// <exception cref="ReleaseException">There is no release, another key signed it, or no device would install it.</exception>
    public static ReleaseManifest Republish(string folder, SigningKey key, Func<Rollout, Rollout> change)
    {
        var signed = SignedManifest.Read(ReleaseCheck.ReadManifest(folder));
        if (!signed.IsSignedBy(key.Public))
            throw new ReleaseException($"{folder}: not signed by this key; give the --key that the release was packed with");
        var old = signed.Decode();
        var manifest = old with { Rollout = change(old.Rollout) };
        ReleaseConditions.Check(manifest);
        OutputFile.Write(new OutputFile(Path.Combine(folder, Manifest.FileName), ManifestWriter.Sign(manifest, key)));
        return manifest;
    }

    /// <summary>Checks that an image fits the app slots of a board. Its index then fits an index region (PartitionRules).</summary>
    /// <exception cref="ReleaseException">The image does not fit.</exception>
    public static void CheckFit(Board board, AppImage image)
    {
        int slot = board.Partitions.Slot(0).Size;
        if (image.Size > slot)
            throw new ReleaseException($"the image has {image.Size} bytes, but an app slot of {board.Id} has only {slot}; "
                + "make the app smaller");
    }

    // Files that exist already keep their time.
    private static bool IsThere(OutputFile file) =>
        InputFile.TryRead(file.Path, file.Content.Length, out _) is { } there && there.AsSpan().SequenceEqual(file.Content);
}
