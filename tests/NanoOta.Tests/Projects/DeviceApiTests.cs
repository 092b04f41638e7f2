using System.Text;
using NanoOta.Tests.Support;

namespace NanoOta.Tests.Projects;

/// <summary>The packages of the .nfproj projects against the published API of their assemblies.</summary>
[TestClass]
public sealed class DeviceApiTests
{
    /// <summary>Assemblies whose API is known for another version than the newest package: (API, package).</summary>
    private static readonly Dictionary<string, (string Api, string Package)> KnownDifferences = new()
    {
        ["nanoFramework.Runtime.Events"] = ("1.11.32", "1.11.39"),
        ["nanoFramework.System.Collections"] = ("1.5.67", "1.5.75"),
        ["nanoFramework.TestFramework"] = ("3.0.77", "3.0.80"),
        ["System.Math"] = ("1.5.118", "1.5.116"),
    };

    [TestMethod]
    public void Packages_have_the_version_that_the_type_check_knows()
    {
        foreach (var project in DeviceProject.All)
            foreach (var (assembly, hint) in project.References.Where(r => r.Hint.EndsWith(".dll")))
            {
                var version = Facts(assembly).Single(f => f[0] == "assembly")[2];
                var expected = KnownDifferences.TryGetValue(assembly, out var known) && version == known.Api + ".0"
                    ? known.Package
                    : version[..^2];
                Assert.Contains($".{expected}/lib/", hint, $"{project}: {assembly}");
            }
    }

    [TestMethod]
    public void Everything_that_a_referenced_assembly_needs_is_referenced()
    {
        foreach (var project in DeviceProject.All)
            foreach (var (assembly, _) in project.References.Where(r => r.Hint.EndsWith(".dll")))
                foreach (var needed in Facts(assembly).Where(f => f[0] == "reference").Select(f => f[1]))
                    Assert.Contains(needed, project.References.Select(r => r.Assembly), $"{project}: needed by {assembly}");
    }

    private static IEnumerable<string[]> Facts(string assembly) =>
        Encoding.UTF8.GetString(Repository.ReadShared("nano-api", "api", assembly + ".api.tsv")).Split('\n').Select(l => l.Split('\t'));
}
