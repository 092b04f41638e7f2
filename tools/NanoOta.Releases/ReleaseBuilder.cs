using System.Security.Cryptography;
using NanoOta.Boards;

namespace NanoOta.Releases;

/// <summary>The input for a release.</summary>
/// <param name="Product">Product that it is for.</param>
/// <param name="Board">Board that it is for.</param>
/// <param name="Version">Semantic version; devices compare only the sequence number.</param>
/// <param name="Sequence">Sequence number; null = derived from the version.</param>
/// <param name="App">The app image; null: devices keep theirs. A new flash needs one.</param>
public sealed record ReleaseOrder(string Product, Board Board, string Version, long? Sequence, AppImage? App)
{
    /// <summary>The runtime image; null: devices keep theirs.</summary>
    public RuntimeImage? Runtime { get; init; }

    /// <summary>Which devices may install it, and when.</summary>
    public Rollout Rollout { get; init; } = new();

    /// <summary>Native code that the app needs, in addition to the native checksums in its image.</summary>
    public IReadOnlyList<NativeNeed> Needs { get; init; } = [];

    /// <summary>Minimum level of the agent that may install it; null = any.</summary>
    public int? AgentLevel { get; init; }

    /// <summary>Number of its settings schema; null = not given.</summary>
    public int? SettingsSchema { get; init; }

    /// <summary>Its app packed, the preferred file first; at most <see cref="PackedImages.Max"/>.</summary>
    public IReadOnlyList<PackedImage> Packed { get; init; } = [];

    /// <summary>Its runtime packed, likewise.</summary>
    public IReadOnlyList<PackedImage> PackedRuntime { get; init; } = [];

    /// <summary>Its images, each with its packed files.</summary>
    public IReadOnlyList<(ReleaseImage Image, IReadOnlyList<PackedImage> Packed)> Images
    {
        get
        {
            var images = new List<(ReleaseImage, IReadOnlyList<PackedImage>)>();
            if (App != null) images.Add((App, Packed));
            if (Runtime != null) images.Add((Runtime, PackedRuntime));
            return images;
        }
    }
}

/// <summary>Describes, signs and publishes releases (SPEC.md, section 1).</summary>
public static class ReleaseBuilder
{
    /// <summary>The manifest of a release.</summary>
    /// <exception cref="ReleaseException">An image does not fit the board, or a field is invalid.</exception>
    public static ReleaseManifest Describe(ReleaseOrder order)
    {
        foreach (var (image, _) in order.Images) CheckFit(order.Board, image);
        var manifest = new ReleaseManifest(order.Product, order.Board.Id, order.Version,
            ReleaseVersion.Sequence(order.Version, order.Sequence), [.. order.Images.Select(part => Describe(part.Image, part.Packed))])
        {
            Rollout = order.Rollout,
            Runtime =
            [
                .. order.App?.Natives ?? [],
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
    /// Publishes a release into a folder, and creates the folder if it does not exist. Writes the files of the images first, the manifest
    /// last and in one step, so that a device never reads a partial release. Files of older images stay for devices that are downloading
    /// them. If one file cannot be written, none is. Packed files for which the manifest has no room are left out.
    /// </summary>
    /// <exception cref="ReleaseException">An image does not fit the board, a field is invalid, no device would install the release, or a
    /// file cannot be written.</exception>
    public static ReleaseManifest Publish(ReleaseOrder order, SigningKey key, string folder)
    {
        order = Shorten(order);
        var manifest = Check(order);
        byte[] signed = ManifestWriter.Sign(manifest, key);
        InputPath.NewFolder(folder);
        OutputFile[] files =
        [
            .. order.Images.SelectMany(part => Files(part.Image, part.Packed))
                .Select(file => new OutputFile(Path.Combine(folder, file.Location), file.Content)),
            new(Path.Combine(folder, Manifest.FileName), signed),
        ];
        // Differences from two bases may be the same file.
        OutputFile.Write([.. files.DistinctBy(file => file.Path).Where(file => !IsThere(file))]);
        return manifest;
    }

    /// <summary>The manifest of a release that some device would install.</summary>
    /// <exception cref="ReleaseException">An image does not fit the board, a field is invalid, or no device would install the
    /// release.</exception>
    public static ReleaseManifest Check(ReleaseOrder order)
    {
        var manifest = Describe(order);
        ReleaseConditions.Check(manifest);
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

    /// <summary>Checks that an image fits the slots of a board. Its index then fits an index region (PartitionRules).</summary>
    /// <exception cref="ReleaseException">The image does not fit, or the board cannot update its runtime.</exception>
    public static void CheckFit(Board board, ReleaseImage image)
    {
        bool isApp = image.Kind == ManifestImage.App;
        if (!isApp && board.Partitions.RuntimeSlots == 0)
            throw new ReleaseException($"{board.Id} has one runtime slot, so its runtime can be updated by cable only; "
                + "pack the app alone, or give the --board of one with ota_0 and ota_1");
        int slot = (isApp ? board.Partitions.Slot(0) : board.Partitions.Runtime).Size;
        if (image.Size > slot)
            throw new ReleaseException($"the image has {image.Size} bytes, but {(isApp ? "an app" : "a runtime")} slot of {board.Id} has "
                + $"only {slot}; {(isApp ? "make the app smaller" : "remove components")}");
    }

    private static ManifestImage Describe(ReleaseImage image, IReadOnlyList<PackedImage> packed) =>
        new(image.Kind, image.Size, image.Digest, SHA256.HashData(image.Index), image.FileName + ".idx",
            [.. packed.Select(file => file.Encoding), new ManifestEncoding(ManifestEncoding.Plain, image.FileName + ".bin")])
        {
            Natives = (image as RuntimeImage)?.Natives,
        };

    private static IEnumerable<(string Location, byte[] Content)> Files(ReleaseImage image, IReadOnlyList<PackedImage> packed) =>
    [
        .. packed.Select(file => (file.Encoding.Location, file.File.Bytes)),
        (image.FileName + ".bin", image.Bytes.ToArray()),
        (image.FileName + ".idx", image.Index),
    ];

    // Leaves out differences, the oldest base of the image with more of them first, until the manifest is short enough.
    private static ReleaseOrder Shorten(ReleaseOrder order)
    {
        while (!ManifestWriter.Fits(Describe(order)) && order.Packed.Count + order.PackedRuntime.Count > 0)
        {
            bool isApp = order.Packed.Count >= order.PackedRuntime.Count;
            order = isApp ? order with { Packed = WithoutOldest(order.Packed) }
                : order with { PackedRuntime = WithoutOldest(order.PackedRuntime) };
        }

        return order;
    }

    private static List<PackedImage> WithoutOldest(IReadOnlyList<PackedImage> packed)
    {
        var oldest = packed.LastOrDefault(file => file.BaseDigest != null) ?? packed[^1];
        return [.. packed.Where(file => file != oldest)];
    }

    // Files that exist already keep their time.
    private static bool IsThere(OutputFile file) =>
        InputFile.TryRead(file.Path, file.Content.Length, out _) is { } there && there.AsSpan().SequenceEqual(file.Content);
}
