namespace NanoOta.Releases;

/// <summary>The conditions for a runtime to start an image (SPEC.md, section 4). nanoCLR reports no error: it skips assemblies that it
/// cannot load, fails to resolve the rest, and waits for a debugger.</summary>
public static class RuntimeRules
{
    private const string CoreLibrary = "mscorlib";

    /// <summary>Checks that there is no duplicate assembly, that the app is the last, and, for real ones, that the image resolves every
    /// reference as nanoCLR does: to assemblies by name, major and minor version, to their members by name and signature.</summary>
    /// <param name="image">The image.</param>
    /// <param name="source">Its path for messages.</param>
    /// <exception cref="ReleaseException">A device could not start the image.</exception>
    public static void Check(AppImage image, string source)
    {
        var twice = image.Assemblies.GroupBy(a => a.Name).FirstOrDefault(group => group.Count() > 1);
        if (twice != null)
        {
            var versions = string.Join(" and ", twice.Select(a => a.Version));
            throw new ReleaseException($"{source}: has {twice.Key} more than once ({versions}); remove one of them");
        }

        CheckEntryPoint(image.Assemblies, source);
        if (image.IsVirtual) return;
        foreach (var assembly in image.Assemblies) CheckReferences(image, assembly, source);
        if (!image.Assemblies.Any(a => a.Name == CoreLibrary)) throw new ReleaseException($"{source}: {WithoutCoreLibrary}");
        new LinkRules(image, source).Check();
    }

    /// <summary>The assembly of an image to which a reference resolves, or null.</summary>
    public static ImageAssembly? Resolve(AppImage image, AssemblyReference reference) => image.Assemblies.FirstOrDefault(a =>
        a.Name == reference.Name && a.Version.Major == reference.Version.Major && a.Version.Minor == reference.Version.Minor);

    private static string WithoutCoreLibrary => $"has no {CoreLibrary}, which every app needs; "
        + $"add the {CoreLibrary}.pe of the nanoFramework.CoreLibrary package, or give the app's whole .bin or output folder";

    private static void CheckEntryPoint(IReadOnlyList<ImageAssembly> assemblies, string source)
    {
        if (assemblies[^1].HasEntryPoint) return;
        var app = assemblies.LastOrDefault(a => a.HasEntryPoint);
        throw new ReleaseException(app == null
            ? $"{source}: no assembly has an entry point; give the app a Main and <OutputType>Exe</OutputType>"
            : $"{source}: {app.Name} has the entry point, but {assemblies[^1].Name} is the last assembly; put the app last");
    }

    private static void CheckReferences(AppImage image, ImageAssembly assembly, string source)
    {
        foreach (var needed in assembly.References)
        {
            if (Resolve(image, needed) != null) continue;
            var other = image.Assemblies.FirstOrDefault(a => a.Name == needed.Name);
            var needs = $"{source}: {assembly.Name} needs {needed.Name} {needed.Version.Major}.{needed.Version.Minor}";
            if (other != null)
                throw new ReleaseException($"{needs}, but the image has {other.Version}; build both with the same package");
            throw new ReleaseException(needed.Name == CoreLibrary ? $"{source}: {WithoutCoreLibrary}"
                : $"{needs}, which is missing; add its .pe, or give the app's whole .bin or output folder");
        }
    }
}
