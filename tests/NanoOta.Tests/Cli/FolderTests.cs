using System.Text.RegularExpressions;
using NanoOta.Tests.Support;

namespace NanoOta.Tests.Cli;

/// <summary>The folders of tools/nano-ota, which are its namespaces, depend on each other in one direction.</summary>
[TestClass]
public sealed partial class FolderTests
{
    // The root folder is "": what all commands share. Only the list of the commands uses every folder.
    private static readonly Dictionary<string, string[]> Allowed = new()
    {
        [""] = [],
        ["Fleet"] = [],
        ["Release"] = ["Fleet"],
        ["Device"] = ["Fleet"],
        ["Scenarios"] = ["Fleet", "Release", "Device"],
        ["Rig"] = ["Fleet", "Release", "Device", "Scenarios"],
        ["Demo"] = ["Fleet", "Release", "Device", "Scenarios", "Rig"],
    };

    private static string Root { get; } = Repository.At("tools", "nano-ota");

    private static string[] Folders { get; } = [.. Allowed.Keys.Where(folder => folder != "")];

    [TestMethod]
    public void Each_folder_of_the_command_line_uses_only_those_below_it()
    {
        CollectionAssert.IsSubsetOf(Directory.GetDirectories(Root)
            .Where(folder => Directory.GetFiles(folder, "*.cs").Length > 0).Select(Path.GetFileName).ToArray(), Folders);
        var types = Folders.ToDictionary(folder => folder, folder => Sources(folder).SelectMany(Types).ToHashSet());
        foreach (var (folder, allowed) in Allowed)
            foreach (var file in Sources(folder).Where(file => Path.GetFileName(file) != "CommandLine.cs"))
            {
                var code = Comment().Replace(File.ReadAllText(file), "");
                StringAssert.Contains(code, $"namespace NanoOta.Cli{(folder == "" ? "" : "." + folder)};", file);
                foreach (var other in Folders.Except([.. allowed, folder]))
                    Assert.IsFalse(Uses(code, other, types[other]), $"{file} uses {other}");
            }
    }

    private static IEnumerable<string> Sources(string folder) => Directory.GetFiles(Path.Combine(Root, folder), "*.cs")
        .Where(file => Path.GetFileName(file) != "Program.cs");

    private static IEnumerable<string> Types(string file) =>
        Declaration().Matches(File.ReadAllText(file)).Select(match => match.Groups["name"].Value);

    // By a using or a full name, or by a part of one: inside NanoOta.Cli, Fleet.FleetState is a name as well.
    private static bool Uses(string code, string folder, HashSet<string> types) => code.Contains($"NanoOta.Cli.{folder}")
        || Qualified().Matches(code).Any(match => match.Groups["folder"].Value == folder && types.Contains(match.Groups["type"].Value));

    [GeneratedRegex(@"\b(class|record|struct|enum|interface)\s+(struct\s+)?(?<name>[A-Z]\w*)")]
    private static partial Regex Declaration();

    [GeneratedRegex(@"(?<![\w.])(?<folder>[A-Z]\w*)\.(?<type>[A-Z]\w*)")]
    private static partial Regex Qualified();

    [GeneratedRegex("//.*$", RegexOptions.Multiline)]
    private static partial Regex Comment();
}
