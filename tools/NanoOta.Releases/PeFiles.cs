namespace NanoOta.Releases;

/// <summary>Makes images of .pe files in the order of an app's .bin: the assemblies that others need first, the app last.</summary>
public static class PeFiles
{
    private sealed record PeFile(string Path, byte[] Bytes, ImageAssembly Assembly);

    /// <summary>Reads a .pe file: one assembly, padded or not.</summary>
    /// <exception cref="ReleaseException">The file is not one complete assembly.</exception>
    public static AppImage Read(string file)
    {
        byte[] bytes = InputPath.Read(file);
        Array.Resize(ref bytes, AssemblyHeader.Align(bytes.Length));
        var image = AppImage.Parse(bytes, file);
        return image.Assemblies.Count == 1 ? image : throw new ReleaseException(
            $"{file}: contains {image.Assemblies.Count} assemblies, but a .pe file has one; give a deployment image as .bin");
    }

    /// <summary>The image of all given files.</summary>
    /// <exception cref="ReleaseException">A file is damaged, two are one assembly, or it is not clear which is the app.</exception>
    public static AppImage Build(IEnumerable<string> files)
    {
        var all = Load(files);
        var ordered = new List<PeFile>();
        var app = App(all, "the given files");
        foreach (var file in all.Where(file => file != app)) Add(file, all, ordered);
        Add(app, all, ordered);
        return AppImage.Build(ordered.Select(file => file.Bytes));
    }

    /// <summary>The image of the app in a folder: the .pe files there that it needs, directly or indirectly.</summary>
    /// <param name="folder">The folder.</param>
    /// <param name="leftOut">Names of files that the app does not need: an output folder may contain older ones.</param>
    /// <exception cref="ReleaseException">A file is damaged, two are one assembly, or it is not clear which is the app.</exception>
    public static AppImage Build(string folder, out IReadOnlyList<string> leftOut)
    {
        var all = Load(InFolder(folder));
        var ordered = new List<PeFile>();
        Add(App(all, folder), all, ordered);
        leftOut = [.. all.Except(ordered).Select(file => Path.GetFileName(file.Path))];
        return AppImage.Build(ordered.Select(file => file.Bytes));
    }

    /// <summary>The .pe files in a folder, by name.</summary>
    public static IReadOnlyList<string> InFolder(string folder) =>
        [.. Directory.EnumerateFiles(folder).Where(IsPe).Order(StringComparer.Ordinal)];

    /// <summary>Whether a path is that of a .pe file.</summary>
    public static bool IsPe(string path) => path.EndsWith(".pe", StringComparison.OrdinalIgnoreCase);

    private static List<PeFile> Load(IEnumerable<string> files)
    {
        var all = files.Select(file =>
        {
            var image = Read(InputPath.Existing(file, "assembly", "give the .pe files of the app and of all assemblies that it needs"));
            return new PeFile(file, image.Bytes.ToArray(), image.Assemblies[0]);
        }).OrderBy(file => file.Assembly.Name, StringComparer.Ordinal).ToList();
        for (int i = 1; i < all.Count; i++)
            if (all[i].Assembly.Name == all[i - 1].Assembly.Name)
                throw new ReleaseException($"{all[i].Path}: is {all[i].Assembly.Name}, like {all[i - 1].Path}; remove one of them");
        return all;
    }

    private static PeFile App(List<PeFile> all, string where)
    {
        var programs = all.Where(file => file.Assembly.HasEntryPoint).ToList();
        if (programs.Count == 1) return programs[0];
        throw new ReleaseException(programs.Count == 0
            ? $"{where}: no .pe has an entry point; give the app a Main and <OutputType>Exe</OutputType>"
            : $"{where}: {string.Join(" and ", programs.Select(file => Path.GetFileName(file.Path)))} have entry points; "
                + "remove all but the app, or give the app's .bin");
    }

    private static void Add(PeFile file, List<PeFile> all, List<PeFile> ordered, HashSet<PeFile>? seen = null)
    {
        seen ??= [.. ordered];
        if (!seen.Add(file)) return;
        foreach (var reference in file.Assembly.References)
            if (all.Find(other => other.Assembly.Name == reference.Name) is { } needed) Add(needed, all, ordered, seen);
        ordered.Add(file);
    }
}
