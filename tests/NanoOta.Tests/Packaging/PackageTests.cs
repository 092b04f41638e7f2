using System.Reflection.Metadata;
using System.Reflection.PortableExecutable;
using System.Xml.Linq;
using NanoOta.Tests.Native;
using NanoOta.Tests.Projects;
using NanoOta.Tests.Releases;
using NanoOta.Tests.Support;
using NuGet.Packaging;
using NuGet.Packaging.Core;

namespace NanoOta.Tests.Packaging;

/// <summary>
/// The packages for applications of a device, as NuGet's own code packs them. Only nanoFramework's project system makes a .pe, so
/// empty files replace the output of the .nfproj projects.
/// </summary>
[TestClass]
public sealed class PackageTests
{
    /// <summary>No package: <c>nano-ota identity</c> writes it as a project of the user.</summary>
    private const string Identity = "NanoOta.Identity";

    private static readonly string[] Extensions = ["dll", "pdb", "pdbx", "pe", "xml"];

    private static readonly string Version =
        XDocument.Load(Repository.At("Directory.Build.props")).Descendants("Version").Single().Value;

    private readonly TemporaryFolder folder = new();

    private static IEnumerable<DeviceProject> Libraries => DeviceProject.All
        .Where(p => !p.Name.StartsWith("tests/") && p.Property("OutputType") == "Library" && p.Property("AssemblyName") != Identity);

    public static IEnumerable<string> Ids => Libraries.Select(p => p.Property("AssemblyName")!);

    [TestCleanup]
    public void CleanUp() => folder.Dispose();

    [TestMethod]
    public void Every_library_of_the_device_has_a_package()
    {
        var nuspecs = Directory.GetFiles(Repository.At("packaging"), "*.nuspec").Select(file => Path.GetFileNameWithoutExtension(file));
        CollectionAssert.AreEquivalent(Ids.ToArray(), nuspecs.ToArray());
    }

    [TestMethod]
    [DynamicData(nameof(Ids))]
    public void A_package_has_the_assembly_its_symbols_and_its_documentation(string id)
    {
        using var package = Pack(id);
        CollectionAssert.AreEquivalent(Extensions.Select(extension => $"lib/{id}.{extension}").Append("README.md").ToArray(),
            package.GetFiles().Where(file => file.StartsWith("lib/") || file.EndsWith(".md")).ToArray());
        Assert.AreEqual($"bin\\$(Configuration)\\{id}.xml", Project(id).Property("DocumentationFile"), "the project writes the .xml");
    }

    [TestMethod]
    [DynamicData(nameof(Ids))]
    public void A_package_depends_on_what_its_project_refers_to(string id)
    {
        using var package = Pack(id);
        var group = package.NuspecReader.GetDependencyGroups().Single();
        Assert.IsTrue(group.TargetFramework.IsAny, "nanoFramework 1.x has no framework folders");
        var own = Project(id).ProjectReferences.Select(p => Path.GetFileNameWithoutExtension(p)).Where(name => name != Identity)
            .Select(name => (name, $"[{Version}]"));
        var expected = own.Concat(Project(id).Packages).ToArray();
        CollectionAssert.AreEquivalent(expected, group.Packages.Select(d => (d.Id, d.VersionRange.OriginalString)).ToArray(),
            $"{id}.nuspec must have: {string.Join(", ", expected)}");
    }

    [TestMethod]
    [DynamicData(nameof(Ids))]
    public void A_package_names_version_licence_and_readme(string id)
    {
        using var package = Pack(id);
        var nuspec = package.NuspecReader;
        Assert.AreEqual((id, Version), (nuspec.GetId(), nuspec.GetVersion().ToString()));
        var licence = nuspec.GetLicenseMetadata()!;
        Assert.AreEqual((LicenseType.Expression, "MIT"), (licence.Type, licence.License));
        Assert.AreEqual("README.md", nuspec.GetReadme());
    }

    [TestMethod]
    [DynamicData(nameof(Ids))]
    public void A_build_output_that_is_missing_is_an_error_that_names_it(string id)
    {
        foreach (var extension in Extensions)
        {
            WriteOutputs(id);
            File.Delete(Output(id, extension));
            Assert.Contains($"{id}.{extension}", Assert.ThrowsExactly<PackagingException>(() => Build(id)).Message);
        }
    }

    [TestMethod]
    public void The_native_package_names_the_checksum_that_firmware_must_have()
    {
        using var pe = new PEReader(File.OpenRead(InteropChecksumTests.OurAssembly()));
        using var package = Pack("NanoOta.Native");
        using var readme = new StreamReader(package.GetStream("README.md"));
        var needs = $"requires a target with NanoOta.Native v{NanoOta.Native.NativeModule.Surface}.0.0.0 "
            + $"(checksum 0x{NativeChecksum.Read(pe.GetMetadataReader()).Compute():X8})";
        Assert.Contains(needs, readme.ReadToEnd());
        Assert.Contains(needs, package.NuspecReader.GetDescription());
    }

    [TestMethod]
    public void The_readme_has_every_package_and_says_that_the_identity_is_a_project()
    {
        var readme = File.ReadAllText(Repository.At("packaging", "README.md"));
        foreach (var id in Ids) Assert.Contains($"| {id} |", readme);
        Assert.Contains($"project `{Identity}`", readme);
    }

    private static DeviceProject Project(string id) => Libraries.Single(p => p.Property("AssemblyName") == id);

    private PackageArchiveReader Pack(string id)
    {
        WriteOutputs(id);
        return new PackageArchiveReader(Build(id));
    }

    private MemoryStream Build(string id)
    {
        using var nuspec = File.OpenRead(Repository.At("packaging", id + ".nuspec"));
        var builder = new PackageBuilder(nuspec, folder.File("packaging"), property => property == "version" ? Version : throw new ArgumentException(property));
        var package = new MemoryStream();
        builder.Save(package);
        return package;
    }

    private void WriteOutputs(string id)
    {
        Directory.CreateDirectory(folder.File("packaging"));
        File.Copy(Repository.At("packaging", "README.md"), folder.File("packaging/README.md"), overwrite: true);
        foreach (var extension in Extensions)
        {
            Directory.CreateDirectory(Path.GetDirectoryName(Output(id, extension))!);
            File.WriteAllBytes(Output(id, extension), []);
        }
    }

    private string Output(string id, string extension) =>
        folder.File(Path.Combine(Path.GetRelativePath(Repository.Root, Project(id).Folder), "bin", "Release", $"{id}.{extension}"));
}
