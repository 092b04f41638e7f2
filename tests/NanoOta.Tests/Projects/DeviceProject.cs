using System.Xml.Linq;
using NanoOta.Tests.Support;

namespace NanoOta.Tests.Projects;

/// <summary>The content of an .nfproj, with the path separators of this system.</summary>
internal sealed class DeviceProject
{
    private readonly XElement project;

    public DeviceProject(string file)
    {
        File = file;
        project = XDocument.Load(file).Root!;
    }

    /// <summary>Every .nfproj of the repository.</summary>
    public static DeviceProject[] All { get; } = [.. new[] { "agent", "bootloader-config", "tests" }
        .SelectMany(folder => Directory.GetFiles(Repository.At(folder), "*.nfproj", SearchOption.AllDirectories))
        .Order(StringComparer.Ordinal).Select(file => new DeviceProject(file))];

    public string File { get; }

    public string Folder => Path.GetDirectoryName(File)!;

    /// <summary>The path from the root, as messages name it.</summary>
    public string Name => Path.GetRelativePath(Repository.Root, File);

    /// <summary>The .NET project over the same files; none for firmware that only a device runs.</summary>
    public string HostProject => Path.ChangeExtension(File, ".csproj");

    public string[] Compile => Included("Compile");

    public string[] ProjectReferences => Included("ProjectReference");

    /// <summary>The sources and references that depend on a property.</summary>
    public string[] Optional => [.. Elements("ItemGroup").Where(group => group.Attribute("Condition") != null)
        .SelectMany(group => group.Elements()).Select(item => Slashes(item.Attribute("Include")!.Value))];

    public string[] Imports => [.. Elements("Import").Select(i => Slashes(i.Attribute("Project")!.Value))];

    /// <summary>Assembly and hint path.</summary>
    public (string Assembly, string Hint)[] References => [.. Elements("Reference")
        .Select(r => (r.Attribute("Include")!.Value, Slashes(r.Elements().SingleOrDefault(e => e.Name.LocalName == "HintPath")?.Value ?? "")))];

    /// <summary>Id and version of each line in packages.config.</summary>
    public (string Id, string Version)[] Packages => [.. XDocument.Load(Path.Combine(Folder, "packages.config"))
        .Descendants("package").Select(p => (p.Attribute("id")!.Value, p.Attribute("version")!.Value))];

    public string? Property(string name) => Elements(name).SingleOrDefault()?.Value;

    public override string ToString() => Name;

    private string[] Included(string item) => [.. Elements(item).Select(e => Slashes(e.Attribute("Include")!.Value))];

    private IEnumerable<XElement> Elements(string name) => project.Descendants().Where(e => e.Name.LocalName == name);

    private static string Slashes(string path) => path.Replace('\\', '/');
}
