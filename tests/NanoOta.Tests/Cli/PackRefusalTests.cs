using NanoOta.Releases;
using NanoOta.Tests.Releases;

namespace NanoOta.Tests.Cli;

/// <summary>Releases that devices would refuse, or could not distinguish from another one.</summary>
[TestClass]
public sealed class PackRefusalTests
{
    private readonly TemporaryFolder folder = new();

    [TestInitialize]
    public void MakeKeysAndApp() => NanoOtaTool.MakeKeysAndApp(folder);

    [TestCleanup]
    public void CleanUp() => folder.Dispose();

    [TestMethod]
    [DataRow("--after", "2.0.0", "no device would install 1.2.3: it requires firmware with the sequence 8589934592 or more")]
    [DataRow("--after", "1.2.3", "or more, but itself has 4295098371; give --after an older version")]
    [DataRow("--expires", "0d", "--expires '0d' is wrong; give 2027-01-31, 2027-01-31T12:00Z, 30d, 12h (1 to 99999) or never")]
    [DataRow("--mirror", "http://h:70000/", "mirror 'http://h:70000/' is wrong; give http:// or https://, host, port (1 to 65535)")]
    public void A_release_that_no_device_takes_is_not_packed(string option, string value, string reason)
    {
        StringAssert.Contains(Pack("1.2.3", option, value).Refusal, reason);
        Assert.IsFalse(Directory.Exists(folder.File("release")));
    }

    [TestMethod]
    public void Another_image_under_a_used_sequence_is_refused_and_the_same_image_is_packed()
    {
        Pack("1.2.3").MustSucceed();
        Pack("1.2.3").MustSucceed();
        byte[] before = File.ReadAllBytes(folder.File("release/manifest.cose"));
        folder.Write("App.dll", TinyAssembly.Create("App", new Version(9, 0, 0, 0), hasMain: true, "NanoOta.Identity"));

        StringAssert.Contains(Pack("1.2.3").Refusal, "1.2.3 with another image has sequence 4295098371 as well, and devices");
        StringAssert.Contains(Pack("1.2.3+b", "--sequence", "4295098371").Refusal, "give a higher --version or --sequence, or --force");
        CollectionAssert.AreEqual(before, File.ReadAllBytes(folder.File("release/manifest.cose")));
        Pack("1.2.3", "--force").MustSucceed();
        Pack("1.2.3", "--product", "other").MustSucceed();
        Pack("1.2.4").MustSucceed();
    }

    [TestMethod]
    public void Build_metadata_alone_does_not_make_another_release()
    {
        StringAssert.Contains(Pack("1.2.3+b").Refusal, "version 1.2.3+b has build metadata and needs an explicit --sequence");
        Pack("1.2.3+b", "--sequence", "17").MustSucceed();
    }

    [TestMethod]
    public void A_stopped_release_and_the_last_possible_one_are_packed_with_a_note()
    {
        StringAssert.Contains(Notes(Pack("1.0.0", "--wave", "0", "--json")), "no device installs it until its wave is increased");
        var last = Pack("1.0.0", "--json", "--sequence", $"{ReleaseVersion.MaxSequence}");
        StringAssert.Contains(Notes(last), "it has the highest sequence; no release can follow it");
        Assert.AreEqual("", Notes(Pack("1.0.0", "--json", "--sequence", $"{ReleaseVersion.MaxSequence - 1}", "--force")));
    }

    [TestMethod]
    public void A_moved_region_under_one_board_name_is_noted_by_pack_and_flash()
    {
        var board = Board("");
        Pack("1.0.0", "--board", board).MustSucceed();
        Assert.AreEqual("", Notes(Pack("1.0.1", "--board", board, "--json")));
        Flash(board).MustSucceed();
        Assert.DoesNotContain("the partition table differs", Flash(board).MustSucceed().Output);
        NanoOtaTool.Run("rollout", folder.File("release"), "--wave", "50", "--key", folder.File("keys/private.pem")).MustSucceed();

        board = Board("config,   data, littlefs, 0x3C0000, 0x40000");
        StringAssert.Contains(Notes(Pack("1.0.2", "--board", board, "--json")),
            "the partition table of lamp differs from the one that 1.0.1 was packed with");
        StringAssert.Contains(Flash(board).MustSucceed().Output, "the partition table differs from the one that was here");
        NanoOtaTool.Run("verify", folder.File("release"), "--trust", folder.File("keys/public.pem")).MustSucceed();
    }

    private static string Notes(NanoOtaTool run) =>
        string.Join('\n', run.MustSucceed().Json.GetProperty("notes").EnumerateArray().Select(note => note.GetString()));

    private NanoOtaTool Pack(string version, params string[] more)
    {
        string[] board = more.Contains("--board") ? [] : ["--board", TestInput.BoardName];
        return NanoOtaTool.Run(["pack", "--app", folder.File("App.dll"), "--version", version, "--key", folder.File("keys/private.pem"),
            "--out", folder.File("release"), .. board, .. more]);
    }

    private NanoOtaTool Flash(string board)
    {
        var chip = NanoOta.Boards.Board.Load(board);
        folder.Write("bootloader.bin", TestEspImage.Bootloader(chip));
        folder.Write("nanoCLR.bin", TestEspImage.Runtime(chip));
        return NanoOtaTool.Run("flash", "--board", board, "--app", folder.File("App.dll"), "--version", "1.0.0", "--trust",
            folder.File("keys/public.pem"), "--clr", folder.File("nanoCLR.bin"), "--bootloader", folder.File("bootloader.bin"),
            "--files", folder.File("chip"));
    }

    private string Board(string more)
    {
        folder.Write("table.csv", $"""
            factory,  app,  factory, 0x10000,  0x1A0000
            deploy_0, data, 0x84,    0x1B0000, 0xF0000
            deploy_1, data, 0x84,    0x2A0000, 0xF0000
            nanoota,  data, 0x40,    0x390000, 0x12000
            {more}
            """);
        return folder.Write("board.json",
            """{ "id": "lamp", "name": "Lamp", "chip": "esp32", "flashSize": "4MB", "partitions": "table.csv" }""");
    }
}
