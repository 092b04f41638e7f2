namespace NanoOta.Releases;

/// <summary>An app image: complete assemblies of one kind (real or virtual), back to back (SPEC.md, section 4).</summary>
public sealed class AppImage : ReleaseImage
{
    private AppImage(byte[] bytes, IReadOnlyList<ImageAssembly> assemblies) : base(ManifestImage.App, bytes) => Assemblies = assemblies;

    /// <summary>The assemblies in order; the last one has the entry point.</summary>
    public IReadOnlyList<ImageAssembly> Assemblies { get; }

    /// <summary>The native code that it needs, by the native checksums of its assemblies.</summary>
    public IEnumerable<NativeNeed> Natives => Assemblies.Where(a => a.NativeChecksum != 0).Select(a => new NativeNeed(a.Name, a.NativeChecksum));

    /// <summary>Whether the image is for the virtual device.</summary>
    public bool IsVirtual => Assemblies[0].IsVirtual;

    /// <summary>Concatenates assemblies with their headers (virtual or real ones).</summary>
    /// <exception cref="ReleaseException">An assembly is damaged, or real and virtual ones are mixed.</exception>
    public static AppImage Build(IEnumerable<byte[]> assemblies)
    {
        using var image = new MemoryStream();
        foreach (var assembly in assemblies)
        {
            image.Write(assembly);
            image.SetLength(AssemblyHeader.Align((int)image.Length));
            image.Position = image.Length;
        }

        return Parse(image.ToArray(), "image");
    }

    /// <summary>Reads and checks an image.</summary>
    /// <param name="image">The bytes; the result keeps them.</param>
    /// <param name="source">Name of the file for messages.</param>
    /// <exception cref="ReleaseException">It is not a complete image.</exception>
    public static AppImage Parse(byte[] image, string source)
    {
        var assemblies = new List<ImageAssembly>();
        int offset = 0;
        while (offset < image.Length)
        {
            var assembly = ImageAssembly.Read(image, offset, source);
            assemblies.Add(assembly);
            offset = AssemblyHeader.Align(assembly.Offset + assembly.Size);
            if (offset > image.Length) throw new ReleaseException($"{source}: its length is not a multiple of 4; build it again");
            int end = assembly.Offset + assembly.Size;
            if (!NanoOta.Bytes.All(image, end, offset - end, 0))
                throw new ReleaseException($"{source}: the gap at 0x{end:X} is not filled with zeros; build it again");
        }

        if (assemblies.Count == 0) throw new ReleaseException($"{source}: the image is empty; build it again");
        if (assemblies.Any(a => a.IsVirtual != assemblies[0].IsVirtual))
            throw new ReleaseException($"{source}: mixes assemblies for the virtual device with real ones; give one kind");
        return new AppImage(image, assemblies);
    }
}
