using NanoOta.Boards;
using NanoOta.Releases;
using NanoOta.Tests.Boards;
using NanoOta.VirtualDevice;

namespace NanoOta.Tests.Releases;

[TestClass]
public sealed class ChipFilesTests
{
    public static IEnumerable<string> Names => AllBoards.Names;

    [TestMethod]
    [DynamicData(nameof(Names))]
    public void A_chip_with_the_files_boots_the_app_regardless_of_its_old_content(string name)
    {
        var board = AllBoards.Load(name);
        var order = TestInput.Order() with { Board = board };
        foreach (var past in new[] { Erased(board), EarlierLife(board) })
        {
            byte[] flash = Merge(past, FilesOf(order));

            var slot = FlashImage.Read(board, flash, "chip").Single();
            Assert.AreEqual((0, "1.2.3", true), (slot.Slot, slot.Descriptor.Version, slot.IndexMatches));
            CollectionAssert.AreEqual(order.App!.Digest, slot.Image!.Digest);
            using var nor = Nor(flash);
            var boot = BootSelector.Boot(nor, FlashMap.Of(board), new RetainedMemory(), ResetReason.PowerOn);
            Assert.AreEqual((0, BootState.Confirmed), (boot.Slot, boot.Record.State));
            Assert.IsFalse(FlashMap.Of(board).IsPlausible(nor, 1), "an app of an earlier life could boot");
            int rest = board.Partitions.Slot(0).Offset + order.App!.Size;
            Assert.IsTrue(Bytes.All(flash, rest, board.Partitions.Slot(0).End - rest, 0xFF), "nanoCLR would load what is left");
        }
    }

    [TestMethod]
    [DynamicData(nameof(Names))]
    public void Files_have_the_chip_s_addresses_and_do_not_overlap(string name)
    {
        var board = AllBoards.Load(name);
        var files = FilesOf(TestInput.Order() with { Board = board });

        var loader = files[0];
        Assert.AreEqual(("bootloader.bin", board.Chip.Name == "esp32" ? 0x1000 : 0), (loader.Name, loader.Offset));
        Assert.AreEqual(("partition-table.bin", 0x8000, 0xC00), (files[1].Name, files[1].Offset, files[1].Content.Length));
        Assert.AreEqual(0x10000, files.Single(f => f.Name == "nanoCLR.bin").Offset);
        bool hasOtaData = files.Any(f => f.Name == "otadata.bin" && f.Offset == 0xD000 && Bytes.All(f.Content, 0, 0x2000, 0xFF));
        Assert.AreEqual(board.Partitions.OtaData != null, hasOtaData);
        for (int i = 1; i < files.Count; i++)
        {
            Assert.IsLessThanOrEqualTo(files[i].Offset, files[i - 1].Offset + files[i - 1].Content.Length);
            Assert.AreEqual(0, files[i].Offset % 0x1000);
        }
    }

    [TestMethod]
    public void Real_assemblies_are_flashed_as_they_are()
    {
        byte[] bin = [.. RealCore.Pe, .. TinyPe.App().Build()];
        var order = TestInput.Order(AppImage.Parse(bin, "app.bin"));
        byte[] flash = Merge(Erased(TestInput.Board), FilesOf(order));
        CollectionAssert.AreEqual(bin, flash.AsSpan(0x1E0000, bin.Length).ToArray());
    }

    [TestMethod]
    public void An_app_that_does_not_fit_is_refused()
    {
        StringAssert.Contains(TestInput.Refusal(() => FilesOf(TestInput.Order(TestInput.Image(900_000)))), "an app slot of esp32-devkitc-4mb has only 851968");
    }

    private static IReadOnlyList<ChipFile> FilesOf(ReleaseOrder order) =>
        ChipFiles.Create(order, TestEspImage.Bootloader(order.Board), TestEspImage.Runtime(order.Board));

    /// <summary>What esptool does: it erases the sectors of a file and writes it.</summary>
    private static byte[] Merge(byte[] flash, IEnumerable<ChipFile> files)
    {
        foreach (var file in files)
        {
            int sectors = (file.Content.Length + 4095) / 4096 * 4096;
            flash.AsSpan(file.Offset, sectors).Fill(0xFF);
            file.Content.CopyTo(flash, file.Offset);
        }

        return flash;
    }

    private static byte[] Erased(Board board)
    {
        var flash = new byte[board.FlashSize];
        Array.Fill(flash, (byte)0xFF);
        return flash;
    }

    /// <summary>Another app in both slots, on trial in slot 1, and dirt everywhere else.</summary>
    private static byte[] EarlierLife(Board board)
    {
        var flash = new byte[board.FlashSize];
        new Random(1).NextBytes(flash);
        using var nor = Nor(flash);
        var map = FlashMap.Of(board);
        for (int sector = 0; sector < 2; sector++) nor.EraseSector(map.Records + sector * 4096);
        new BootRecords(nor, map).Save(new BootRecord { Chosen = 1, State = BootState.Trial });
        flash = nor.Snapshot();
        for (int slot = 0; slot < 2; slot++) TestInput.Image(200_000).Bytes.CopyTo(flash.AsSpan(map.Slot(slot)));
        return flash;
    }

    private static NorFlash Nor(byte[] content)
    {
        var nor = new NorFlash(content.Length);
        for (int sector = 0; sector < content.Length; sector += NorFlash.SectorSize)
            nor.Program(sector, content.AsSpan(sector, NorFlash.SectorSize));
        return nor;
    }
}
