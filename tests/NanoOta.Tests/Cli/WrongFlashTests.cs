using NanoOta.Tests.Releases;

namespace NanoOta.Tests.Cli;

/// <summary>Flash files that are not what the device needs: named at once, and not waited for.</summary>
[TestClass]
public sealed class WrongFlashTests
{
    private readonly TemporaryFolder folder = new();

    private string Flash => folder.File("my.flash");

    [TestInitialize]
    public void MakeFlash()
    {
        NanoOtaTool.Run("keygen", "--out", folder.File("keys")).MustSucceed();
        NanoOtaTool.Run("flash", "--board", TestInput.BoardName, "--app", folder.Write("App.dll", TestInput.AppDll()), "--version", "1.0.0",
            "--trust", folder.File("keys/public.pem"), "--out", Flash).MustSucceed();
    }

    [TestCleanup]
    public void CleanUp() => folder.Dispose();

    [TestMethod]
    public void A_flash_of_a_board_with_another_partition_table_is_named() => StringAssert.Contains(Device("esp32-c3-devkitm-4mb"),
        "my.flash: its partition table is not the one of esp32-c3-devkitm-4mb; give the --board of the file");

    [TestMethod]
    public void A_flash_without_a_bootable_slot_ends_the_run()
    {
        byte[] flash = File.ReadAllBytes(Flash);
        flash.AsSpan(TestInput.Board.Partitions.Slot(0).Offset, 4096).Fill(0xFF);
        File.WriteAllBytes(Flash, flash);

        StringAssert.Contains(Device(TestInput.BoardName), "my.flash: neither app slot of esp32-devkitc-4mb has an app");
    }

    [TestMethod]
    public void Inspect_names_an_image_at_a_wrong_address_and_another_partition_table()
    {
        byte[] flash = File.ReadAllBytes(Flash);
        int slot = TestInput.Board.Partitions.Slot(0).Offset;
        flash.AsSpan(slot, 0x8000).CopyTo(flash.AsSpan(slot - 0x10000));
        File.WriteAllBytes(Flash, flash);

        var shown = NanoOtaTool.Run("inspect", Flash, "--board", TestInput.BoardName, "--json").MustSucceed().Json;
        var stray = shown.GetProperty("misplaced")[0];
        Assert.AreEqual("of the board", shown.GetProperty("partitionTable").GetString());
        Assert.AreEqual(1, shown.GetProperty("misplaced").GetArrayLength());
        Assert.AreEqual($"0x{slot - 0x10000:X}", stray.GetProperty("offset").GetString());
        Assert.AreEqual($"an app image 0x10000 below the start of deploy_0, where the runtime does not find it; write it to 0x{slot:X}",
            stray.GetProperty("problem").GetString());
        StringAssert.StartsWith(NanoOtaTool.Run("inspect", Flash, "--board", "esp32-c3-devkitm-4mb", "--json").MustSucceed().Json
            .GetProperty("partitionTable").GetString(), "not that of the board");
    }

    private string Device(string board) =>
        NanoOtaTool.Run("device", "--board", board, "--flash", Flash, "--offer", "http://127.0.0.1:1/", "--quiet").Refusal;
}
