namespace NanoOta.Tests.Native;

/// <summary>A named case of tests/native/boot_vectors.txt: three lines, "# NAME", the case, the answer.</summary>
internal sealed record BootVector(string Name, BootCase Case, string Answer)
{
    public static List<BootVector> ReadAll()
    {
        var lines = File.ReadAllLines(Path.Combine(NativeBuild.Root, "tests/native/boot_vectors.txt"));
        var vectors = lines.Where(line => line.Length > 0).Chunk(3);
        return [.. vectors.Select(v => new BootVector(v[0].TrimStart('#', ' '), BootCase.Parse(v[1]), v[2]))];
    }
}
