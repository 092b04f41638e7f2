namespace NanoOta.Releases;

/// <summary>An assembly of an app: the .dll file, and the name and version in its metadata.</summary>
public sealed record AppAssembly(string Name, Version Version, byte[] Dll);

/// <summary>An app for the virtual device: first the assemblies that it needs and the firmware does not provide, in the order of
/// dependency; last the app's own assembly.</summary>
public sealed class AppClosure
{
    /// <summary>The assembly that the firmware provides.</summary>
    public const string NativeAssembly = "NanoOta.Native";

    private static readonly string FrameworkFolder = Path.GetDirectoryName(typeof(object).Assembly.Location)!;

    private AppClosure(IReadOnlyList<AppAssembly> assemblies) => Assemblies = assemblies;

    /// <summary>The assemblies, each after all that it references.</summary>
    public IReadOnlyList<AppAssembly> Assemblies { get; }

    /// <summary>Whether the app uses an identity.</summary>
    public bool HasIdentity => Assemblies.Any(a => a.Name == IdentityAssembly.Name);

    /// <summary>Collects an app from its .dll file and the files beside it.</summary>
    /// <exception cref="ReleaseException">The app has no entry point, a reference is missing, or a file is not a .NET assembly.</exception>
    public static AppClosure Collect(string dllFile)
    {
        if (!AssemblyMetadata.Read(InputPath.Read(dllFile), dllFile).HasEntryPoint)
            throw new ReleaseException($"{dllFile}: has no entry point; give it a Main and <OutputType>Exe</OutputType>");
        var collected = new List<AppAssembly>();
        Add(dllFile, collected, []);
        return new AppClosure(collected);
    }

    /// <summary>The same app with another identity; unchanged if the app uses none.</summary>
    public AppClosure WithIdentity(AppIdentity identity) => new([.. Assemblies.Select(a =>
        a.Name == IdentityAssembly.Name ? a with { Dll = IdentityAssembly.Create(identity, a.Version) } : a)]);

    /// <summary>The image of the app.</summary>
    public AppImage ToImage() => AppImage.Build(Assemblies.Select(a => VirtualAssembly.Wrap(a.Dll)));

    private static void Add(string file, List<AppAssembly> collected, HashSet<string> seen)
    {
        byte[] dll = InputPath.Read(file);
        var metadata = AssemblyMetadata.Read(dll, file);
        seen.Add(metadata.Name);
        foreach (var reference in metadata.References.Select(reference => reference.Name))
        {
            if (seen.Contains(reference) || reference == NativeAssembly || IsFramework(reference)) continue;
            var beside = Path.Combine(Path.GetDirectoryName(Path.GetFullPath(file))!, reference + ".dll");
            if (!File.Exists(beside))
                throw new ReleaseException($"{file}: needs {reference}, but there is no {reference}.dll beside it; "
                    + "build the app so that it is copied there");
            Add(beside, collected, seen);
        }

        collected.Add(new AppAssembly(metadata.Name, metadata.Version, dll));
    }

    private static bool IsFramework(string name) => File.Exists(Path.Combine(FrameworkFolder, name + ".dll"));
}
