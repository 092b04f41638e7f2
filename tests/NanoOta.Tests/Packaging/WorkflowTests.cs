using System.Text.RegularExpressions;
using NanoOta.Boards;
using NanoOta.Tests.Support;

namespace NanoOta.Tests.Packaging;

/// <summary>The workflows of GitHub: no test runs them, so their form and what they name are compared.</summary>
[TestClass]
public sealed partial class WorkflowTests
{
    private static readonly string Firmware = File.ReadAllText(Repository.At(".github", "workflows", "firmware.yml"));

    public static IEnumerable<string> Names =>
        Directory.GetFiles(Repository.At(".github", "workflows")).Select(file => Path.GetFileName(file));

    [TestMethod]
    public void Each_is_there() => CollectionAssert.IsSubsetOf(new[] { "ci.yml", "firmware.yml", "packages.yml" }, Names.ToArray());

    // The few YAML constructs used here need no library.
    [TestMethod]
    [DynamicData(nameof(Names))]
    public void Each_line_has_the_form_of_YAML(string name)
    {
        int depth = 0, block = -1;
        bool mayGrow = false;
        foreach (var line in Text(name).Split('\n').Where(line => line.Trim() != "" && !line.TrimStart().StartsWith('#')))
        {
            int indent = line.Length - line.TrimStart(' ').Length;
            if (block >= 0 && indent > block) continue;
            block = -1;
            Assert.MatchesRegex(YamlLine(), line);
            Assert.IsTrue(indent <= depth || (indent == depth + 2 && mayGrow), $"indentation of: {line}");
            bool isItem = line[indent] == '-';
            depth = isItem ? indent + 2 : indent;
            mayGrow = line.EndsWith(':');
            if (line.EndsWith(": |")) block = depth;
        }
    }

    [TestMethod]
    [DynamicData(nameof(Names))]
    public void Each_reads_only_ends_in_time_and_needs_no_secret(string name)
    {
        var text = Text(name);
        Assert.Contains("\npermissions:\n  contents: read\n\n", text);
        Assert.HasCount(Regex.Count(text, "runs-on: [a-z]+-[0-9.]+\n    timeout-minutes: [0-9]+\n"), Regex.Matches(text, "runs-on:"));
        Assert.DoesNotContain("secrets.", text);
        foreach (Match action in Regex.Matches(text, "uses: (.+)")) Assert.MatchesRegex("^[^@]+@v[0-9]", action.Groups[1].Value);
    }

    [TestMethod]
    [DynamicData(nameof(Names))]
    public void Each_names_files_that_exist(string name)
    {
        var paths = OwnPath().Matches(Text(name).Replace("$NANOOTA", "bootloader-config")).Select(m => m.Value.Replace('\\', '/')).ToArray();
        Assert.IsNotEmpty(paths);
        foreach (var path in paths)
        {
            var pattern = new Regex($"^{Regex.Escape(path).Replace(@"\*\*", ".+").Replace(@"\*", "[^/]+")}(/|$)");
            Assert.Contains(pattern.IsMatch, Directory.EnumerateFiles(Repository.At(path.Split('/')[0]), "*", SearchOption.AllDirectories)
                .Select(file => Path.GetRelativePath(Repository.Root, file)), path);
        }
    }

    [TestMethod]
    [DataRow("1. ", "Configure")]
    [DataRow("2. ", "Build")]
    [DataRow("3. ", "Verify the build")]
    public void Firmware_is_built_by_the_commands_of_the_readme(string number, string step)
    {
        var readme = Lines(File.ReadAllText(Repository.At("bootloader-config", "README.md"))).SkipWhile(line => line != $"## {number}{step}")
            .Skip(1).TakeWhile(line => !line.StartsWith("## ")).Where(line => line.StartsWith("    ")).Select(line => line[4..]);
        var run = Lines(Firmware).SkipWhile(line => line != $"      - name: {step}").Skip(2)
            .TakeWhile(line => line.StartsWith("          ")).Select(line => line[10..]);
        Assert.AreEqual(string.Join('\n', readme), string.Join('\n', run));
    }

    [TestMethod]
    public void Firmware_has_a_preset_for_every_chip()
    {
        foreach (var chip in Chip.All) Assert.MatchesRegex($"preset: {{.*\\b{chip.Name}: \"ESP32", Firmware);
    }

    private static string Text(string name) => File.ReadAllText(Repository.At(".github", "workflows", name));

    private static string[] Lines(string text) => text.Split('\n');

    [GeneratedRegex("^( {2})*(- )?[A-Za-z_-]+:( [^ ].*)?$")]
    private static partial Regex YamlLine();

    [GeneratedRegex(@"(?<![\w/$-])(\.ci|\.github|agent|boards|bootloader-config|packaging|tools)[/\\][\w.*-][\w.*/\\-]*")]
    private static partial Regex OwnPath();
}
