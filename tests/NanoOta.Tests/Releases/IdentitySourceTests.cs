using System.Diagnostics;
using System.Reflection;
using System.Runtime.InteropServices;
using System.Runtime.Loader;
using NanoOta.Boards;
using NanoOta.Releases;
using NanoOta.Tests.Projects;

namespace NanoOta.Tests.Releases;

/// <summary>The generated sources of the firmware's identity, compiled as C# 9.</summary>
[TestClass]
public sealed class IdentitySourceTests
{
    private const string Nasty = "a \"quoted\" \\ back\\u0041 {0} $1 */ //\r\n\t\u2028 käse \U0001F4A1 string Version() => 1;";

    [TestMethod]
    public void Compiled_identity_equals_the_requested_one_and_the_virtual_device_s()
    {
        using SigningKey first = SigningKey.Generate(), second = SigningKey.Generate();
        var identity = new AppIdentity(Nasty, "board-a", "1.2.3-rc.1+b7", [first.Public, second.Public, first.Public])
        {
            Hardware = new BoardHardware(2, 34 - 28, 4200, 3500, 3600, 3700) { Chip = "esp32s3" },
        };

        var compiled = Compile(IdentitySource.Create(identity));
        var generated = new AssemblyLoadContext("generated", isCollectible: true)
            .LoadFromStream(new MemoryStream(IdentityAssembly.Create(identity, new Version(1, 2, 3, 0))));

        Assert.AreEqual(typeof(FirmwareIdentity).Assembly.FullName, compiled.FullName, "what the other assemblies refer to");
        Assert.AreEqual(Nasty, Get(compiled, "FirmwareIdentity", "Product"));
        Assert.AreEqual("1.2.3-rc.1+b7", Get(compiled, "FirmwareIdentity", "Version"));
        Assert.AreEqual("esp32s3", Get(compiled, "FirmwareBoard", "Chip"));
        Assert.AreEqual(4200, Get(compiled, "FirmwareBoard", "SupplyFullScale"));
        Assert.AreEqual(3500, Get(compiled, "FirmwareBoard", "SupplyDownload"));
        Assert.AreEqual(3600, Get(compiled, "FirmwareBoard", "SupplyWrite"));
        Assert.AreEqual(3700, Get(compiled, "FirmwareBoard", "SupplyActivate"));
        CollectionAssert.AreEqual(new[] { first.Public.Base64, second.Public.Base64 },
            (string[])Get(compiled, "FirmwareIdentity", "TrustedKeys"));
        Assert.AreEqual(Surface(generated), Surface(compiled));
        StringAssert.StartsWith(Surface(compiled), "NanoOta.FirmwareBoard Chip=esp32s3; NanoOta.FirmwareBoard LedPin=2");
    }

    [TestMethod]
    public void The_identity_holds_the_board_s_chip_and_its_supply_limits_where_measured()
    {
        var battery = AppIdentity.For(Board.Load("lolin-d32-4mb"), "p", "1.0.0", []).Hardware;
        var plain = AppIdentity.For(Board.Load("esp32-devkitc-4mb"), "p", "1.0.0", []).Hardware;
        Assert.AreEqual(new BoardHardware(5, 7, 6400, 3500, 3600, 3700) { Chip = "esp32" }, battery);
        Assert.AreEqual(BoardHardware.None with { Chip = "esp32", LedPin = plain.LedPin }, plain);
    }

    [TestMethod]
    public void It_has_the_surface_of_the_project_that_it_replaces()
    {
        var compiled = Compile(IdentitySource.Create(new AppIdentity("p", "b", "1.0.0", [])));
        foreach (var type in typeof(FirmwareIdentity).Assembly.GetExportedTypes())
            foreach (var method in type.GetMethods(BindingFlags.Public | BindingFlags.Static))
                Assert.AreEqual(method.ReturnType, compiled.GetType(type.FullName!, true)!.GetMethod(method.Name, [])?.ReturnType);
    }

    [TestMethod]
    public void The_same_identity_gives_the_same_text_with_its_command()
    {
        var identity = new AppIdentity("lamp", "board-a", "1.2.3", []);
        var sources = IdentitySource.Create(identity);

        CollectionAssert.AreEqual(sources.ToArray(), IdentitySource.Create(identity).ToArray());
        foreach (var source in sources)
        {
            StringAssert.Contains(source.Text, "nano-ota identity --board \"board-a\" --product \"lamp\" --version 1.2.3");
            Assert.DoesNotContain("\r", source.Text);
        }
    }

    [TestMethod]
    [DataRow("1.2")]
    [DataRow("v1.2.3")]
    public void A_version_that_is_not_semantic_is_refused(string version) => StringAssert.Contains(
        TestInput.Refusal(() => IdentitySource.Create(new AppIdentity("p", "b", version, []))), "is not a Semantic Version");

    [TestMethod]
    public void The_project_is_that_of_the_agent_but_for_the_place_of_its_packages()
    {
        var own = DeviceProject.All.Single(p => p.Name == "agent/NanoOta.Identity/NanoOta.Identity.nfproj");
        using var folder = new TemporaryFolder();
        var written = IdentitySource.CreateProject().Select(source => folder.Write(source.Path, source.Text)).ToArray();
        var project = new DeviceProject(written[0]);

        CollectionAssert.AreEquivalent(IdentitySource.Create(new AppIdentity("p", "b", "1.0.0", [])).Select(s => s.Path).ToArray(), project.Compile);
        CollectionAssert.AreEqual(own.Packages, project.Packages);
        CollectionAssert.AreEqual(own.References.Select(r => (r.Assembly, r.Hint.Replace("../../", "../"))).ToArray(), project.References);
        CollectionAssert.AreEqual(own.Imports.Where(import => import.StartsWith('$')).ToArray(), project.Imports);
        Assert.IsEmpty(project.ProjectReferences);
    }

    private static Assembly Compile(IReadOnlyList<SourceFile> sources)
    {
        using var folder = new TemporaryFolder();
        Directory.CreateDirectory(folder.File("Properties"));
        var files = sources.Select(source => folder.Write(source.Path, source.Text));
        var target = folder.File("NanoOta.Identity.dll");
        string[] arguments = ["exec", Compiler(), "-noconfig", "-nologo", "-nostdlib", "-langversion:9.0", "-warnaserror",
            "-target:library", "-out:" + target, "-r:" + typeof(object).Assembly.Location, .. files];
        var dotnet = Environment.GetEnvironmentVariable("DOTNET_HOST_PATH") ?? "dotnet";
        using var compiler = Process.Start(new ProcessStartInfo(dotnet, arguments) { RedirectStandardOutput = true })!;
        var output = compiler.StandardOutput.ReadToEnd();
        compiler.WaitForExit();
        Assert.AreEqual(0, compiler.ExitCode, output);
        return new AssemblyLoadContext("compiled", isCollectible: true).LoadFromStream(new MemoryStream(File.ReadAllBytes(target)));
    }

    // The runtime lies at ROOT/shared/NAME/VERSION, the compiler of an SDK at ROOT/sdk/VERSION.
    private static string Compiler() =>
        Directory.GetDirectories(Path.Combine(RuntimeEnvironment.GetRuntimeDirectory(), "..", "..", "..", "sdk"))
            .Select(sdk => Path.Combine(sdk, "Roslyn", "bincore", "csc.dll")).Last(File.Exists);

    private static object Get(Assembly assembly, string type, string method) =>
        assembly.GetType("NanoOta." + type, true)!.GetMethod(method)!.Invoke(null, null)!;

    private static string Surface(Assembly assembly) => string.Join("; ", assembly.GetExportedTypes().OrderBy(type => type.Name)
        .SelectMany(type => type.GetMethods(BindingFlags.Public | BindingFlags.Static).OrderBy(m => m.Name).Select(m =>
            $"{type} {m.Name}={(m.Invoke(null, null) is string[] keys ? string.Join(',', keys) : m.Invoke(null, null))}")));
}
