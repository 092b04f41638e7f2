using NanoOta.Releases;

namespace NanoOta.Tests.Releases;

[TestClass]
public sealed class FlashImageTests
{
    [TestMethod]
    public void A_new_flash_holds_the_partition_table_and_the_app_in_slot_0_and_nothing_else()
    {
        var order = TestInput.Order(TestInput.Image(9000));
        byte[] flash = FlashImage.Create(order);

        var slot = FlashImage.Read(TestInput.Board, flash, "flash").Single();
        Assert.AreEqual((0, "1.2.3", 4295098371L, true),
            (slot.Slot, slot.Descriptor.Version, slot.Descriptor.Sequence, slot.IndexMatches));
        CollectionAssert.AreEqual(order.App!.Digest, slot.Image!.Digest);
        Erase(flash, 0x8000, 0xC00);
        Erase(flash, TestInput.Board.Partitions.Slot(0).Offset, order.App!.Size);
        Erase(flash, TestInput.Board.Partitions.Records.Offset + 0x4000, 128 + order.App!.Index.Length);
        Assert.IsTrue(Bytes.All(flash, 0, TestInput.Board.FlashSize, 0xFF));
    }

    [TestMethod]
    public void A_damaged_image_or_index_in_flash_is_reported()
    {
        byte[] flash = FlashImage.Create(TestInput.Order());
        flash[TestInput.Board.Partitions.Slot(0).Offset + 200] ^= 1;
        flash[TestInput.Board.Partitions.Records.Offset + 0x4000 + 128] ^= 1;

        var slot = FlashImage.Read(TestInput.Board, flash, "flash").Single();
        Assert.IsNull(slot.Image);
        Assert.IsFalse(slot.IndexMatches);
    }

    [TestMethod]
    public void A_flash_of_another_size_is_refused()
    {
        StringAssert.Contains(TestInput.Refusal(() => FlashImage.Read(TestInput.Board, new byte[100], "x.flash")), "x.flash: has 100 bytes");
    }

    [TestMethod]
    public void A_flash_is_identified_by_its_partition_table()
    {
        byte[] flash = FlashImage.Create(TestInput.Order());
        var other = NanoOta.Boards.Board.Load("esp32-c3-devkitm-4mb");

        Assert.AreEqual(FlashTable.OfBoard, FlashImage.TableIn(TestInput.Board, flash.AsSpan(0x8000, 0xC00)));
        Assert.AreEqual(FlashTable.Other, FlashImage.TableIn(other, flash.AsSpan(0x8000, 0xC00)));
        Assert.AreEqual(FlashTable.None, FlashImage.TableIn(TestInput.Board, flash.AsSpan(0, 0xC00)));
    }

    private static void Erase(byte[] flash, int offset, int count)
    {
        Assert.IsFalse(Bytes.All(flash, offset, count, 0xFF));
        flash.AsSpan(offset, count).Fill(0xFF);
    }
}
