using System.ComponentModel;
using System.Diagnostics;

namespace NanoOta.Releases.Packing;

/// <summary>What an encoding of an image costs.</summary>
/// <param name="Name">The encoding, or the program that made it with its options.</param>
/// <param name="Bytes">Bytes to fetch, without the manifest.</param>
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
        var costs = new List<EncodingCost>
        {
            new("packed", delta.Bytes.Length),
            new("packed, no base", PackedFile.Create(image, []).Bytes.Length),
            new("plain", image.Length + BlockIndex.FileLength(image.Length)),
        };
        string folder = Directory.CreateTempSubdirectory("nano-ota-bench-").FullName;
        try
        {
            string[] paths = [Path.Combine(folder, "OLD"), Path.Combine(folder, "NEW"), Path.Combine(folder, "OUT")];
            File.WriteAllBytes(paths[0], source);
            File.WriteAllBytes(paths[1], image);
            foreach (var peer in Peers)
                if (Run(folder, peer.Program, peer.Arguments, paths[2]) is { } bytes) costs.Add(new EncodingCost(peer.Name, bytes));
        }
        finally
        {
            Directory.Delete(folder, true);
        }

        return costs;
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
