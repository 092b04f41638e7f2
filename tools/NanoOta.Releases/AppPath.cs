using System.ComponentModel;
using System.Diagnostics;
using System.Xml;
using System.Xml.Linq;

namespace NanoOta.Releases;

/// <summary>An app, packed into an image.</summary>
/// <param name="Image">The image.</param>
/// <param name="IdentityReplaced">Whether the image contains the given identity instead of the one that the app was built with.</param>
public sealed record PackedApp(AppImage Image, bool IdentityReplaced)
{
    /// <summary>Whether the app was built with the given identity, and this was checked.</summary>
    public bool IdentityChecked { get; init; }

    /// <summary>Names of .pe files in the app's folder that the app does not need.</summary>
    public IReadOnlyList<string> LeftOut { get; init; } = [];
}

/// <summary>Finds the app at a path that a user gives.</summary>
public static class AppPath
{
    private const string Remedy = "give a built .dll, a project folder, a .bin image, .pe files or a folder of them";

    /// <summary>Makes the image of the app at some paths: a built .NET assembly, its project folder, a ready image (.bin), a folder with
    /// .pe files, or one or more .pe files. The image follows <see cref="RuntimeRules"/>.</summary>
    /// <param name="paths">One path, or several .pe files in any order.</param>
    /// <param name="identity">The identity of the firmware: replaced in a .NET app, checked in a real image.</param>
    /// <param name="requiresIdentity">Whether a real image without that identity is an error.</param>
    /// <exception cref="ReleaseException">There is no app at the path, or it cannot be packed.</exception>
    public static PackedApp Load(IReadOnlyList<string> paths, AppIdentity identity, bool requiresIdentity = true)
    {
        var path = paths[0];
        if (paths.Count > 1 && paths.FirstOrDefault(p => !PeFiles.IsPe(p)) is { } other)
            throw new ReleaseException($"{other}: several paths must all be .pe files; {Remedy}");
        var packed = Pack(paths, identity);
        RuntimeRules.Check(packed.Image, path);
        if (packed.Image.IsVirtual || !requiresIdentity) return packed;
        IdentityCheck.Run(packed.Image, identity, path);
        return packed with { IdentityChecked = true };
    }

    private static PackedApp Pack(IReadOnlyList<string> paths, AppIdentity identity)
    {
        var path = paths[0];
        if (PeFiles.IsPe(path)) return new PackedApp(PeFiles.Build(paths), false);
        if (path.EndsWith(".bin", StringComparison.OrdinalIgnoreCase) && File.Exists(path))
            return new PackedApp(AppImage.Parse(InputPath.Read(path), path), false);
        if (Directory.Exists(path) && PeFiles.InFolder(path).Count > 0)
            return new PackedApp(PeFiles.Build(path, out var leftOut), false) { LeftOut = leftOut };
        var app = AppClosure.Collect(Resolve(path));
        return new PackedApp(app.WithIdentity(identity).ToImage(), app.HasIdentity);
    }

    /// <summary>The app's .dll: the given file, the one beside a given program, or the newest build output of a project folder. Builds the
    /// project if it has no output, or if a source of it or of a project that it references is newer.</summary>
    /// <exception cref="ReleaseException">There is no app at the path, or it does not build.</exception>
    public static string Resolve(string path)
    {
        if (Directory.Exists(path)) return ResolveProject(path);
        if (path.EndsWith(".csproj", StringComparison.OrdinalIgnoreCase) && File.Exists(path))
            return ResolveProject(Path.GetDirectoryName(Path.GetFullPath(path))!);
        if (!File.Exists(path)) throw new ReleaseException($"{path}: no such app; {Remedy}");
        if (path.EndsWith(".dll", StringComparison.OrdinalIgnoreCase)) return path;
        var stem = path.EndsWith(".exe", StringComparison.OrdinalIgnoreCase) ? path[..^4] : path;
        return File.Exists(stem + ".dll") ? stem + ".dll"
            : throw new ReleaseException($"{path}: not an app; {Remedy}");
    }

    private static string ResolveProject(string folder)
    {
        var projects = Directory.GetFiles(folder, "*.csproj");
        if (projects.Length == 0 && Directory.GetFiles(folder, "*.nfproj").Length > 0)
            throw new ReleaseException($"{folder}: has no .pe; build the project and give its output folder, such as bin/Release");
        if (projects.Length == 0)
            throw new ReleaseException($"{folder}: has neither .pe files nor a project (*.csproj); {Remedy}");
        if (projects.Length > 1)
            throw new ReleaseException($"{folder}: has {projects.Length} projects (*.csproj); give the built .dll of one");
        var name = AssemblyName(projects[0]);
        if (NewestOutput(folder, name) is { } built && BuiltAt(built) >= NewestSource(projects[0], [])) return built;
        BuildProject(projects[0]);
        return NewestOutput(folder, name) ?? throw new ReleaseException(
            $"{projects[0]}: the build made no program {name}.dll under {Path.Combine(folder, "bin")}; "
            + "set <OutputType>Exe</OutputType>, or give the built .dll");
    }

    private static string AssemblyName(string project)
    {
        var name = Elements(project, "AssemblyName").FirstOrDefault()?.Value.Trim();
        return string.IsNullOrEmpty(name) ? Path.GetFileNameWithoutExtension(project) : name;
    }

    private static IEnumerable<XElement> Elements(string project, string name)
    {
        try
        {
            return XDocument.Load(new MemoryStream(InputPath.Read(project))).Descendants().Where(e => e.Name.LocalName == name);
        }
        catch (XmlException e)
        {
            throw new ReleaseException($"{project}({e.LineNumber}): not valid XML: {e.Message}");
        }
    }

    // A build writes only changed files, so the newest file of the output has the time of the build.
    private static DateTime BuiltAt(string dll) =>
        Directory.EnumerateFiles(Path.GetDirectoryName(dll)!, "*.dll").Max(File.GetLastWriteTimeUtc);

    private static DateTime NewestSource(string project, HashSet<string> seen)
    {
        if (!File.Exists(project) || !seen.Add(Path.GetFullPath(project))) return DateTime.MinValue;
        var folder = Path.GetDirectoryName(Path.GetFullPath(project))!;
        var own = Directory.EnumerateFiles(folder, "*.cs", SearchOption.AllDirectories)
            .Where(file => Path.GetRelativePath(folder, file).Split(Path.DirectorySeparatorChar)[0] is not ("bin" or "obj"))
            .Append(project).Max(File.GetLastWriteTimeUtc);
        var referenced = Elements(project, "ProjectReference").Select(e => e.Attribute("Include")?.Value.Replace('\\', '/') ?? "")
            .Select(path => NewestSource(Path.Combine(folder, path), seen));
        return referenced.Append(own).Max();
    }

    private static string? NewestOutput(string folder, string name)
    {
        var bin = Path.Combine(folder, "bin");
        if (!Directory.Exists(bin)) return null;
        return Directory.EnumerateFiles(bin, name + ".dll", SearchOption.AllDirectories)
            .Where(dll => File.Exists(Path.ChangeExtension(dll, ".runtimeconfig.json"))
                || AssemblyMetadata.Read(InputPath.Read(dll), dll).HasEntryPoint)
            .OrderByDescending(File.GetLastWriteTimeUtc).ThenBy(dll => dll, StringComparer.Ordinal)
            .FirstOrDefault();
    }

    // Build servers would keep the pipe open and outlive this program.
    private static void BuildProject(string project)
    {
        var start = new ProcessStartInfo(Environment.GetEnvironmentVariable("DOTNET_HOST_PATH") ?? "dotnet",
            ["build", project, "--nologo", "--verbosity", "quiet", "--property:UseSharedCompilation=false"])
        {
            RedirectStandardOutput = true,
            Environment = { ["MSBUILDDISABLENODEREUSE"] = "1" },
        };
        try
        {
            using var build = Process.Start(start)!;
            var output = build.StandardOutput.ReadToEnd();
            build.WaitForExit();
            if (build.ExitCode == 0) return;
            var errors = output.Split('\n').Select(line => line.Trim()).Where(line => line.Contains("error")).Distinct();
            throw new ReleaseException($"{project}: does not build: {string.Join(" | ", errors)}");
        }
        catch (Win32Exception e)
        {
            throw new ReleaseException($"{project}: cannot run 'dotnet build' ({e.Message}); build it and give the .dll");
        }
    }
}
