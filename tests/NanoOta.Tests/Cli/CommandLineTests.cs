using NanoOta.Tests.Releases;

namespace NanoOta.Tests.Cli;

[TestClass]
public sealed class CommandLineTests
{
    private readonly TemporaryFolder folder = new();

    private string PrivateKey => folder.File("keys/private.pem");

    private string PublicKey => folder.File("keys/public.pem");

    private string Release => folder.File("release");

    [TestInitialize]
    public void MakeKeysAndApp() => NanoOtaTool.MakeKeysAndApp(folder);

    [TestCleanup]
    public void CleanUp() => folder.Dispose();

    [TestMethod]
    public void A_release_is_packed_shown_and_verified()
    {
        var packed = Pack("--product", "thermometer", "--json").MustSucceed().Json;
        var shown = NanoOtaTool.Run("inspect", Release, "--json").MustSucceed().Json;
        var verified = NanoOtaTool.Run("verify", Release, "--trust", PublicKey, "--json").MustSucceed().Json;

        Assert.AreEqual("of this release", packed.GetProperty("identity").GetString());
        var manifest = shown.GetProperty("manifest");
        Assert.AreEqual("not checked", manifest.GetProperty("signature").GetString());
        foreach (var field in new[] { "product", "board", "version", "sequence", "key" })
            Assert.AreEqual(packed.GetProperty(field).ToString(), manifest.GetProperty(field).ToString(), field);
        Assert.IsTrue(verified.GetProperty("good").GetBoolean());
    }

    [TestMethod]
    public void Every_output_can_be_inspected_as_text_and_as_JSON()
    {
        Pack().MustSucceed();
        NanoOtaTool.Run("flash", "--board", TestInput.BoardName, "--app", folder.File("App.dll"), "--version", "1.0.0",
            "--trust", PublicKey, "--out", folder.File("flash")).MustSucceed();
        var pe = folder.Write("Odd.pe", NanoOta.Releases.VirtualAssembly.Wrap([.. TestInput.Dll("Odd"), 1]));

        foreach (var file in Directory.GetFiles(Release).Append(Release).Append(pe))
        {
            NanoOtaTool.Run("inspect", file, "--json").MustSucceed().Json.EnumerateObject().ToArray();
            Assert.AreNotEqual("", NanoOtaTool.Run("inspect", file).MustSucceed().Output);
        }

        var flash = NanoOtaTool.Run("inspect", folder.File("flash"), "--board", TestInput.BoardName, "--json").MustSucceed().Json;
        Assert.AreEqual("erased", flash.GetProperty("bootRecord").GetString());
        Assert.AreEqual("1.0.0", flash.GetProperty("slots")[0].GetProperty("version").GetString());
        Assert.AreEqual(2, flash.GetProperty("slots")[0].GetProperty("image").GetProperty("assemblies").GetArrayLength());
    }

    [TestMethod]
    public void A_release_and_a_flash_of_one_app_hold_the_same_image()
    {
        var packed = Pack("--json").MustSucceed().Json;
        var flashed = NanoOtaTool.Run("flash", "--board", TestInput.BoardName, "--app", folder.File("App.dll"), "--version", "1.2.3",
            "--trust", PublicKey, "--out", folder.File("flash"), "--json").MustSucceed().Json;

        Assert.AreEqual(packed.GetProperty("image").GetProperty("digest").GetString(),
            flashed.GetProperty("image").GetProperty("digest").GetString());
    }

    [TestMethod]
    public void Trusted_keys_in_the_firmware_are_the_given_ones()
    {
        NanoOtaTool.Run("keygen", "--out", folder.File("other")).MustSucceed();
        Pack("--trust", PublicKey, "--trust", folder.File("other/public.pem")).MustSucceed();

        var image = File.ReadAllBytes(Directory.GetFiles(Release, "*.bin").Single());
        foreach (var file in new[] { PublicKey, folder.File("other/public.pem") })
        {
            var key = System.Text.Encoding.Unicode.GetBytes(NanoOta.Releases.PublicKey.Load(file).Base64);
            Assert.AreNotEqual(-1, image.AsSpan().IndexOf(key), file);
        }
    }

    [TestMethod]
    public void A_release_signed_by_another_key_fails_and_every_check_is_listed()
    {
        Pack().MustSucceed();
        NanoOtaTool.Run("keygen", "--out", folder.File("other")).MustSucceed();

        var verified = NanoOtaTool.Run("verify", Release, "--trust", folder.File("other/public.pem"));
        Assert.AreEqual(1, verified.ExitCode);
        Assert.AreEqual("✓✗-----------", string.Concat(verified.Output.TrimEnd().Split('\n').Select(line => line[0])));
        Assert.DoesNotContain("\u001b", verified.Output);
        var json = NanoOtaTool.Run("verify", Release, "--trust", folder.File("other/public.pem"), "--json");
        Assert.AreEqual(1, json.ExitCode);
        Assert.IsFalse(json.Json.GetProperty("good").GetBoolean());
    }

    [TestMethod]
    public void Keys_are_replaced_only_by_force()
    {
        var before = File.ReadAllText(PrivateKey);

        StringAssert.Contains(NanoOtaTool.Run("keygen", "--out", folder.File("keys")).Refusal, "private.pem: exists already");
        Assert.AreEqual(before, File.ReadAllText(PrivateKey));
        NanoOtaTool.Run("keygen", "--out", folder.File("keys"), "--force").MustSucceed();
        Assert.AreNotEqual(before, File.ReadAllText(PrivateKey));
    }

    [TestMethod]
    public void Wrong_input_gives_one_line_that_names_it()
    {
        StringAssert.Contains(Pack("--board", "toaster").Refusal, "--board");
        StringAssert.Contains(Pack("--sequence", "many").Refusal, "many");
        StringAssert.Contains(Pack("--sequence", "0").Refusal, "sequence 0 is out of range");
        StringAssert.Contains(Pack("--product", "käse").Refusal, "--product 'käse'");
        StringAssert.Contains(NanoOtaTool.Run("verify", Release, "--trust", PublicKey).Refusal, "not a release folder");
        StringAssert.Contains(NanoOtaTool.Run("verify", Release).Refusal, "--trust");
        StringAssert.Contains(NanoOtaTool.Run("inspect", folder.File("gone")).Refusal, "gone: no such file");
        StringAssert.Contains(NanoOtaTool.Run("inspect", folder.Write("cut.cose", [0xD2, 0x84])).Refusal, "cut.cose: manifest: not deterministic");
        StringAssert.Contains(NanoOtaTool.Run("inspect", PublicKey).Refusal, "not a manifest");
        StringAssert.Contains(NanoOtaTool.Run("inspect", folder.Path).Refusal, "not a release folder");
        StringAssert.Contains(NanoOtaTool.Run("inspect", folder.Write("f", new byte[4 << 20])).Refusal, "give --board");
        StringAssert.Contains(NanoOtaTool.Run("inspect", PublicKey, "--board", "toaster").Refusal, "no board 'toaster'");
        StringAssert.Contains(NanoOtaTool.Run("keygen", "--out", folder.File("App.dll")).Refusal, "App.dll");
        StringAssert.Contains(NanoOtaTool.Run("flahs").Refusal, "'flahs' is not known here");
        StringAssert.Contains(NanoOtaTool.Run("pack", "--borad", "x").Refusal, "'--borad' is not known here; see 'nano-ota pack --help'");
        StringAssert.Contains(NanoOtaTool.Run("serve", folder.File("gone")).Refusal, "gone: no such folder");
        StringAssert.Contains(NanoOtaTool.Run("serve", folder.Path, "--host", "here").Refusal, "--host 'here'");
        StringAssert.Contains(NanoOtaTool.Run("serve", folder.Path, "--http", "70000").Refusal, "--http 70000");
    }

    [TestMethod]
    public void A_missing_image_is_reported_when_its_release_is_inspected()
    {
        Pack().MustSucceed();
        var image = Directory.GetFiles(Release, "*.bin").Single();
        File.Delete(image);

        StringAssert.Contains(NanoOtaTool.Run("inspect", Release).Refusal, image + ": the manifest names it");
    }

    [TestMethod]
    public void A_pre_release_needs_a_sequence_number()
    {
        var app = folder.File("App.dll");
        string[] args = ["pack", "--board", TestInput.BoardName, "--app", app, "--version", "2.0.0-rc.1", "--key", PrivateKey, "--out", Release];

        StringAssert.Contains(NanoOtaTool.Run(args).Refusal, "--sequence");
        NanoOtaTool.Run([.. args, "--sequence", "17"]).MustSucceed();
    }

    [TestMethod]
    [DataRow("keygen")]
    [DataRow("identity")]
    [DataRow("pack")]
    [DataRow("inspect")]
    [DataRow("verify")]
    [DataRow("serve")]
    [DataRow("publish")]
    [DataRow("watch")]
    [DataRow("command")]
    [DataRow("report")]
    [DataRow("flash")]
    [DataRow("device")]
    [DataRow("boards")]
    public void Help_ends_with_examples(string command)
    {
        var help = NanoOtaTool.Run(command, "--help").MustSucceed().Output;
        StringAssert.Contains(help, "Examples:");
        StringAssert.Contains(help, "  nano-ota " + command + " ");
        StringAssert.Contains(NanoOtaTool.Run("--help").MustSucceed().Output, command);
    }

    [TestMethod]
    public void Without_a_command_the_help_is_shown_with_exit_code_2()
    {
        var run = NanoOtaTool.Run();
        Assert.AreEqual(2, run.ExitCode);
        StringAssert.Contains(run.Output, "Commands:");
    }

    [TestMethod]
    public async Task A_board_is_found_by_name_from_any_folder()
    {
        using var flash = NanoOtaTool.Start(folder.Path, "flash", "--board", TestInput.BoardName, "--app", "App.dll",
            "--version", "1.0.0", "--trust", PublicKey, "--out", "flash", "--json");
        var output = flash.StandardOutput.ReadToEndAsync();
        var error = flash.StandardError.ReadToEndAsync();
        await flash.WaitForExitAsync();

        Assert.AreEqual(0, flash.ExitCode, await error);
        Assert.AreEqual(TestInput.BoardName, new NanoOtaTool(0, await output, "").Json.GetProperty("board").GetString());
        Assert.AreEqual(TestInput.Board.FlashSize, new FileInfo(folder.File("flash")).Length);
    }

    private NanoOtaTool Pack(params string[] more) => NanoOtaTool.Run(["pack", "--board", TestInput.BoardName, "--app",
        folder.File("App.dll"), "--version", "1.2.3", "--key", PrivateKey, "--out", Release, .. more]);
}
