using NanoOta.Releases;
using NanoOta.Tests.Releases;

namespace NanoOta.Tests.Cli;

/// <summary>The commands with apps for a board: the real core library, and small assemblies of the same form.</summary>
[TestClass]
public sealed class RealImageTests
{
    private readonly TemporaryFolder folder = new();

    private string PrivateKey => folder.File("keys/private.pem");

    private string PublicKeyFile => folder.File("keys/public.pem");

    private string Output => folder.File("out");

    [TestInitialize]
    public void MakeKeysAndApp()
    {
        NanoOtaTool.Run("keygen", "--out", folder.File("keys")).MustSucceed();
        var identity = new AppIdentity("lamp", TestInput.BoardName, "1.2.3", [PublicKey.Load(PublicKeyFile)]);
        Directory.CreateDirectory(Output);
        folder.Write("out/mscorlib.pe", RealCore.Pe);
        foreach (var pe in new[] { TinyPe.Identity(identity, "1.2.3.0"), TinyPe.App("NanoOta.Identity 1.2.3.0") })
            folder.Write($"out/{pe.Name}.pe", pe.Build());
    }

    [TestCleanup]
    public void CleanUp() => folder.Dispose();

    [TestMethod]
    public void A_folder_of_assemblies_becomes_a_good_release()
    {
        var packed = Pack("--app", Output, "--json").MustSucceed().Json;

        Assert.AreEqual("of this release", packed.GetProperty("identity").GetString());
        StringAssert.StartsWith(packed.GetProperty("nativeChecksums").GetString(), "not checked");
        NanoOtaTool.Run("verify", folder.File("release"), "--trust", PublicKeyFile).MustSucceed();
        var image = NanoOtaTool.Run("inspect", folder.File("release"), "--json").MustSucceed().Json.GetProperty("content")[0];
        Assert.AreEqual("mscorlib NanoOta.Identity App",
            string.Join(' ', image.GetProperty("assemblies").EnumerateArray().Select(a => a.GetProperty("name").GetString())));
        Assert.AreEqual("1549C856", image.GetProperty("assemblies")[0].GetProperty("nativeChecksum").GetString());
        Assert.IsTrue(image.GetProperty("references").EnumerateArray().All(r => r.GetProperty("from").GetString() == "image"));
    }

    [TestMethod]
    public void Native_checksums_are_checked_against_a_firmware()
    {
        var list = folder.Write("native_assemblies.csv", "mscorlib,100.5.0.24,0x1549C856");
        Assert.AreEqual("as the firmware has them",
            Pack("--app", Output, "--firmware", list, "--json").MustSucceed().Json.GetProperty("nativeChecksums").GetString());

        folder.Write("native_assemblies.csv", "mscorlib,100.5.0.24,0x1549C857");
        StringAssert.Contains(Pack("--app", Output, "--firmware", list).Refusal, "needs the native checksum 1549C856");
        StringAssert.Contains(Pack("--app", Output, "--firmware", folder.File("gone")).Refusal, "gone: no such list");
        folder.Write("App.dll", TestInput.AppDll());
        StringAssert.Contains(Pack("--app", folder.File("App.dll"), "--firmware", list).Refusal, "omit --firmware");
        StringAssert.Contains(Pack("--app", Output, "--needs", "A=0x1").Refusal, "--needs is for the virtual device");
    }

    [TestMethod]
    public void A_release_that_differs_from_the_image_s_identity_is_refused_by_default()
    {
        string[] files = [.. Directory.GetFiles(Output)];
        StringAssert.Contains(Pack(["--app", .. files, "--product", "heater"]).Refusal, "the product in NanoOta.Identity is 'lamp'");
        Assert.AreEqual("as the app was built", Pack(["--app", .. files, "--product", "heater", "--no-identity", "--json"])
            .MustSucceed().Json.GetProperty("identity").GetString());
    }

    [TestMethod]
    public void A_single_assembly_can_be_inspected_with_its_missing_references()
    {
        var shown = NanoOtaTool.Run("inspect", folder.File("out/App.pe"), "--json").MustSucceed().Json;

        Assert.AreEqual("missing", shown.GetProperty("references")[0].GetProperty("from").GetString());
        Assert.IsTrue(shown.GetProperty("assemblies")[0].GetProperty("entryPoint").GetBoolean());
        StringAssert.Contains(NanoOtaTool.Run("inspect", folder.File("out/App.pe")).MustSucceed().Output, "NanoOta.Identity");
        StringAssert.Contains(Pack("--app", folder.File("out/App.pe")).Refusal, "has no mscorlib");
    }

    [TestMethod]
    public void Identity_sources_are_rewritten_only_when_they_change()
    {
        string[] args = ["identity", "--board", TestInput.BoardName, "--product", "lamp", "--trust", PublicKeyFile,
            "--out", folder.File("id")];
        var past = new DateTime(2020, 1, 1, 0, 0, 0, DateTimeKind.Utc);
        var written = NanoOtaTool.Run([.. args, "--version", "1.2.3-rc.1", "--json"]).MustSucceed().Json;
        var file = folder.File("id/FirmwareIdentity.cs");
        File.SetLastWriteTimeUtc(file, past);

        var version = typeof(FirmwareIdentity).Assembly.GetName().Version!.ToString();
        Assert.AreEqual(version, written.GetProperty("assemblyVersion").GetString());
        StringAssert.Contains(File.ReadAllText(folder.File("id/Properties/AssemblyInfo.cs")), $"AssemblyVersion(\"{version}\")");
        NanoOtaTool.Run([.. args, "--version", "1.2.3-rc.1"]).MustSucceed();
        Assert.AreEqual(past, File.GetLastWriteTimeUtc(file));
        NanoOtaTool.Run([.. args, "--version", "1.2.4"]).MustSucceed();
        Assert.AreNotEqual(past, File.GetLastWriteTimeUtc(file));
        StringAssert.Contains(NanoOtaTool.Run([.. args, "--version", "1.2"]).Refusal, "not a Semantic Version");
        string[] wrong = [.. args.Select(a => a == "lamp" ? "käse" : a), "--version", "1.2.3"];
        StringAssert.Contains(NanoOtaTool.Run(wrong).Refusal, "--product 'käse'");
        StringAssert.Contains(NanoOtaTool.Run([.. args[..^1], PublicKeyFile, "--version", "1.2.3"]).Refusal, "is a file; give a folder");
    }

    [TestMethod]
    public void A_project_is_written_around_the_sources_unless_the_folder_has_one()
    {
        string[] args = ["identity", "--board", TestInput.BoardName, "--trust", PublicKeyFile, "--version", "1.2.3", "--json", "--out"];
        var first = Written([.. args, folder.File("id")]);
        File.WriteAllText(folder.File("id/NanoOta.Identity.nfproj"), "mine");
        File.WriteAllText(folder.File("id/packages.config"), "mine");
        var second = Written([.. args, folder.File("id")]);

        string[] sources = ["AssemblyInfo.cs", "FirmwareBoard.cs", "FirmwareIdentity.cs"];
        CollectionAssert.AreEqual(sources.Concat(["NanoOta.Identity.nfproj", "packages.config"]).ToArray(), first);
        CollectionAssert.AreEqual(sources, second);
        Assert.AreEqual("mine", File.ReadAllText(folder.File("id/NanoOta.Identity.nfproj")));
        Assert.AreEqual("mine", File.ReadAllText(folder.File("id/packages.config")));
    }

    private static string[] Written(string[] args) => [.. NanoOtaTool.Run(args).MustSucceed().Json.GetProperty("written").EnumerateArray()
        .Select(file => Path.GetFileName(file.GetString()!)).Order(StringComparer.Ordinal)];

    private NanoOtaTool Pack(params string[] more) => NanoOtaTool.Run(["pack", "--board", TestInput.BoardName,
        .. more.Contains("--product") ? more : ["--product", "lamp", .. more], "--version", "1.2.3", "--key", PrivateKey,
        "--out", folder.File("release")]);
}
