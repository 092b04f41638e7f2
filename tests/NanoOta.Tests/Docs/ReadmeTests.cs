using System.Text.RegularExpressions;
using NanoOta.Tests.Support;

namespace NanoOta.Tests.Docs;

[TestClass]
public sealed partial class ReadmeTests
{
    [TestMethod]
    public void The_code_in_README_compiles()
    {
        var compiled = Lines(File.ReadAllText(Repository.At("tests", "NanoOta.Tests", "Docs", nameof(ReadmeExample) + ".cs")));
        var shown = Code().Matches(File.ReadAllText(Repository.At("README.md"))).Select(m => Lines(m.Groups[1].Value)).ToArray();
        Assert.HasCount(2, shown);
        Assert.StartsWith("\nvar ota = new OtaAgent(", shown[0]);
        Assert.Contains("\nota.Start();", shown[0]);
        foreach (var code in shown) Assert.Contains(code, compiled);
    }

    [TestMethod]
    public void Every_linked_file_exists()
    {
        string[] others = [Repository.At("README.md"), Repository.At("CONTRIBUTING.md"), Repository.At("packaging", "README.md"),
            .. Directory.GetFiles(Repository.At("boards"), "README.md", SearchOption.AllDirectories), Repository.At("bootloader-config", "README.md")];
        foreach (var document in Directory.GetFiles(Repository.At("docs"), "*.md", SearchOption.AllDirectories).Concat(others))
            foreach (Match link in Link().Matches(File.ReadAllText(document)))
            {
                var target = Path.Combine(Path.GetDirectoryName(document)!, link.Groups[1].Value);
                Assert.IsTrue(Path.Exists(target), $"{Path.GetFileName(document)}: {link.Groups[1].Value}");
            }
    }

    // Without what only the indentation differs in, and without empty lines.
    private static string Lines(string code) =>
        "\n" + string.Join('\n', code.Split('\n').Select(line => line.Trim()).Where(line => line.Length > 0)) + "\n";

    [GeneratedRegex("```cs(?:harp)?\n(.*?)```", RegexOptions.Singleline)]
    private static partial Regex Code();

    [GeneratedRegex(@"\]\((?!https?:)([^)#]+)(#[^)]*)?\)")]
    private static partial Regex Link();
}
