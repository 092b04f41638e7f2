using NanoOta.Releases;

namespace NanoOta.Tests.Releases;

[TestClass]
public sealed class AppPathTests
{
    private static readonly AppIdentity Identity = new("p", "b", "1.0.0", []);

    [TestMethod]
    public void A_project_folder_means_its_newest_build_output()
    {
        using var folder = new TemporaryFolder();
        var project = folder.Write("App.csproj", "<Project><PropertyGroup><AssemblyName>Thermometer</AssemblyName></PropertyGroup></Project>");
        File.SetLastWriteTimeUtc(project, new DateTime(2026, 1, 1, 0, 0, 0, DateTimeKind.Utc));
        var old = WriteOutput(folder, "bin/Debug/net9.0", new DateTime(2026, 1, 2, 0, 0, 0, DateTimeKind.Utc));
        var newest = WriteOutput(folder, "bin/Release/net10.0", new DateTime(2026, 1, 3, 0, 0, 0, DateTimeKind.Utc));

        Assert.AreEqual(newest, AppPath.Resolve(folder.Path));
        File.SetLastWriteTimeUtc(old, new DateTime(2026, 1, 4, 0, 0, 0, DateTimeKind.Utc));
        Assert.AreEqual(old, AppPath.Resolve(folder.Path));
    }

    [TestMethod]
    public void A_program_means_the_assembly_beside_it()
    {
        using var folder = new TemporaryFolder();
        var dll = folder.Write("App.dll", TestInput.AppDll());

        Assert.AreEqual(dll, AppPath.Resolve(dll));
        Assert.AreEqual(dll, AppPath.Resolve(folder.Write("App.exe", "")));
        Assert.AreEqual(dll, AppPath.Resolve(folder.Write("App", "")));
    }

    [TestMethod]
    public void A_ready_image_is_taken_after_its_checks()
    {
        using var folder = new TemporaryFolder();
        var image = TestInput.Image();
        var packed = AppPath.Load([folder.Write("app.bin", image.Bytes.ToArray())], Identity);

        Assert.IsFalse(packed.IdentityReplaced);
        CollectionAssert.AreEqual(image.Digest, packed.Image.Digest);
        StringAssert.Contains(TestInput.Refusal(() => AppPath.Load([folder.Write("bad.bin", "nonsense")], Identity)), "bad.bin: ends in the header");
    }

    [TestMethod]
    public void A_path_without_an_app_is_refused_with_the_remedy()
    {
        using var folder = new TemporaryFolder();

        StringAssert.Contains(TestInput.Refusal(() => AppPath.Resolve(folder.File("gone.dll"))), "no such app; give a built .dll");
        StringAssert.Contains(TestInput.Refusal(() => AppPath.Resolve(folder.Write("notes.txt", ""))), "not an app; give a built .dll");
        StringAssert.Contains(TestInput.Refusal(() => AppPath.Resolve(folder.Path)), "has neither .pe files nor a project (*.csproj)");
        folder.Write("A.nfproj", "<Project/>");
        StringAssert.Contains(TestInput.Refusal(() => AppPath.Resolve(folder.Path)), "give its output folder, such as bin/Release");
        folder.Write("A.csproj", "<Project/>");
        folder.Write("B.csproj", "<Project/>");
        StringAssert.Contains(TestInput.Refusal(() => AppPath.Resolve(folder.Path)), "2 projects");
    }

    [TestMethod]
    public void A_project_without_output_is_built_and_its_errors_are_shown()
    {
        using var folder = new TemporaryFolder();
        folder.Write("App.csproj", "<Project><Target Name=\"Build\"><Error Text=\"out of solder\" /></Target></Project>");

        var message = TestInput.Refusal(() => AppPath.Resolve(folder.Path));
        StringAssert.Contains(message, "does not build");
        StringAssert.Contains(message, "out of solder");

        folder.Write("App.csproj", "<Project");
        StringAssert.Contains(TestInput.Refusal(() => AppPath.Resolve(folder.Path)), "not valid XML");
    }

    [TestMethod]
    public void A_project_with_a_newer_source_is_built_again()
    {
        using var folder = new TemporaryFolder();
        folder.Write("App.csproj", """
            <Project>
              <PropertyGroup><AssemblyName>Thermometer</AssemblyName></PropertyGroup>
              <ItemGroup><ProjectReference Include="lib\Lib.csproj" /></ItemGroup>
              <Target Name="Build"><Error Text="it was built" /></Target>
            </Project>
            """);
        Directory.CreateDirectory(folder.File("lib"));
        folder.Write("lib/Lib.csproj", "<Project/>");
        var source = folder.Write("lib/Lib.cs", "");
        WriteOutput(folder, "bin/Debug/net10.0", DateTime.UtcNow.AddMinutes(1));
        AppPath.Resolve(folder.Path);

        File.SetLastWriteTimeUtc(source, DateTime.UtcNow.AddMinutes(2));
        StringAssert.Contains(TestInput.Refusal(() => AppPath.Resolve(folder.Path)), "it was built");
    }

    private static string WriteOutput(TemporaryFolder folder, string place, DateTime time)
    {
        Directory.CreateDirectory(folder.File(place));
        var dll = folder.Write(place + "/Thermometer.dll", TestInput.AppDll());
        File.SetLastWriteTimeUtc(dll, time);
        return dll;
    }
}
