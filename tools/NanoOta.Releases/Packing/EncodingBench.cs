using System.ComponentModel;
using System.Diagnostics;
using System.Security.Cryptography;

namespace NanoOta.Releases.Packing;

/// <summary>What an encoding of an image costs.</summary>
/// <param name="Name">The encoding, or the program that made it with its options.</param>
/// <param name="Bytes">Bytes of all files to fetch: manifest, block index if the encoding needs one, and image. HTTP headers are not
/// counted.</param>
public sealed record EncodingCost(string Name, long Bytes);

/// <summary>Measures the packed encoding beside those of other programs, as far as they are installed.</summary>
public static class EncodingBench
{
    private static readonly (string Name, string Program, string[] Arguments)[] Peers =
    [
        ("xz -9e", "xz", ["-9", "-e", "-k", "-c", "NEW"]),
        ("zstd -19", "zstd", ["-q", "-19", "-c", "NEW"]),
        ("zstd --patch-from -22 --ultra", "zstd", ["-q", "-22", "--ultra", "--long=31", "--patch-from", "OLD", "-c", "NEW"]),
        ("xdelta3 -9 -S lzma", "xdelta3", ["-9", "-S", "lzma", "-e", "-c", "-s", "OLD", "NEW"]),
        ("bsdiff", "bsdiff", ["OLD", "NEW", "OUT"]),
    ];

    /// <summary>The encodings of an image: plain with its index, packed from a base, packed without one, and the peers.</summary>
    public static IReadOnlyList<EncodingCost> Measure(byte[] source, byte[] image, out PackedFile delta)
    {
        delta = PackedFile.Create(image, source);
        var whole = PackedFile.Create(image, []);
        int plain = ManifestLength(image, []), based = ManifestLength(image, [new(delta, SHA256.HashData(source))]);
        var costs = new List<EncodingCost>
        {
            new("packed", delta.Bytes.Length + based),
            new("packed, no base", whole.Bytes.Length + ManifestLength(image, [new(whole, null)])),
            new("plain", image.Length + BlockIndex.FileLength(image.Length) + plain),
        };
        string folder = Directory.CreateTempSubdirectory("nano-ota-bench-").FullName;
        try
        {
            string[] paths = [Path.Combine(folder, "OLD"), Path.Combine(folder, "NEW"), Path.Combine(folder, "OUT")];
            File.WriteAllBytes(paths[0], source);
            File.WriteAllBytes(paths[1], image);
            foreach (var peer in Peers)
                if (Run(folder, peer.Program, peer.Arguments, paths[2]) is { } bytes)
                    costs.Add(new EncodingCost(peer.Name, bytes + (peer.Arguments.Contains("OLD") ? based : plain)));
        }
        finally
        {
            Directory.Delete(folder, true);
        }

        return costs;
    }

    // With the native checksums of the image, which are most of it.
    private static int ManifestLength(byte[] image, IReadOnlyList<PackedImage> packed)
    {
        byte[] digest = SHA256.HashData(image);
        string name = AppImage.NameOf(digest);
        var plain = new ManifestEncoding(ManifestEncoding.Plain, name + ".bin");
        var app = new ManifestImage(ManifestImage.App, image.Length, digest, digest, name + ".idx",
            [.. packed.Select(file => file.EncodingOf(name)), plain]);
        using var key = SigningKey.Generate();
        var manifest = new ReleaseManifest("product", "esp32-devkitc-4mb", "1.0.0", ReleaseVersion.Sequence("1.0.0", null), [app])
        {
            Runtime = [.. Natives(image)],
            Chip = "esp32",
            SlotSize = image.Length,
            TableDigest = digest[..8],
        };
        return ManifestWriter.Sign(manifest, key).Length;
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

    // Bytes of the output; null when the program is missing or fails.
    private static long? Run(string folder, string program, string[] arguments, string output)
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
            return process.ExitCode != 0 ? null : arguments.Contains("OUT") ? new FileInfo(output).Length : written.Length;
        }
        catch (Win32Exception)
        {
            return null;
        }
    }
}
