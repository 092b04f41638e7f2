using NanoOta.VirtualDevice;

namespace NanoOta.Tests.VirtualDevice;

[TestClass]
public sealed class NorFlashTests
{
    private readonly NorFlash flash = new(4 * NorFlash.SectorSize);

    [TestMethod]
    public void Fresh_flash_is_erased() => Assert.IsFalse(flash.Snapshot().AsSpan().ContainsAnyExcept((byte)0xFF));

    [TestMethod]
    public void A_programmed_word_reads_back_and_an_erase_takes_only_its_sector()
    {
        flash.Program(8, [1, 2, 3, 4]);
        flash.Program(4096, [5, 6, 7, 8]);
        flash.EraseSector(0);
        CollectionAssert.AreEqual(new byte[] { 0xFF, 0xFF, 0xFF, 0xFF }, Read(8, 4));
        CollectionAssert.AreEqual(new byte[] { 5, 6, 7, 8 }, Read(4096, 4));
    }

    [TestMethod]
    [DataRow(1, 4, DisplayName = "offset")]
    [DataRow(0, 3, DisplayName = "length")]
    [DataRow(0, 0, DisplayName = "nothing")]
    [DataRow(4092, 8, DisplayName = "over the end of a sector")]
    [DataRow(-4, 4, DisplayName = "before the start")]
    [DataRow(16384, 4, DisplayName = "behind the end")]
    public void A_program_operation_that_silicon_would_corrupt_throws_and_changes_nothing(int offset, int length)
    {
        var before = flash.Snapshot();
        Assert.ThrowsExactly<NorMisuseException>(() => flash.Program(offset, new byte[length]));
        CollectionAssert.AreEqual(before, flash.Snapshot());
        Assert.AreEqual(0, flash.Operations);
    }

    [TestMethod]
    [DataRow(4)]
    [DataRow(-4096)]
    [DataRow(16384)]
    public void An_erase_that_is_not_of_a_sector_throws(int offset) =>
        Assert.ThrowsExactly<NorMisuseException>(() => flash.EraseSector(offset));

    [TestMethod]
    public void A_word_cannot_be_programmed_twice()
    {
        flash.Program(0, [0xF0, 0xFF, 0xFF, 0xFF]);
        Assert.ThrowsExactly<NorMisuseException>(() => flash.Program(0, [0xF0, 0xFF, 0xFF, 0xFF]));
    }

    [TestMethod]
    public void Operations_are_counted_by_sector()
    {
        flash.EraseSector(4096);
        flash.Program(4096, new byte[8]);
        flash.EraseSector(4096);
        CollectionAssert.AreEqual(new[] { 0, 2, 0, 0 }, flash.EraseCounts);
        CollectionAssert.AreEqual(new[] { 0, 1, 0, 0 }, flash.ProgramCounts);
        Assert.AreEqual(1, flash.BlankErases);
        Assert.AreEqual(3, flash.Operations);
    }

    [TestMethod]
    public void After_a_cut_every_call_fails_until_power_is_back()
    {
        var cut = PowerCut.At(1, CutMoment.After);
        flash.Arm(cut);
        Assert.ThrowsExactly<PowerLostException>(() => flash.Program(0, new byte[4]));
        Assert.AreEqual(new FlashOperation(1, FlashOperationKind.Program, 0, 4), cut.Fired);
        Assert.IsFalse(flash.IsPowered);
        Assert.ThrowsExactly<PowerLostException>(() => Read(0, 4));
        Assert.ThrowsExactly<PowerLostException>(() => flash.EraseSector(0));
        Assert.ThrowsExactly<PowerLostException>(() => flash.Program(0, new byte[4]));
        flash.PowerOn();
        CollectionAssert.AreEqual(new byte[4], Read(0, 4));
    }

    [TestMethod]
    public void A_cut_before_an_operation_leaves_it_undone()
    {
        flash.Arm(new PowerCut(o => o.Kind == FlashOperationKind.Erase ? CutMoment.Before : CutMoment.None));
        flash.Program(0, new byte[4]);
        Assert.ThrowsExactly<PowerLostException>(() => flash.EraseSector(0));
        flash.PowerOn();
        CollectionAssert.AreEqual(new byte[4], Read(0, 4));
    }

    [TestMethod]
    public void A_cut_from_another_thread_stops_the_flash()
    {
        var cutter = new Thread(flash.CutNow);
        cutter.Start();
        cutter.Join();
        Assert.ThrowsExactly<PowerLostException>(() => flash.EraseSector(0));
    }

    [TestMethod]
    public void A_worn_sector_keeps_what_it_holds()
    {
        flash.Program(0, [1, 2, 3, 4]);
        flash.WearOut(100);
        flash.EraseSector(0);
        flash.Program(4, [1, 2, 3, 4]);
        CollectionAssert.AreEqual(new byte[] { 1, 2, 3, 4, 0xFF, 0xFF, 0xFF, 0xFF }, Read(0, 8));
    }

    private byte[] Read(int offset, int count)
    {
        var bytes = new byte[count];
        flash.Read(offset, bytes);
        return bytes;
    }
}
