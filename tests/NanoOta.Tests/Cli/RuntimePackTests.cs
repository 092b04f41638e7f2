using System.Text.Json;
using NanoOta.Boards;
using NanoOta.Releases;
using NanoOta.Tests.Releases;

namespace NanoOta.Tests.Cli;

/// <summary>Releases with a runtime on the command line.</summary>
[TestClass]
public sealed class RuntimePackTests
{
    private const string BoardName = "esp32-s3-devkitc-1-8mb";
    private static readonly Board Board = Board.Load(BoardName);
    private readonly TemporaryFolder folder = new();

    private string Release => folder.File("release");

    private string Clr => folder.File("nanoCLR.bin");

    private string Csv => folder.File("native_assemblies.csv");

    [TestInitialize]
    public void MakeInputs()
    {
        NanoOtaTool.MakeKeysAndApp(folder);
        Build(secureVersion: 0);
        folder.Write("native_assemblies.csv", "mscorlib,100.5.0.24,0x1549C856\nLamp.Driver,1.0.0.0,0x0A0B0C0D\n");
    }

    [TestCleanup]
    public void CleanUp() => folder.Dispose();

    [TestMethod]
    public void A_runtime_and_an_app_in_one_release_are_packed_verified_and_shown()
    {
        var packed = PackBoth("1.0.0", "--needs", "Lamp.Driver=0x0A0B0C0D", "--json").MustSucceed().Json;
        Assert.AreEqual("runtime", packed.GetProperty("runtime").GetProperty("sort").GetString());
        Assert.AreEqual("virtual", packed.GetProperty("image").GetProperty("sort").GetString());
        NanoOtaTool.Run("verify", Release, "--trust", folder.File("keys/public.pem")).MustSucceed();

        var shown = NanoOtaTool.Run("inspect", Release, "--json").MustSucceed().Json;
        var images = shown.GetProperty("manifest").GetProperty("images");
        Assert.AreEqual(("app", "clr"), (images[0].GetProperty("kind").GetString(), images[1].GetProperty("kind").GetString()));
        Assert.AreEqual((JsonValueKind.Null, 2), (images[0].GetProperty("natives").ValueKind, images[1].GetProperty("natives").GetInt32()));
        Assert.AreEqual("runtime", shown.GetProperty("content")[1].GetProperty("sort").GetString());
        StringAssert.Contains(NanoOtaTool.Run("inspect", Release).MustSucceed().Output, "clr");
    }

    [TestMethod]
    public void A_runtime_alone_is_a_release_without_needs()
    {
        PackClr("1.0.0").MustSucceed();
        var manifest = NanoOtaTool.Run("inspect", Release, "--json").MustSucceed().Json.GetProperty("manifest");
        Assert.AreEqual(0, manifest.GetProperty("runtime").GetArrayLength());
        Assert.AreEqual("clr", manifest.GetProperty("images")[0].GetProperty("kind").GetString());
        NanoOtaTool.Run("verify", Release, "--trust", folder.File("keys/public.pem")).MustSucceed();
        NanoOtaTool.Run("rollout", Release, "--wave", "7", "--key", folder.File("keys/private.pem")).MustSucceed();
        NanoOtaTool.Run("verify", Release, "--trust", folder.File("keys/public.pem")).MustSucceed();
    }

    [TestMethod]
    public void A_real_app_is_checked_against_the_runtime_that_comes_with_it()
    {
        Directory.CreateDirectory(folder.File("out"));
        folder.Write("out/mscorlib.pe", RealCore.Pe);
        folder.Write("out/App.pe", TinyPe.App().Build());
        string[] app = ["--app", folder.File("out"), "--no-identity"];
        Assert.AreEqual("as the firmware has them",
            PackClr("1.0.0", [.. app, "--json"]).MustSucceed().Json.GetProperty("nativeChecksums").GetString());
        folder.Write("native_assemblies.csv", "mscorlib,100.5.0.24,0x1549C857");
        StringAssert.Contains(PackClr("1.0.1", app).Refusal, $"needs the native checksum 1549C856, but the firmware of {Csv}");
        Assert.AreEqual("as the runtime of the release has them",
            Pack("1.0.2", [.. app, "--keep-clr", "--json"]).MustSucceed().Json.GetProperty("nativeChecksums").GetString());
    }

    [TestMethod]
    public void Wrong_input_names_file_cause_and_remedy()
    {
        StringAssert.Contains(Pack("1.0.0").Refusal, "there is no app; give --app, or --clr for a release with a runtime alone");
        StringAssert.Contains(Pack("1.0.0", "--keep-clr").Refusal, "there is no app; give --app");
        StringAssert.Contains(Pack("1.0.0", "--clr", Clr).Refusal,
            $"{Clr}: needs --firmware, the native_assemblies.csv from the same build as this runtime");
        StringAssert.Contains(PackClr("1.0.0", "--keep-clr").Refusal, "--clr and --keep-clr exclude each other; give one");
        StringAssert.Contains(PackClr("1.0.0", "--needs", "A=0x1").Refusal, "--needs is about an app; omit it, or give --app");
        StringAssert.Contains(PackBoth("1.0.0", "--needs", "Lamp.Driver=0x1").Refusal,
            $"--needs: Lamp.Driver with the native checksum 00000001 is needed, but the firmware of {Csv} has 0A0B0C0D");
        StringAssert.Contains(PackBoth("1.0.0", "--needs", "Lamp.Motor=0x1").Refusal, "has no native code for it");
        StringAssert.Contains(Pack("1.0.0", "--clr", folder.File("gone"), "--firmware", Csv).Refusal,
            "gone: no such runtime image; give the nanoCLR.bin from the build of the firmware");
        StringAssert.Contains(PackClr("1.0.0", "--board", TestInput.BoardName).Refusal, "is for esp32s3, but esp32-devkitc-4mb has the esp32");
        folder.Write("nanoCLR.bin", TestEspImage.Runtime(TestInput.Board, 5000));
        StringAssert.Contains(PackClr("1.0.0", "--board", TestInput.BoardName).Refusal,
            "esp32-devkitc-4mb has one runtime slot, so its runtime can be updated by cable only; pack the app alone");
        folder.Write("nanoCLR.bin", TestEspImage.Runtime(Board, 5000)[..^1]);
        StringAssert.Contains(PackClr("1.0.0").Refusal, $"{Clr}: is damaged: it ends before its checksum or SHA-256; build or download it");
        folder.Write("nanoCLR.bin", TestEspImage.Runtime(Board, Board.Partitions.Runtime.Size));
        StringAssert.Contains(PackClr("1.0.0").Refusal, $"but the partition 'ota_0' of {BoardName} has only 2097152; remove components");
        Assert.IsFalse(Directory.Exists(Release));
    }

    [TestMethod]
    public void A_list_of_native_assemblies_without_room_in_a_manifest_is_refused()
    {
        folder.Write("native_assemblies.csv", "mscorlib,1.0.0.0,0x0");
        StringAssert.Contains(PackClr("1.0.0").Refusal, $"{Csv}: has 0 native checksums, but a release has room for 1 to 128");
        folder.Write("native_assemblies.csv", string.Join('\n', Enumerable.Range(1, 129).Select(i => $"A{i},1.0.0.0,0x{i:X}")));
        StringAssert.Contains(PackClr("1.0.0").Refusal, $"{Csv}: has 129 native checksums");
    }

    [TestMethod]
    public void An_app_is_packed_with_the_runtime_of_the_release_before_it()
    {
        StringAssert.Contains(PackApp("1.0.0", "--keep-clr").Refusal, $"has no release of default for {BoardName}, so there is none to keep");
        PackApp("1.0.0").MustSucceed();
        StringAssert.Contains(PackApp("1.0.1", "--keep-clr").Refusal,
            "1.0.0 has no runtime, so there is none to keep; omit --keep-clr, or give --clr");
        PackBoth("1.1.0").MustSucceed();
        var before = ClrEntry();

        PackApp("1.2.0", "--keep-clr").MustSucceed();
        Assert.AreEqual(before, ClrEntry());
        NanoOtaTool.Run("verify", Release, "--trust", folder.File("keys/public.pem")).MustSucceed();
        StringAssert.Contains(PackApp("1.2.1", "--keep-clr", "--needs", "Lamp.Driver=0x1").Refusal,
            "it needs Lamp.Driver with the checksum 00000001, which its runtime does not have");
        StringAssert.Contains(Notes(PackApp("1.3.0", "--json")), "carry the runtime again with --keep-clr");
        Assert.DoesNotContain("--keep-clr", Notes(PackApp("1.4.0", "--json")));
    }

    [TestMethod]
    public void A_sequence_that_has_another_runtime_is_refused()
    {
        PackBoth("1.0.0").MustSucceed();
        PackBoth("1.0.0").MustSucceed();
        StringAssert.Contains(PackApp("1.0.0").Refusal, "1.0.0 with another image has sequence");
        Build(secureVersion: 1);
        StringAssert.Contains(PackBoth("1.0.0").Refusal, "1.0.0 with another image has sequence");
        PackBoth("1.0.1").MustSucceed();
        Build(secureVersion: 0);
        StringAssert.Contains(PackBoth("1.0.2").Refusal, $"{Clr}: has secure_version 0, but clr-");
    }

    [TestMethod]
    public void Each_kind_takes_its_own_bases()
    {
        string oldClr = folder.Write("old.bin", TestEspImage.Runtime(Board, 6000));
        string oldApp = folder.Write("app.bin", TestInput.Image(5000).Bytes.ToArray());
        PackBoth("1.0.0", "--delta-from", oldClr, oldApp).MustSucceed();
        Assert.AreEqual((1, 1), (Bases("app"), Bases("clr")));
        Build(secureVersion: 1);
        string first = folder.File("first");
        Directory.Move(Release, first);
        PackBoth("1.0.1", "--delta-from", first).MustSucceed();
        Assert.AreEqual(1, Bases("clr"));
        PackClr("1.0.2", "--delta-from", first, oldClr).MustSucceed();
        Assert.AreEqual(2, Bases("clr"));

        StringAssert.Contains(PackApp("1.0.3", "--delta-from", oldClr).Refusal,
            $"{oldClr}: has no image of the kind app, which the release has; leave it out");
        StringAssert.Contains(PackClr("1.0.3", "--delta-from", oldApp).Refusal, $"{oldApp}: has no image of the kind clr");
        PackBoth("1.0.3", "--no-delta").MustSucceed();
        Assert.AreEqual((0, 0), (Bases("app"), Bases("clr")));
        NanoOtaTool.Run("verify", Release, "--trust", folder.File("keys/public.pem")).MustSucceed();
    }

    [TestMethod]
    public void The_benchmark_measures_runtimes_with_the_manifest_of_one()
    {
        string old = folder.Write("old.bin", TestEspImage.Runtime(Board, 5000, secureVersion: 1));
        var packed = NanoOtaTool.Run("bench-encodings", old, Clr, "--json").MustSucceed().Json.GetProperty("encodings")[0];
        Assert.IsGreaterThan(4 * 40, packed.GetProperty("parts").GetProperty("manifest").GetInt32());
        Assert.IsLessThan(200, packed.GetProperty("parts").GetProperty("image").GetInt32());
    }

    [TestMethod]
    public void Inspect_of_a_flash_shows_its_runtime_and_otadata()
    {
        NanoOtaTool.Run("flash", "--board", BoardName, "--app", folder.File("App.dll"), "--version", "1.0.0", "--trust",
            folder.File("keys/public.pem"), "--clr", Clr, "--out", folder.File("my.flash")).MustSucceed();
        var shown = NanoOtaTool.Run("inspect", folder.File("my.flash"), "--board", BoardName, "--json").MustSucceed().Json;
        Assert.AreEqual("erased: ota_0 boots", shown.GetProperty("otaData").GetString());
        var runtime = shown.GetProperty("runtimes")[0];
        Assert.AreEqual((0, "1.0.0", "as described", "as described"), (runtime.GetProperty("slot").GetInt32(),
            runtime.GetProperty("version").GetString(), runtime.GetProperty("content").GetString(), runtime.GetProperty("index").GetString()));
        Assert.AreEqual(0, shown.GetProperty("misplaced").GetArrayLength());
    }

    private void Build(uint secureVersion) => folder.Write("nanoCLR.bin", TestEspImage.Runtime(Board, 5000, secureVersion: secureVersion));

    private string ClrEntry() => Image("clr").ToString();

    private int Bases(string kind) => Image(kind).GetProperty("encodings").EnumerateArray()
        .Count(encoding => encoding.GetProperty("baseDigest").ValueKind == JsonValueKind.String);

    private JsonElement Image(string kind) => NanoOtaTool.Run("inspect", Release, "--json").MustSucceed().Json.GetProperty("manifest")
        .GetProperty("images").EnumerateArray().Single(image => image.GetProperty("kind").GetString() == kind);

    private static string Notes(NanoOtaTool run) =>
        string.Join('\n', run.MustSucceed().Json.GetProperty("notes").EnumerateArray().Select(note => note.GetString()));

    private NanoOtaTool PackBoth(string version, params string[] more) => PackClr(version, ["--app", folder.File("App.dll"), .. more]);

    private NanoOtaTool PackApp(string version, params string[] more) => Pack(version, ["--app", folder.File("App.dll"), .. more]);

    private NanoOtaTool PackClr(string version, params string[] more) => Pack(version, ["--clr", Clr, "--firmware", Csv, .. more]);

    private NanoOtaTool Pack(string version, params string[] more)
    {
        string[] board = more.Contains("--board") ? [] : ["--board", BoardName];
        return NanoOtaTool.Run(["pack", "--version", version, "--key", folder.File("keys/private.pem"), "--out", Release, .. board, .. more]);
    }
}
