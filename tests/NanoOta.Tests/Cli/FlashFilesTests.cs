using NanoOta.Releases;
using NanoOta.Tests.Boards;
using NanoOta.Tests.Releases;

namespace NanoOta.Tests.Cli;

[TestClass]
public sealed class FlashFilesTests
{
    private readonly TemporaryFolder folder = new();

    [TestInitialize]
    public void MakeInputs()
    {
        NanoOtaTool.Run("keygen", "--out", folder.File("keys")).MustSucceed();
        folder.Write("app.bin", TestInput.Image().Bytes.ToArray());
        folder.Write("NanoOta.Identity.dll", TestInput.Dll("NanoOta.Identity"));
        folder.Write("App.dll", TestInput.AppDll("NanoOta.Identity"));
        Build(TestInput.BoardName);
    }

    [TestCleanup]
    public void CleanUp() => folder.Dispose();

    public static IEnumerable<string> Names => AllBoards.Names;

    [TestMethod]
    [DynamicData(nameof(Names))]
    public void The_printed_command_writes_the_flash_content_of_a_virtual_device(string name)
    {
        var board = AllBoards.Load(name);
        Build(name);
        var made = Files("--board", name, "--json").MustSucceed().Json;
        string[] runtime = board.Partitions.RuntimeSlots > 0 ? ["--clr", folder.File("nanoCLR.bin")] : [];
        NanoOtaTool.Run(["flash", "--board", name, "--app", folder.File("app.bin"), "--version", "1.2.3", "--out", folder.File("flash"),
            .. runtime]).MustSucceed();

        var flash = made.GetProperty("flash").GetString()!;
        StringAssert.StartsWith(flash, $"esptool.py --chip {board.Chip.Name} --port PORT write_flash 0x");
        byte[] chip = Run(flash, board.FlashSize);
        byte[] device = File.ReadAllBytes(folder.File("flash"));
        int slot = board.Partitions.Slot(0).Offset, records = board.Partitions.Records.Offset;
        CollectionAssert.AreEqual(device[slot..board.Partitions.Slot(0).End], chip[slot..board.Partitions.Slot(0).End]);
        CollectionAssert.AreEqual(device[records..board.Partitions.Records.End], chip[records..board.Partitions.Records.End]);
        Assert.AreEqual("1.2.3", FlashImage.Read(board, chip, "chip").Single().Descriptor.Version);
        EspImage.CheckBootloader(chip[board.Chip.BootloaderOffset..0x8000], "chip", board);
        StringAssert.EndsWith(made.GetProperty("nanoff").GetString(), $"deploy_0.bin --address 0x{slot:X}");
    }

    [TestMethod]
    public void The_deploy_command_makes_slot_0_run_where_slot_1_was_chosen()
    {
        var board = AllBoards.Load(TestInput.BoardName);
        var made = Files("--json").MustSucceed().Json;
        byte[] fresh = Run(made.GetProperty("flash").GetString()!, board.FlashSize);
        byte[] used = [.. fresh];
        var (slot, records) = (board.Partitions.Slot(0), board.Partitions.Records);
        Array.Fill(used, (byte)0x5A, slot.Offset, slot.Size);
        Array.Fill(used, (byte)0x5A, records.Offset, records.Size);

        var deploy = made.GetProperty("deploy").GetString()!;
        StringAssert.StartsWith(deploy, $"esptool.py --chip {board.Chip.Name} --port PORT write_flash 0x");
        CollectionAssert.AreEqual(fresh, Write(deploy, used));
        StringAssert.Contains(Files().MustSucceed().Output, "if slot 1 runs, the old app still boots");
    }

    [TestMethod]
    [DataRow("esp32-devkitc-4mb", "to 0x1B0000, into 'factory', and destroys it", "writes stock firmware and its partition table")]
    [DataRow("esp32-c3-devkitm-4mb", "to 0x1B0000, which is correct on this board", "writes stock firmware and its partition table")]
    [DataRow("esp32-s3-devkitc-1-8mb", "to 0x1B0000, into 'ota_0', and destroys it", "never use nanoff --update")]
    [DataRow("esp32-s3-devkitc-1-16mb", "to 0x1B0000, into 'ota_0', and destroys it", "CONFIG_BOOTLOADER_APP_ROLLBACK_ENABLE=y")]
    public void The_pitfalls_of_a_board_are_printed(string name, string address, string update)
    {
        Build(name);
        var text = Files("--board", name).MustSucceed().Output;
        StringAssert.Contains(text, address);
        StringAssert.Contains(text, update);
        StringAssert.Contains(text, "nanoCLR does not run it");
    }

    [TestMethod]
    public void Wrong_input_is_reported_and_writes_nothing()
    {
        StringAssert.Contains(Flash().Refusal, "give either --out FILE, for a virtual device, or --files DIR, for a board");
        StringAssert.Contains(Files("--out", folder.File("x")).Refusal, "give either --out FILE");
        StringAssert.Contains(Flash("--out", folder.File("x"), "--clr", "c.bin").Refusal, "--clr needs --files");
        string target = folder.File("out"), loader = folder.File("bootloader.bin");
        StringAssert.Contains(Flash("--files", target).Refusal, "--files needs --bootloader, the bootloader image of the board");
        StringAssert.Contains(Flash("--files", target, "--bootloader", loader).Refusal, "--files needs --clr");
        File.Delete(folder.File("nanoCLR.bin"));
        StringAssert.Contains(Files().Refusal, "nanoCLR.bin: no such runtime image; use the one from the build of the firmware");
        Build("esp32-c3-devkitm-4mb");
        StringAssert.Contains(Files().Refusal, "bootloader.bin: is for esp32c3, but esp32-devkitc-4mb has the esp32");
        Assert.IsFalse(Directory.Exists(target));
        Build(TestInput.BoardName);
        Directory.CreateDirectory(Path.Combine(target, "nanoota.bin"));
        StringAssert.Contains(Files().Refusal, "nanoota.bin: is a folder; give a file");
        Assert.HasCount(1, Directory.GetFileSystemEntries(target));
    }

    [TestMethod]
    public void Firmware_without_a_trusted_key_is_refused()
    {
        string[] app =
            ["flash", "--board", TestInput.BoardName, "--app", folder.File("App.dll"), "--version", "1.0.0", "--out", folder.File("f")];
        StringAssert.Contains(NanoOtaTool.Run(app).Refusal, "--trust is missing: firmware without a trusted key can never be updated");
        NanoOtaTool.Run([.. app, "--trust", folder.File("keys/public.pem")]).MustSucceed();
    }

    private void Build(string board)
    {
        folder.Write("bootloader.bin", TestEspImage.Bootloader(AllBoards.Load(board)));
        folder.Write("nanoCLR.bin", TestEspImage.Runtime(AllBoards.Load(board)));
    }

    private NanoOtaTool Files(params string[] more) => Flash(["--files", folder.File("out"), "--clr", folder.File("nanoCLR.bin"),
        "--bootloader", folder.File("bootloader.bin"), .. more]);

    private NanoOtaTool Flash(params string[] more)
    {
        string[] board = more.Contains("--board") ? [] : ["--board", TestInput.BoardName];
        return NanoOtaTool.Run(["flash", "--app", folder.File("app.bin"), "--version", "1.2.3", .. board, .. more]);
    }

    /// <summary>Writes what the command names into an erased flash.</summary>
    private static byte[] Run(string command, int size)
    {
        var flash = new byte[size];
        Array.Fill(flash, (byte)0xFF);
        return Write(command, flash);
    }

    private static byte[] Write(string command, byte[] flash)
    {
        foreach (var pair in command[command.IndexOf("0x", StringComparison.Ordinal)..].Split(' ').Chunk(2))
            File.ReadAllBytes(pair[1]).CopyTo(flash, Convert.ToInt32(pair[0], 16));
        return flash;
    }
}
