using System.Text.RegularExpressions;
using NanoOta.Tests.Support;

namespace NanoOta.Tests.Docs;

[TestClass]
public sealed partial class ReadmeTests
{
    /// <summary>The type-check compiles the reference firmware; so what README shows compiles, too.</summary>
    [TestMethod]
    public void The_code_in_README_is_that_of_the_reference_firmware_but_for_line_breaks()
    {
        var shown = Code().Matches(File.ReadAllText(Repository.At("README.md"))).Select(m => m.Groups[1].Value).ToArray();
        Assert.HasCount(1, shown);
        var firmware = OnOneLine(File.ReadAllText(Repository.At("agent", "NanoOta.App", "Firmware.cs")));
        Assert.Contains(OnOneLine(shown[0]), firmware);
        Assert.Contains("new UpdateAgent(ports, options)", shown[0]);
    }

    [TestMethod]
    public void Every_file_that_the_documents_link_to_is_there()
    {
        foreach (var document in Directory.GetFiles(Repository.At("docs"), "*.md", SearchOption.AllDirectories).Append(Repository.At("README.md")))
            foreach (Match link in Link().Matches(File.ReadAllText(document)))
            {
                var target = Path.Combine(Path.GetDirectoryName(document)!, link.Groups[1].Value);
                Assert.IsTrue(Path.Exists(target), $"{Path.GetFileName(document)}: {link.Groups[1].Value}");
            }
    }

    private static string OnOneLine(string code) => Space().Replace(code, " ").Trim();

    [GeneratedRegex("```csharp\n(.*?)```", RegexOptions.Singleline)]
    private static partial Regex Code();

    [GeneratedRegex(@"\]\((?!https?:)([^)#]+)(#[^)]*)?\)")]
    private static partial Regex Link();

    [GeneratedRegex(@"\s+")]
    private static partial Regex Space();
}
