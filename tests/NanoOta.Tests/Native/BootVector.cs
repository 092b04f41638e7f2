namespace NanoOta.Tests.Native;

/// <summary>A named case of tests/native/boot_vectors.txt: three lines, "# NAME", the case, the answer.</summary>
internal sealed record BootVector(string Name, BootCase Case, string Answer)
{
    public static List<BootVector> ReadAll()
    {
        var lines = File.ReadAllLines(Path.Combine(NativeBuild.Root, "tests/native/boot_vectors.txt"));
        return [.. lines.Where(l => l.Length > 0).Chunk(3).Select(l => new BootVector(l[0].TrimStart('#', ' '), BootCase.Parse(l[1]), l[2]))];
    }
}
