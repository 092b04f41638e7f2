using System.Text.RegularExpressions;
using NanoOta.Tests.Releases;

namespace NanoOta.Tests.Support;

[TestClass]
public sealed partial class OptionalToolsTests
{
    private readonly TemporaryFolder folder = new();

    [TestCleanup]
    public void CleanUp() => folder.Dispose();

    [TestMethod]
    public void A_test_of_a_missing_tool_is_skipped_with_the_package_to_install()
    {
        var skipped = Assert.ThrowsExactly<AssertInconclusiveException>(() => Tools().Find("nginx"));
        Assert.AreEqual("nginx is not installed (Debian: apt-get install nginx-light)", skipped.Message);
    }

    [TestMethod]
    public void In_CI_a_missing_tool_is_a_failure() =>
        Assert.ThrowsExactly<AssertFailedException>(() => Tools(("CI", "true")).Require("nginx"));

    [TestMethod]
    public void An_installed_tool_is_found() => Assert.AreEqual(folder.Write("nginx", ""), Tools(("CI", "true")).Find("nginx"));

    [TestMethod]
    [DataRow("")]
    [DataRow("true")]
    public void A_hidden_tool_is_skipped_although_it_is_installed_also_in_CI(string ci)
    {
        folder.Write("gcc", "");
        var hidden = Tools(("CI", ci), ("NANOOTA_WITHOUT_TOOLS", "1"));
        foreach (var (tool, package) in OptionalTools.Packages)
        {
            var skipped = Assert.ThrowsExactly<AssertInconclusiveException>(() => hidden.Require(tool));
            Assert.AreEqual($"{tool} is hidden by NANOOTA_WITHOUT_TOOLS=1 (Debian: apt-get install {package})", skipped.Message);
        }
    }

    [TestMethod]
    public void CI_installs_every_package_that_a_skipped_test_names()
    {
        var install = Install().Match(File.ReadAllText(Repository.At(".ci", "run"))).Value;
        foreach (var package in OptionalTools.Packages.Values)
            Assert.IsTrue(Regex.IsMatch(install, $@"missing\+=\([^)]*\b{Regex.Escape(package)}(?=[ )])"), package);
    }

    private OptionalTools Tools(params (string Name, string Value)[] environment) =>
        new(name => environment.FirstOrDefault(v => v.Name == name).Value, [folder.Path]);

    [GeneratedRegex(@"^install\(\) \{$.*?^\}$", RegexOptions.Multiline | RegexOptions.Singleline)]
    private static partial Regex Install();
}
