using System.Reflection;
using NanoOta.Tests.Releases;
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
    public void Packages_have_the_version_of_the_type_check_s_tables()
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

    [TestMethod]
    public void The_core_library_of_the_tests_is_that_of_the_device_projects()
    {
        var version = AssemblyName.GetAssemblyName(RealCore.Dll).Version;
        foreach (var project in DeviceProject.All)
            Assert.Contains(("nanoFramework.CoreLibrary", version!.ToString(3)), project.Packages, $"{project}");
    }

    private static IEnumerable<string[]> Facts(string assembly) =>
        File.ReadLines(Repository.At("tests", "device-api", "api", assembly + ".api.tsv")).Select(l => l.Split('\t'));
}
