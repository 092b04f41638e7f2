namespace NanoOta.Boards;

/// <summary>The search path for boards: <c>boards</c> of the current folder and of the folders above it, then beside the program.</summary>
public static class BoardFolders
{
    private const string FileName = "board.json";

    /// <summary>Every board.json in the search path, by the name of its folder. The first one of a name has precedence.</summary>
    public static IReadOnlyDictionary<string, string> All()
    {
        var found = new SortedDictionary<string, string>(StringComparer.Ordinal);
        foreach (var folder in Roots().Where(Directory.Exists).SelectMany(Directory.GetDirectories))
        {
            var file = Path.Combine(folder, FileName);
            if (File.Exists(file)) found.TryAdd(Path.GetFileName(folder), file);
        }

        return found;
    }

    /// <exception cref="BoardException">The board does not exist.</exception>
    internal static string Find(string nameOrPath)
    {
        if (File.Exists(nameOrPath)) return Path.GetFullPath(nameOrPath);
        if (File.Exists(Path.Combine(nameOrPath, FileName))) return Path.GetFullPath(Path.Combine(nameOrPath, FileName));
        var known = All();
        if (known.TryGetValue(nameOrPath, out var file)) return file;
        var choice = known.Count > 0 ? " or one of: " + string.Join(", ", known.Keys) : "";
        throw new BoardException($"no board '{nameOrPath}'; give a folder with a {FileName}{choice}");
    }

    private static IEnumerable<string> Roots()
    {
        for (var folder = new DirectoryInfo("."); folder != null; folder = folder.Parent)
            yield return Path.Combine(folder.FullName, "boards");
        yield return Path.Combine(AppContext.BaseDirectory, "boards");
    }
}
