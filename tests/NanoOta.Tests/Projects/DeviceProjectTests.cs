using System.Text.RegularExpressions;
using System.Xml.Linq;
using NanoOta.Tests.Support;

namespace NanoOta.Tests.Projects;

/// <summary>The .nfproj projects: nothing on this machine builds them, so what could rot is compared.</summary>
[TestClass]
public sealed partial class DeviceProjectTests
{
    [TestMethod]
    public void There_is_a_device_project_for_every_project_of_the_agent()
    {
        var host = new[] { "agent", "bootloader-config" }
            .SelectMany(folder => Directory.GetFiles(Repository.At(folder), "*.csproj", SearchOption.AllDirectories)).ToList();
        Assert.IsGreaterThan(4, host.Count);
        foreach (var project in host) Assert.Contains(project, DeviceProject.All.Select(p => p.HostProject));
    }

    [TestMethod]
    public void Every_project_compiles_exactly_the_files_of_its_folder()
    {
        foreach (var project in DeviceProject.All)
        {
            var own = project.Compile.Where(file => !file.StartsWith("../")).ToList();
            CollectionAssert.AreEquivalent(SourcesOf(project.Folder), own, $"{project}: Compile items and .cs files differ");
            foreach (var linked in project.Compile.Except(own))
                Assert.IsTrue(File.Exists(Path.Combine(project.Folder, linked)), $"{project}: there is no {linked}");
        }
    }

    // Tables of assemblies that are loaded and not used take 6 KB of the managed heap (docs/platform/memory.md).
    [TestMethod]
    public void Firmware_contains_MQTT_and_runtime_updates_only_where_they_are_switched_on()
    {
        var firmware = DeviceProject.All.Single(p => p.Property("AssemblyName") == "NanoOta.App");
        Assert.AreEqual(("false", "false"), (firmware.Property("WithBroker"), firmware.Property("WithRuntimeUpdates")));
        CollectionAssert.AreEquivalent(
            new[]
            {
                "Broker.cs", "BrokerSettings.cs", "nanoFramework.M2Mqtt", "nanoFramework.M2Mqtt.Core",
                "../NanoOta.Mqtt/NanoOta.Mqtt.nfproj", "Runtimes.cs", "../NanoOta.Runtime/NanoOta.Runtime.nfproj",
            },
            firmware.Optional);
        Assert.IsEmpty(DeviceProject.All.Where(p => p != firmware && p.Optional.Length > 0).Select(p => p.Name).ToList());
    }

    [TestMethod]
    public void Every_reference_points_into_a_restored_package_and_every_package_is_used()
    {
        foreach (var project in DeviceProject.All)
        {
            var up = Path.GetRelativePath(project.Folder, Repository.At("packages"));
            foreach (var (assembly, hint) in project.References)
            {
                var match = HintPath().Match(hint);
                Assert.IsTrue(match.Success, $"{project}: HintPath of {assembly} is '{hint}'");
                Assert.AreEqual(up, match.Groups["packages"].Value, $"{project}: {assembly}: not the repository's packages folder");
                Assert.AreEqual(assembly, match.Groups["file"].Value, $"{project}: HintPath of another assembly");
                var package = (match.Groups["id"].Value, match.Groups["version"].Value);
                Assert.Contains(package, project.Packages, $"{project}: packages.config has no {package} for {assembly}");
            }

            foreach (var (id, version) in project.Packages)
                Assert.Contains(r => r.Hint.Contains($"/{id}.{version}/lib/"), project.References, $"{project}: {id} is not referenced");
            Assert.HasCount(project.Packages.Length, project.Packages.Select(p => p.Id).Distinct().ToList(), $"{project}: a package twice");
        }
    }

    [TestMethod]
    public void All_projects_use_one_version_of_a_package()
    {
        foreach (var package in DeviceProject.All.SelectMany(p => p.Packages.Select(x => (x.Id, x.Version, Project: p))).GroupBy(x => x.Id))
            Assert.HasCount(1, package.Select(x => x.Version).Distinct().ToList(),
                string.Join(", ", package.Select(x => $"{x.Project}: {x.Id} {x.Version}")));
    }

    [TestMethod]
    public void Project_references_match_those_of_the_host_project()
    {
        foreach (var project in DeviceProject.All.Where(p => File.Exists(p.HostProject)))
        {
            var host = XDocument.Load(project.HostProject).Descendants("ProjectReference").Select(r => r.Attribute("Include")!.Value);
            CollectionAssert.AreEquivalent(
                host.Select(r => Path.ChangeExtension(r, ".nfproj")).ToList(), project.ProjectReferences, $"{project}");
            Assert.AreEqual(Path.GetFileNameWithoutExtension(project.HostProject), project.Property("AssemblyName"), $"{project}");
        }
    }

    // A reference of a referenced project is a reference: its .pe must be deployed.
    [TestMethod]
    public void The_references_of_a_referenced_project_are_referenced_as_well()
    {
        foreach (var project in DeviceProject.All)
            foreach (var referenced in project.ProjectReferences)
            {
                var path = Path.GetFullPath(Path.Combine(project.Folder, referenced));
                var other = DeviceProject.All.SingleOrDefault(p => p.File == path);
                Assert.IsNotNull(other, $"{project}: there is no {referenced}");
                foreach (var package in other.Packages) Assert.Contains(package, project.Packages, $"{project}: needed by {other}");
                foreach (var further in other.ProjectReferences.Select(Path.GetFileName))
                    Assert.Contains(further, project.ProjectReferences.Select(Path.GetFileName), $"{project}: needed by {other}");
            }
    }

    [TestMethod]
    public void The_version_of_every_assembly_is_that_of_the_repository()
    {
        var version = XDocument.Load(Repository.At("Directory.Build.props")).Descendants("Version").Single().Value + ".0";
        foreach (var project in DeviceProject.All)
        {
            var info = File.ReadAllText(Path.Combine(project.Folder, "Properties", "AssemblyInfo.cs"));
            StringAssert.Contains(info, $"[assembly: AssemblyVersion(\"{version}\")]", $"{project}");
            StringAssert.Contains(info, $"[assembly: AssemblyFileVersion(\"{version}\")]", $"{project}");
        }
    }

    // Next to a .csproj: what NuGet leaves in obj for that one is not for this one.
    [TestMethod]
    public void Every_project_has_an_intermediate_folder_of_its_own_and_the_common_imports()
    {
        foreach (var project in DeviceProject.All)
        {
            Assert.AreEqual("obj\\device\\", project.Property("BaseIntermediateOutputPath"), $"{project}");
            Assert.AreEqual("v1.0", project.Property("TargetFrameworkVersion"), $"{project}");
            var up = Path.GetRelativePath(project.Folder, Repository.At("WithoutNanoFramework.targets"));
            CollectionAssert.IsSubsetOf(
                new[]
                {
                    "$(NanoFrameworkProjectSystemPath)NFProjectSystem.Default.props",
                    "$(NanoFrameworkProjectSystemPath)NFProjectSystem.props",
                    "$(NanoFrameworkProjectSystemPath)NFProjectSystem.CSharp.targets",
                    up,
                },
                project.Imports, $"{project}");
        }
    }

    private static List<string> SourcesOf(string folder) => [.. Directory.GetFiles(folder, "*.cs", SearchOption.AllDirectories)
        .Select(file => Path.GetRelativePath(folder, file)).Where(file => !file.StartsWith("obj/") && !file.StartsWith("bin/"))];

    [GeneratedRegex("^(?<packages>.*packages)/(?<id>.+?)\\.(?<version>\\d+\\.\\d+\\.\\d+)/lib/(?<file>.+)\\.(dll|exe)$")]
    private static partial Regex HintPath();
}
