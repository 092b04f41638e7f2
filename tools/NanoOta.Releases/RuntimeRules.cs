namespace NanoOta.Releases;

/// <summary>
/// What a runtime needs to start an image (SPEC.md, section 4). nanoCLR says nothing when it is missing: it passes over what it
/// cannot load, fails to resolve the rest, and waits for a debugger.
/// </summary>
public static class RuntimeRules
{
    private const string CoreLibrary = "mscorlib";

    /// <summary>
    /// Checks that no assembly comes twice, that the app is the last, and, for real ones, that every reference is met within
    /// the image, as nanoCLR does it: to assemblies by name, major and minor version, to what is in them by name and signature.
    /// </summary>
    /// <param name="image">The image.</param>
    /// <param name="source">Where it comes from, for messages.</param>
    /// <exception cref="ReleaseException">A device could not start it.</exception>
    public static void Check(AppImage image, string source)
    {
        var twice = image.Assemblies.GroupBy(a => a.Name).FirstOrDefault(group => group.Count() > 1);
        if (twice != null)
        {
            var versions = string.Join(" and ", twice.Select(a => a.Version));
            throw new ReleaseException($"{source}: has {twice.Key} more than once ({versions}); leave one of them out");
        }

        CheckEntryPoint(image.Assemblies, source);
        if (image.IsVirtual) return;
        foreach (var assembly in image.Assemblies) CheckReferences(image, assembly, source);
        if (!image.Assemblies.Any(a => a.Name == CoreLibrary)) throw new ReleaseException($"{source}: {WithoutCoreLibrary}");
        new LinkRules(image, source).Check();
    }

    /// <summary>The assembly of an image that meets a reference, or null.</summary>
    public static ImageAssembly? Resolve(AppImage image, AssemblyReference reference) => image.Assemblies.FirstOrDefault(a =>
        a.Name == reference.Name && a.Version.Major == reference.Version.Major && a.Version.Minor == reference.Version.Minor);

    private static string WithoutCoreLibrary => $"has no {CoreLibrary}, without which nothing runs; "
        + $"add the {CoreLibrary}.pe of the nanoFramework.CoreLibrary package, or give the app's whole .bin or output folder";

    private static void CheckEntryPoint(IReadOnlyList<ImageAssembly> assemblies, string source)
    {
        if (assemblies[^1].HasEntryPoint) return;
        var app = assemblies.LastOrDefault(a => a.HasEntryPoint);
        throw new ReleaseException(app == null
            ? $"{source}: no assembly in it has an entry point; an app has a Main and <OutputType>Exe</OutputType>"
            : $"{source}: {app.Name} has the entry point, but {assemblies[^1].Name} comes last; put the app behind all others");
    }

    private static void CheckReferences(AppImage image, ImageAssembly assembly, string source)
    {
        foreach (var needed in assembly.References)
        {
            if (Resolve(image, needed) != null) continue;
            var other = image.Assemblies.FirstOrDefault(a => a.Name == needed.Name);
            var needs = $"{source}: {assembly.Name} needs {needed.Name} {needed.Version.Major}.{needed.Version.Minor}";
            if (other != null)
                throw new ReleaseException($"{needs}, but {other.Version} is there; build both with the same package");
            throw new ReleaseException(needed.Name == CoreLibrary ? $"{source}: {WithoutCoreLibrary}"
                : $"{needs}, which is not there; add its .pe, or give the app's whole .bin or output folder");
        }
    }
}
