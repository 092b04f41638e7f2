using System.Text.RegularExpressions;
using NanoOta.Tests.Support;

namespace NanoOta.Tests.Core;

/// <summary>
/// The folders of agent/NanoOta are layers. A folder depends on another one whose types it names, comments and texts aside; what stands at
/// the top is the folder "root".
/// </summary>
[TestClass]
public sealed partial class FolderTests
{
    private static readonly string Core = Repository.At("agent", "NanoOta");

    [TestMethod]
    public void No_folder_of_the_core_depends_on_one_that_depends_on_it()
    {
        var edges = Edges();
        var folders = edges.Keys.SelectMany(edge => new[] { edge.From, edge.To }).ToHashSet();
        Assert.IsGreaterThanOrEqualTo(9, folders.Count);
        while (folders.FirstOrDefault(IsFree) is { } free) folders.Remove(free);
        var cycle = edges.Where(e => folders.Contains(e.Key.From) && folders.Contains(e.Key.To));
        Assert.IsEmpty(folders, "these folders depend on each other: " + Describe(cycle));

        bool IsFree(string folder) => !edges.Keys.Any(edge => edge.From == folder && folders.Contains(edge.To))
            || !edges.Keys.Any(edge => edge.To == folder && folders.Contains(edge.From));
    }

    [TestMethod]
    public void Formats_depends_on_no_other_folder()
    {
        var edges = Edges().Where(edge => edge.Key.From == "Formats").ToArray();
        Assert.IsEmpty(edges, Describe(edges));
    }

    // For each pair of folders the names that the first has from the second.
    private static Dictionary<(string From, string To), SortedSet<string>> Edges()
    {
        var sources = Directory.GetFiles(Core, "*.cs", SearchOption.AllDirectories)
            .Select(file => (Folder: Folder(file), Code: NotCode().Replace(File.ReadAllText(file), " ")))
            .Where(source => source.Folder is not ("obj" or "bin" or "Properties")).ToArray();
        var home = new Dictionary<string, string>();
        foreach (var (folder, code) in sources)
            foreach (Match type in Declaration().Matches(code)) home[type.Groups[1].Value] = folder;
        var edges = new Dictionary<(string, string), SortedSet<string>>();
        foreach (var (folder, code) in sources)
            foreach (Match name in Name().Matches(code))
            {
                if (!home.TryGetValue(name.Value, out var target) || target == folder) continue;
                if (!edges.TryGetValue((folder, target), out var names)) edges[(folder, target)] = names = new(StringComparer.Ordinal);
                names.Add(name.Value);
            }

        return edges;
    }

    private static string Folder(string file)
    {
        var path = Path.GetRelativePath(Core, file).Split('/');
        return path.Length == 1 ? "root" : path[0];
    }

    private static string Describe(IEnumerable<KeyValuePair<(string From, string To), SortedSet<string>>> edges) =>
        string.Join("; ", edges.Select(edge => $"{edge.Key.From} -> {edge.Key.To} ({string.Join(", ", edge.Value)})"));

    [GeneratedRegex("//.*?$|\"(\\\\.|[^\"\\\\])*\"|'(\\\\.|[^'\\\\])'", RegexOptions.Multiline)]
    private static partial Regex NotCode();

    [GeneratedRegex(@"\b(?:class|interface|enum|struct|delegate\s+\w+)\s+(\w+)")]
    private static partial Regex Declaration();

    // Neither a member of something nor the name of a field, a constant or a member of an enum.
    [GeneratedRegex(@"(?<![.\w])[A-Z]\w*(?!\s*(=(?!=)|;)|\w)")]
    private static partial Regex Name();
}
