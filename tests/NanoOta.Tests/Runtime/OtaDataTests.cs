using NanoOta.VirtualDevice;

namespace NanoOta.Tests.Runtime;

/// <summary>Those of ESP-IDF's boot rules that matter most here; the recorded vectors have all of them.</summary>
[TestClass]
public sealed class OtaDataTests
{
    private static readonly EspTable Table = new()
    {
        OtaData = 0,
        Slots = [new EspPartition("ota_0", 0x2000, 0x1000), new EspPartition("ota_1", 0x3000, 0x1000)],
        Revision = EspImageBuilder.ChipRevision,
    };

    private readonly NorFlash flash = new(0x4000);
    private readonly SecureVersionFuse fuse = new();

    private OtaData OtaData => new(flash, 0);

    [TestInitialize]
    public void Put_an_image_into_both_slots()
    {
        foreach (var slot in Table.Slots) flash.Program(slot.Offset, EspImageBuilder.Build("valid"));
    }

    [TestMethod]
    [DataRow(1u, 0x4743989Au)]
    [DataRow(2u, 0x55F63774u)]
    [DataRow(0xFFFFFFFEu, 0x99F8B879u)]
    [DataRow(0u, 0xFFFFFFFFu)]
    public void The_crc_is_that_of_the_sequence_alone(uint sequence, uint crc)
    {
        byte[] bytes = OtaRecord.Of(sequence, OtaState.Valid).Encode();
        Assert.AreEqual(crc, BitConverter.ToUInt32(bytes, 28));
        Assert.IsTrue(OtaRecord.Decode(bytes) is { HasRightCrc: true, IsValid: true });
    }

    [TestMethod]
    public void Slot_0_boots_a_blank_device_and_is_recorded()
    {
        Assert.AreEqual("ota_0", Boot());
        Assert.IsTrue(OtaData.Read()[0] is { Sequence: 1, State: OtaState.Valid, IsValid: true });
    }

    [TestMethod]
    public void A_chosen_slot_that_is_not_confirmed_boots_once()
    {
        Boot();
        Assert.AreEqual(EspOta.Ok, Running(0).SetBoot(Table.Slots[1]));
        Assert.AreEqual("ota_1", Boot());
        Assert.AreEqual("ota_0", Boot());
        Assert.AreEqual("ota_0", Boot());
    }

    [TestMethod]
    public void A_confirmed_slot_stays()
    {
        Boot();
        Running(0).SetBoot(Table.Slots[1]);
        Boot();
        Assert.AreEqual(EspOta.Ok, Running(1).MarkValid());
        Assert.AreEqual("ota_1", Boot());
        Assert.AreEqual("ota_1", Boot());
    }

    [TestMethod]
    public void Confirming_in_the_old_slot_confirms_the_slot_that_could_not_boot()
    {
        Boot();
        Running(0).SetBoot(Table.Slots[1]);
        flash.EraseSector(Table.Slots[1].Offset);
        Assert.AreEqual("ota_0", Boot());
        Running(0).MarkValid();
        Assert.AreEqual(Table.Slots[1], Running(0).GetBoot());
        Assert.IsTrue(OtaData.Read()[1] is { State: OtaState.Valid });
    }

    [TestMethod]
    public void Choosing_the_active_slot_again_destroys_the_other_record()
    {
        Boot();
        Running(0).SetBoot(Table.Slots[0]);
        Assert.IsTrue(OtaData.Read()[1] is { Sequence: 1, State: OtaState.New });
        Running(0).SetBoot(Table.Slots[1]);
        Boot();
        Running(1).MarkValid();
        Running(1).SetBoot(Table.Slots[1]);
        Assert.IsTrue(OtaData.Read().All(record => record.SlotOf(2) == 1));
    }

    [TestMethod]
    public void A_count_that_never_ends_is_reported() =>
        Assert.ThrowsExactly<EspHangException>(() => EspOta.NextSequence(0xFFFFFFFE, 3, 4));

    private string? Boot() => EspBootloader.Boot(flash, Table, fuse)?.Name;

    private EspOta Running(int slot) => new(flash, Table, fuse, Table.Slots[slot]);
}
