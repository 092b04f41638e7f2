using NanoOta.VirtualDevice;

namespace NanoOta.Tests.VirtualDevice;

[TestClass]
public sealed class BootRecordTests
{
    private static readonly BootRecord Full = new()
    {
        Chosen = 1,
        State = BootState.Trial,
        Previous = 0,
        Sequence = 0x01020304,
        TrialBoots = 5,
        PowerBlips = 6,
        ClrSlot = 7,
        SafeMode = SafeMode.Chosen,
        Reason = UpdateError.TrialWatchdog,
        ChosenFingerprint = 0x14131211,
        PreviousFingerprint = 0x24232221,
    };

    [TestMethod]
    public void A_record_is_encoded_byte_by_byte_as_specified()
    {
        var expected = Convert.FromHexString("4E4F4252" + "01" + "01" + "02" + "00" + "04030201" + "05" + "06" + "07" + "01"
            + "7217" + "0000" + "11121314" + "21222324");
        var bytes = Full.Encode();
        CollectionAssert.AreEqual(expected, bytes[..28]);
        Assert.AreEqual(Checksum.Crc32(bytes, 0, 28), Bytes.GetU32(bytes, 28));
        Assert.AreEqual(Full, BootRecord.Decode(bytes));
    }

    [TestMethod]
    public void A_record_with_any_bit_wrong_is_not_valid()
    {
        for (int bit = 0; bit < 8 * BootRecord.Length; bit++)
        {
            var bytes = Full.Encode();
            bytes[bit / 8] ^= (byte)(1 << (bit % 8));
            Assert.IsNull(BootRecord.Decode(bytes), $"bit {bit}");
        }
    }

    [TestMethod]
    [DataRow(4, 2, DisplayName = "unknown format")]
    [DataRow(5, 2, DisplayName = "no such chosen slot")]
    [DataRow(6, 0, DisplayName = "state 0")]
    [DataRow(6, 4, DisplayName = "state 4")]
    [DataRow(7, 2, DisplayName = "no such previous slot")]
    [DataRow(15, 3, DisplayName = "safe mode 3")]
    [DataRow(7, 1, DisplayName = "previous slot is the chosen one")]
    public void A_record_with_a_right_CRC_and_a_wrong_field_is_not_valid(int offset, int value)
    {
        var bytes = Full.Encode();
        bytes[offset] = (byte)value;
        Bytes.PutU32(bytes, 28, Checksum.Crc32(bytes, 0, 28));
        Assert.IsNull(BootRecord.Decode(bytes));
    }

    [TestMethod]
    [DataRow(3u, 4u, 4u)]
    [DataRow(4u, 3u, 4u)]
    [DataRow(uint.MaxValue, 3u, uint.MaxValue)]
    public void The_copy_with_the_higher_sequence_counts(uint a, uint b, uint winner)
    {
        var flash = Copies(Full with { Sequence = a }, Full with { Sequence = b });
        Assert.AreEqual(winner, TestFlash.RecordIn(flash)!.Sequence);
    }

    [TestMethod]
    public void With_equal_sequences_copy_A_counts()
    {
        var flash = Copies(Full with { PowerBlips = 1 }, Full with { PowerBlips = 2 });
        Assert.AreEqual(1, TestFlash.RecordIn(flash)!.PowerBlips);
    }

    [TestMethod]
    public void The_copies_are_written_in_turn_beginning_with_A()
    {
        var flash = new NorFlash(TestFlash.Size);
        var records = new BootRecords(flash, TestFlash.Map);
        for (uint i = 1; i <= 5; i++) Assert.AreEqual(i, records.Save(Full)!.Sequence);
        Assert.AreEqual(2, flash.EraseCounts[TestFlash.Map.Records / NorFlash.SectorSize]);
        Assert.AreEqual(1, flash.EraseCounts[TestFlash.Map.Records / NorFlash.SectorSize + 1]);
        Assert.AreEqual(0, flash.BlankErases);
        Assert.AreEqual(5u, records.Load()!.Sequence);
    }

    [TestMethod]
    public void A_worn_copy_is_abandoned_after_two_tries_and_the_old_record_stays()
    {
        var flash = TestFlash.With(Full);
        flash.WearOut(TestFlash.Map.Records + NorFlash.SectorSize);
        Assert.IsNull(new BootRecords(flash, TestFlash.Map).Save(BootRecord.None));
        Assert.AreEqual(2, flash.ProgramCounts[TestFlash.Map.Records / NorFlash.SectorSize + 1]);
        Assert.AreEqual(Full with { Sequence = 7 }, TestFlash.RecordIn(flash));
    }

    private static NorFlash Copies(BootRecord a, BootRecord b)
    {
        var flash = new NorFlash(TestFlash.Size);
        flash.Program(TestFlash.Map.Records, a.Encode());
        flash.Program(TestFlash.Map.Records + NorFlash.SectorSize, b.Encode());
        return flash;
    }
}
