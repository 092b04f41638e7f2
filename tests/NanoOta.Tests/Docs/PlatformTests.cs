using System.Text.RegularExpressions;
using NanoOta.Tests.Support;

namespace NanoOta.Tests.Docs;

/// <summary>docs/platform documents the assumptions of the code about the platform; nothing outside of the repository is cited.</summary>
[TestClass]
public sealed partial class PlatformTests
{
    private static readonly string[] Kinds = [".c", ".cmake", ".cpp", ".cs", ".csproj", ".h", ".md", ".nfproj", ".props", ".targets", ""];

    private static IEnumerable<string> Files => new[] { ".ci", "agent", "boards", "bootloader-config", "docs", "packaging", "tests", "tools" }
        .SelectMany(folder => Directory.GetFiles(Repository.At(folder), "*", SearchOption.AllDirectories))
        .Where(file => Kinds.Contains(Path.GetExtension(file)) && !Build().IsMatch(file));

    [TestMethod]
    public void Every_cited_page_and_heading_exists()
    {
        int cited = 0;
        foreach (var file in Files)
            foreach (Match citation in Citation().Matches(LineBreak().Replace(File.ReadAllText(file), " ")))
            {
                cited++;
                var page = Repository.At("docs", "platform", citation.Groups["page"].Value);
                Assert.IsTrue(File.Exists(page), $"{file}: {citation.Value}");
                Assert.Contains("## " + citation.Groups["heading"].Value, File.ReadAllLines(page), $"{file}: {citation.Value}");
            }

        Assert.IsGreaterThan(20, cited);
    }

    [TestMethod]
    public void No_file_cites_anything_outside_the_repository()
    {
        foreach (var file in Files.Where(file => Path.GetFileName(file) is not (nameof(PlatformTests) + ".cs")))
            Assert.DoesNotMatchRegex(Outside(), File.ReadAllText(file), file);
    }

    [GeneratedRegex("[/\\\\](bin|obj)[/\\\\]")]
    private static partial Regex Build();

    // A comment may break within a heading.
    [GeneratedRegex(@"\r?\n[ \t]*(///?|\*|#)?[ \t]*")]
    private static partial Regex LineBreak();

    [GeneratedRegex("docs/platform/(?<page>[a-z-]+\\.md), \"(?<heading>[^\"]+)\"")]
    private static partial Regex Citation();

    [GeneratedRegex(@"\.\./shared|facts, section|\bthe facts\b")]
    private static partial Regex Outside();
}
