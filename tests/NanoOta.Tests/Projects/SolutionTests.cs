using System.Text.RegularExpressions;
using NanoOta.Tests.Support;

namespace NanoOta.Tests.Projects;

/// <summary>The solution as Visual Studio reads it.</summary>
[TestClass]
public sealed partial class SolutionTests
{
    private const string DeviceProjectType = "{11A8DD76-328B-46DF-9F39-F559912D0360}";

    private static string Solution { get; } = File.ReadAllText(Repository.At("NanoOtaAgent.sln"));

    private static (string Type, string Path, string Id)[] Projects { get; } = [.. ProjectLine().Matches(Solution)
        .Select(m => (m.Groups["type"].Value, m.Groups["path"].Value.Replace('\\', '/'), m.Groups["id"].Value))];

    [TestMethod]
    public void Every_device_project_is_listed_with_nanoFramework_s_type_and_its_own_id()
    {
        Assert.IsGreaterThan(4, DeviceProject.All.Length);
        foreach (var project in DeviceProject.All)
        {
            var (type, _, id) = Projects.Single(p => p.Path == project.Name);
            Assert.AreEqual(DeviceProjectType, type, $"{project}");
            Assert.AreEqual(project.Property("ProjectGuid"), id, $"{project}");
            Assert.StartsWith(DeviceProjectType + ";", project.Property("ProjectTypeGuids"), $"{project}");
            foreach (var configuration in new[] { "Debug", "Release" })
                Assert.Contains($"{id}.{configuration}|Any CPU.Build.0 = {configuration}|Any CPU", Solution, $"{project}");
        }
    }

    [TestMethod]
    public void Everything_in_it_exists_and_no_id_comes_twice()
    {
        Assert.HasCount(Projects.Length, Projects.Select(p => p.Id).Distinct().ToList());
        foreach (var (_, path, _) in Projects.Where(p => p.Path.EndsWith("proj")))
            Assert.IsTrue(File.Exists(Repository.At(path)), $"the solution has {path}, which is not there");
    }

    [GeneratedRegex("^Project\\(\"(?<type>[^\"]+)\"\\) = \"[^\"]+\", \"(?<path>[^\"]+)\", \"(?<id>[^\"]+)\"", RegexOptions.Multiline)]
    private static partial Regex ProjectLine();
}
