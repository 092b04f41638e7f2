using System.ComponentModel;
using System.Diagnostics;
using System.Security.Cryptography;

namespace NanoOta.Releases.Packing;

/// <summary>What an encoding of an image costs.</summary>
/// <param name="Name">The encoding, or the program that made it.</param>
/// <param name="Options">Options of that program; empty for an encoding of this product.</param>
/// <param name="Manifest">The manifest of a release that has this encoding, made for one base if the encoding needs one.</param>
/// <param name="Index">The block index; null unless the encoding needs it.</param>
/// <param name="Image">The image as it is fetched.</param>
public sealed record EncodingCost(string Name, string Options, byte[] Manifest, byte[]? Index, byte[] Image)
{
    /// <summary>The packed file; null for other encodings.</summary>
    public PackedFile? Packed { get; init; }

    /// <summary>The files that an update fetches, in their order; each in one request.</summary>
    public IEnumerable<byte[]> Files => new[] { Manifest, Index, Image }.OfType<byte[]>();

    /// <summary>Bytes of all these files. HTTP headers are not counted.</summary>
    public long Bytes => Files.Sum(file => (long)file.Length);
}

/// <summary>Measures the packed encoding beside those of other programs, as far as they are installed.</summary>
public static class EncodingBench
{
    /// <summary>Memory of a decoder: probabilities, memory of differences and code; the block buffer is the agent's own.</summary>
    public const int DecoderMemory = 2 * PackedModel.Count + 1024 + 256 + 16 + PackedModel.MaxCode;

    /// <summary>Native assemblies of nanoFramework's firmware for an ESP32, about.</summary>
    private const int UsualNatives = 40;

    private static readonly (string Name, string Program, string[] Arguments)[] Peers =
    [
        ("xz", "xz", ["-9", "-e", "-k", "-c", "NEW"]),
        ("zstd", "zstd", ["-q", "-19", "-c", "NEW"]),
        ("zstd --patch-from", "zstd", ["-q", "-22", "--ultra", "--long=31", "--patch-from", "OLD", "-c", "NEW"]),
        ("xdelta3", "xdelta3", ["-9", "-S", "lzma", "-e", "-c", "-s", "OLD", "NEW"]),
        ("bsdiff", "bsdiff", ["OLD", "NEW", "OUT"]),
    ];

    /// <summary>The encodings of an image: packed from a base, packed without one, plain with its index, and the peers. Peers have the
    /// manifest of a release that is packed, and no block index.</summary>
    /// <param name="source">The base.</param>
    /// <param name="image">The image.</param>
    /// <param name="notInstalled">Names of the peers that are not installed, or failed.</param>
    public static IReadOnlyList<EncodingCost> Measure(byte[] source, byte[] image, out IReadOnlyList<string> notInstalled)
    {
        var delta = new PackedImage(PackedFile.Create(image, source), SHA256.HashData(source));
        var whole = new PackedImage(PackedFile.Create(image, []), null);
        byte[] based = Manifest(image, [delta]), baseless = Manifest(image, [whole]);
        var costs = new List<EncodingCost>
        {
            new("packed", "", based, null, delta.File.Bytes) { Packed = delta.File },
            new("packed, no base", "", baseless, null, whole.File.Bytes) { Packed = whole.File },
            new("plain", "", Manifest(image, []), IndexFile.Create(image), image),
        };
        var missing = new List<string>();
        string folder = Directory.CreateTempSubdirectory("nano-ota-bench-").FullName;
        try
        {
            File.WriteAllBytes(Path.Combine(folder, "OLD"), source);
            File.WriteAllBytes(Path.Combine(folder, "NEW"), image);
            foreach (var (name, program, arguments) in Peers)
            {
                byte[]? output = Run(folder, program, arguments);
                if (output == null) missing.Add(name);
                else costs.Add(new(name, string.Join(' ', arguments), arguments.Contains("OLD") ? based : baseless, null, output));
            }
        }
        finally
        {
            Directory.Delete(folder, true);
        }

        notInstalled = missing;
        return costs;
    }

    // With the native checksums of the image, which are a large part of it. Those of a runtime are not in its file.
    private static byte[] Manifest(byte[] image, IReadOnlyList<PackedImage> packed)
    {
        byte[] digest = SHA256.HashData(image);
        int kind = EspImage.StartsLike(image) ? ManifestImage.Runtime : ManifestImage.App;
        string name = ReleaseImage.NameOf(kind, digest);
        var plain = new ManifestEncoding(ManifestEncoding.Plain, name + ".bin");
        var offered = new ManifestImage(kind, image.Length, digest, SHA256.HashData(IndexFile.Create(image)), name + ".idx",
            [.. packed.Select(file => file.Encoding), plain])
        {
            Natives = kind == ManifestImage.Runtime ? new byte[UsualNatives * OfferedImage.NativeLength] : null,
        };
        using var key = SigningKey.Generate();
        var manifest = new ReleaseManifest("product", "esp32-devkitc-4mb", "1.0.0", ReleaseVersion.Sequence("1.0.0", null), [offered])
        {
            Runtime = [.. Natives(image)],
            Chip = "esp32",
            SlotSize = 0x100000,
            TableDigest = digest[..8],
        };
        return ManifestWriter.Sign(manifest, key);
    }

    private static IEnumerable<NativeNeed> Natives(byte[] image)
    {
        try
        {
            return AppImage.Parse(image, "NEW").Natives;
        }
        catch (ReleaseException)
        {
            return [];
        }
    }

    // The output; null when the program is missing or fails.
    private static byte[]? Run(string folder, string program, string[] arguments)
    {
        var start = new ProcessStartInfo(program, arguments)
        {
            WorkingDirectory = folder,
            RedirectStandardOutput = true,
            RedirectStandardError = true,
        };
        try
        {
            using var process = Process.Start(start)!;
            process.ErrorDataReceived += (_, _) => { };
            process.BeginErrorReadLine();
            var written = new MemoryStream();
            process.StandardOutput.BaseStream.CopyTo(written);
            process.WaitForExit();
            if (process.ExitCode != 0) return null;
            return arguments.Contains("OUT") ? File.ReadAllBytes(Path.Combine(folder, "OUT")) : written.ToArray();
        }
        catch (Win32Exception)
        {
            return null;
        }
    }
}
