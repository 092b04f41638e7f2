using System.Security.Cryptography;
using NanoOta.Boards;
using NanoOta.Releases.Packing;

namespace NanoOta.Releases;

/// <summary>A packed file of an image of a release.</summary>
/// <param name="File">The file.</param>
/// <param name="BaseDigest">SHA-256 of its base; null without one.</param>
public sealed record PackedImage(PackedFile File, byte[]? BaseDigest)
{
    /// <summary>Its entry in a manifest. The name of the file is short, because it is fetched with every manifest: the start of its table
    /// digest, which no other file shares.</summary>
    public ManifestEncoding Encoding => new(ManifestEncoding.Packed, Convert.ToHexStringLower(File.TableDigest, 0, 6) + ".pack", BaseDigest)
    {
        TableDigest = File.TableDigest,
        FileSize = File.Bytes.Length,
    };
}

/// <summary>Packs the images of a release with earlier images of their kind as bases (docs/PACKED.md).</summary>
public static class PackedImages
{
    /// <summary>Most packed files of an image: its manifest has one encoding more, the plain one.</summary>
    public const int Max = ManifestImage.MaxEncodings - 1;

    /// <summary>The last images of a kind in a release folder, the newest first, at most <see cref="Max"/>: that of its manifest, then the
    /// bases of its packed files; if the manifest has none, those written last. Ignores what is missing or damaged, and the image
    /// itself.</summary>
    public static IReadOnlyList<ReleaseImage> FindEarlier(string folder, ReleaseImage image)
    {
        try
        {
            return [.. LastOf(folder, image.Kind).OfType<ReleaseImage>().Where(earlier => earlier.FileName != image.FileName).Take(Max)];
        }
        catch (Exception e) when (e is ReleaseException or IOException or UnauthorizedAccessException)
        {
            return [];
        }
    }

    /// <summary>The images of these kinds in a release folder, or the one in a file: an app image or a runtime.</summary>
    /// <exception cref="ReleaseException">It is neither, or there is no image of these kinds.</exception>
    public static IReadOnlyList<ReleaseImage> Load(string path, IReadOnlyList<int> kinds)
    {
        var images = Directory.Exists(path)
            ? SignedManifest.Read(ReleaseCheck.ReadManifest(path)).Decode().Images.Where(image => kinds.Contains(image.Kind))
                .Select(image => Load(path, image))
            : new[] { LoadFile(path) }.Where(image => kinds.Contains(image.Kind));
        return images.ToList() is { Count: > 0 } found ? found
            : throw new ReleaseException($"{path}: has no image of the kind {string.Join(" or ", kinds.Select(ManifestImage.NameOf))}, "
                + "which the release has; leave it out");
    }

    /// <summary>An image of a manifest, from its folder.</summary>
    /// <exception cref="ReleaseException">It is missing or damaged.</exception>
    internal static ReleaseImage Load(string folder, ManifestImage image) => TryLoad(folder, image.Kind, image.Digest)
        ?? throw new ReleaseException($"{folder}: {ReleaseImage.NameOf(image.Kind, image.Digest)}.bin is missing or damaged; give another "
            + "release, or pack it again");

    private static ReleaseImage LoadFile(string path)
    {
        byte[] bytes = InputPath.Read(path, remedy: "give a release folder or an image");
        if (!EspImage.StartsLike(bytes)) return AppImage.Parse(bytes, path);
        EspImage.Read(bytes, path);
        return new ReleaseImage(ManifestImage.Runtime, bytes);
    }

    /// <summary>Packs an image with each of these bases and, if a release has room for one more file, without one. What is not smaller
    /// than the image is left out.</summary>
    /// <param name="image">The image.</param>
    /// <param name="bases">The preferred one first, at most <see cref="Max"/>.</param>
    /// <param name="progress">Gets the share that is done, 0 to 1.</param>
    /// <exception cref="ReleaseException">There are too many bases, or one is too large.</exception>
    public static IReadOnlyList<PackedImage> Pack(ReleaseImage image, IReadOnlyList<ReleaseImage> bases, IProgress<double>? progress = null)
    {
        var sources = bases.DistinctBy(source => source.FileName).Where(source => source.FileName != image.FileName).ToList<ReleaseImage?>();
        if (sources.Count > Max) throw new ReleaseException($"a release has at most {Max} bases, not {sources.Count}; leave out the oldest");
        if (sources.Count < Max) sources.Add(null);
        var packed = new PackedImage[sources.Count];
        var parts = new Parts(progress, sources.Count);
        // A difference has few segments, so the files keep more cores busy than one of them.
        Parallel.For(0, packed.Length, i => packed[i] = new PackedImage(
            PackedFile.Create(image.Bytes.ToArray(), sources[i]?.Bytes.ToArray() ?? [], parts.Of(i)), sources[i]?.Digest));
        return [.. packed.Where(file => file.File.Bytes.Length < image.Size)];
    }

    /// <summary>The image file of a release folder that has this kind and SHA-256; null if it is missing or damaged.</summary>
    internal static ReleaseImage? TryLoad(string folder, int kind, byte[] digest) =>
        TryRead(Path.Combine(folder, ReleaseImage.NameOf(kind, digest) + ".bin"), kind) is { } image
            && image.Digest.AsSpan().SequenceEqual(digest) ? image : null;

    // Null as well if the name is not that of the content.
    private static ReleaseImage? TryRead(string path, int kind)
    {
        if (InputFile.TryRead(path, InputPath.MaxFileLength, out _) is not { } bytes) return null;
        var image = new ReleaseImage(kind, bytes);
        return image.FileName == Path.GetFileNameWithoutExtension(path) ? image : null;
    }

    private static IEnumerable<ReleaseImage?> LastOf(string folder, int kind)
    {
        var newest = SignedManifest.Read(ReleaseCheck.ReadManifest(folder)).Decode().Images.FirstOrDefault(image => image.Kind == kind);
        if (newest != null)
            return newest.Encodings.Select(encoding => encoding.BaseDigest).OfType<byte[]>().Prepend(newest.Digest)
                .Select(digest => TryLoad(folder, kind, digest));
        return new DirectoryInfo(folder).GetFiles(ManifestImage.NameOf(kind) + "-*.bin").OrderByDescending(file => file.LastWriteTimeUtc)
            .ThenBy(file => file.Name, StringComparer.Ordinal).Select(file => TryRead(file.FullName, kind));
    }

    // The share of the whole, of files that are packed at the same time.
    private sealed class Parts(IProgress<double>? whole, int count)
    {
        private readonly double[] done = new double[count];

        public IProgress<double>? Of(int part) => whole == null ? null : new Part(this, part);

        private void Report(int part, double value)
        {
            lock (done)
            {
                done[part] = value;
                whole!.Report(done.Sum() / done.Length);
            }
        }

        private sealed class Part(Parts parts, int number) : IProgress<double>
        {
            public void Report(double value) => parts.Report(number, value);
        }
    }
}
