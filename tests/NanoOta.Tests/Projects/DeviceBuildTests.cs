using System.Diagnostics;
using NanoOta.Tests.Releases;
using NanoOta.Tests.Support;

namespace NanoOta.Tests.Projects;

/// <summary>An .nfproj under dotnet, on a machine without the project system of nanoFramework.</summary>
[TestClass]
public sealed class DeviceBuildTests
{
    private const string Project = "agent/NanoOta.Esp32/NanoOta.Esp32.nfproj";

    [TestMethod]
    [DataRow("build")]
    [DataRow("clean")]
    [DataRow("pack")]
    [DataRow("publish")]
    [DataRow("restore")]
    [DataRow("test")]
    public async Task Without_the_project_system_it_succeeds_without_a_warning(string command)
    {
        var (status, output) = await Dotnet(command, Project);
        Assert.AreEqual(0, status, output);
        Assert.DoesNotContain("warning", output.Replace("0 Warning(s)", ""));
        if (command == "build") Assert.Contains("NanoOta.Esp32.nfproj: skipped", output);
    }

    [TestMethod]
    public async Task A_folder_without_reference_assemblies_is_refused_by_name()
    {
        using var folder = new TemporaryFolder();
        var (status, output) = await Dotnet("build", Project, $"-p:NanoReferences={folder.Path}");
        Assert.AreEqual(1, status, output);
        Assert.Contains("there is no " + folder.Path + "/mscorlib.dll; give NanoReferences", output);
    }

    [TestMethod]
    public async Task An_installed_project_system_builds_the_projects()
    {
        using var folder = new TemporaryFolder();
        File.WriteAllText(Path.Combine(folder.Path, "NFProjectSystem.CSharp.targets"), """
            <Project xmlns="http://schemas.microsoft.com/developer/msbuild/2003">
              <Target Name="Build">
                <Message Importance="high" Text="built: @(Compile->Count()) files" />
              </Target>
            </Project>
            """);
        var (status, output) = await Dotnet("msbuild", Project, "-t:Build", $"-p:NanoFrameworkProjectSystemPath={folder.Path}/");
        Assert.AreEqual(0, status, output);
        Assert.Contains($"built: {DeviceProject.All.Single(p => p.Name == Project).Compile.Length} files", output);
        Assert.DoesNotContain("skipped", output);
    }

    // With the assemblies of .NET itself: those of nanoFramework are not on every machine (.ci/check-device has them).
    [TestMethod]
    [DataRow("namespace A { public static class B { public static uint C(byte[] d) { return d[0]; } } }", "types are good", 0)]
    [DataRow("namespace A { public static class B { public static uint C(byte[] d) { return \"\"; } } }", "CS0029", 1)]
    [DataRow("namespace A;", "CS8773", 1)]
    [DataRow("namespace A { public static class B { private static int c; } }", "CS0169", 1)]
    public async Task With_reference_assemblies_the_sources_are_checked_as_CSharp_9(string source, string expected, int expectedStatus)
    {
        using var folder = new TemporaryFolder();
        folder.Write("A.cs", source);
        folder.Write("A.nfproj", $"""
            <Project DefaultTargets="Build" xmlns="http://schemas.microsoft.com/developer/msbuild/2003">
              <PropertyGroup><AssemblyName>A</AssemblyName><Configuration>Debug</Configuration></PropertyGroup>
              <ItemGroup>
                <Compile Include="A.cs" />
                <Reference Include="System.Private.CoreLib" />
                <Reference Include="Launcher"><HintPath>there\is\none.exe</HintPath></Reference>
              </ItemGroup>
              <Import Project="{Repository.At("WithoutNanoFramework.targets")}" />
            </Project>
            """);
        var references = Path.GetDirectoryName(typeof(object).Assembly.Location);
        var (status, output) = await Dotnet("build", folder.File("A.nfproj"), $"-p:NanoReferences={references}");
        Assert.AreEqual(expectedStatus, status, output);
        Assert.Contains(expected, output);
    }

    private static async Task<(int Status, string Output)> Dotnet(params string[] arguments)
    {
        var start = new ProcessStartInfo("dotnet", [.. arguments, "-nodeReuse:false"])
        {
            WorkingDirectory = Repository.Root,
            RedirectStandardOutput = true,
            RedirectStandardError = true,
        };
        start.Environment["DOTNET_CLI_UI_LANGUAGE"] = "en";
        using var process = Process.Start(start)!;
        var error = process.StandardError.ReadToEndAsync();
        var output = await process.StandardOutput.ReadToEndAsync() + await error;
        await process.WaitForExitAsync();
        return (process.ExitCode, output);
    }
}
