using System.Security.Cryptography;
using NanoOta.Boards;
using NanoOta.Releases.Packing;

namespace NanoOta.Releases;

/// <summary>A packed file of a release's image.</summary>
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

/// <summary>Packs the image of a release with earlier images as bases (docs/PACKED.md).</summary>
public static class PackedImages
{
    /// <summary>Most packed files of a release: its manifest has one encoding more, the plain one.</summary>
    public const int Max = ManifestImage.MaxEncodings - 1;

    /// <summary>The last images of a release folder, the newest first, at most <see cref="Max"/>: that of its manifest, then the bases of its
    /// packed files. Ignores what is missing or damaged, and the image itself.</summary>
    public static IReadOnlyList<AppImage> FindEarlier(string folder, AppImage image)
    {
        try
        {
            var newest = SignedManifest.Read(ReleaseCheck.ReadManifest(folder)).Decode().Images.First(i => i.Kind == ManifestImage.App);
            return [.. newest.Encodings.Select(encoding => encoding.BaseDigest).OfType<byte[]>().Prepend(newest.Digest)
                .Where(digest => !digest.AsSpan().SequenceEqual(image.Digest))
                .Select(digest => TryLoad(folder, digest)).OfType<AppImage>().Take(Max)];
        }
        catch (ReleaseException)
        {
            return [];
        }
    }

    /// <summary>The image of a release folder, or an image file.</summary>
    /// <exception cref="ReleaseException">It is neither.</exception>
    public static AppImage Load(string path)
    {
        if (!Directory.Exists(path)) return AppImage.Parse(InputPath.Read(path, remedy: "give a release folder or an image"), path);
        var digest = SignedManifest.Read(ReleaseCheck.ReadManifest(path)).Decode().Images[0].Digest;
        return TryLoad(path, digest)
            ?? throw new ReleaseException($"{path}: {FileOf(path, digest)} is missing or damaged; give another release, or pack it again");
    }

    /// <summary>Packs an image with each of these bases and, if a release has room for one more file, without one. What is not smaller
    /// than the image is left out.</summary>
    /// <param name="image">The image.</param>
    /// <param name="bases">The preferred one first, at most <see cref="Max"/>.</param>
    /// <param name="progress">Gets the share that is done, 0 to 1.</param>
    /// <exception cref="ReleaseException">There are too many bases, or one is too large.</exception>
    public static IReadOnlyList<PackedImage> Pack(AppImage image, IReadOnlyList<AppImage> bases, IProgress<double>? progress = null)
    {
        var sources = bases.DistinctBy(source => source.FileName).Where(source => source.FileName != image.FileName).ToList<AppImage?>();
        if (sources.Count > Max) throw new ReleaseException($"a release has at most {Max} bases, not {sources.Count}; leave out the oldest");
        if (sources.Count < Max) sources.Add(null);
        var packed = new PackedImage[sources.Count];
        var parts = new Parts(progress, sources.Count);
        // A difference has few segments, so the files keep more cores busy than one of them.
        Parallel.For(0, packed.Length, i => packed[i] = new PackedImage(
            PackedFile.Create(image.Bytes.ToArray(), sources[i]?.Bytes.ToArray() ?? [], parts.Of(i)), sources[i]?.Digest));
        return [.. packed.Where(file => file.File.Bytes.Length < image.Size)];
    }

    /// <summary>The image file of a release folder that has this SHA-256; null if it is missing or damaged.</summary>
    internal static AppImage? TryLoad(string folder, byte[] digest)
    {
        try
        {
            var path = FileOf(folder, digest);
            byte[]? bytes = InputFile.TryRead(path, InputPath.MaxFileLength, out _);
            return bytes != null && SHA256.HashData(bytes).AsSpan().SequenceEqual(digest) ? AppImage.Parse(bytes, path) : null;
        }
        catch (ReleaseException)
        {
            return null;
        }
    }

    private static string FileOf(string folder, byte[] digest) => Path.Combine(folder, AppImage.NameOf(digest) + ".bin");

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
