using NanoOta.Releases;

namespace NanoOta.Tests.Releases;

/// <summary>Images that a flash tool wrote to a wrong address.</summary>
[TestClass]
public sealed class StrayImageTests
{
    private static readonly AppImage Image = AppImage.Build([TinyPe.Core.Build(), TinyPe.App().Build()]);

    private static int Slot0 => Some.Board.Partitions.Slot(0).Offset;

    [TestMethod]
    [DataRow(-0x10000, DisplayName = "in the end of the runtime")]
    [DataRow(-0x4000, DisplayName = "a little lower")]
    [DataRow(-64, DisplayName = "over the start of the slot")]
    public void An_image_below_the_first_slot_is_found_with_its_distance(int distance)
    {
        byte[] flash = FlashImage.Create(Some.Order());
        Image.Bytes.CopyTo(flash.AsSpan(Slot0 + distance));

        Assert.AreEqual(new StrayImage(Slot0 + distance, "mscorlib", 0, distance), StrayImages.Find(Some.Board, flash).Single());
    }

    [TestMethod]
    public void An_image_over_the_end_of_a_slot_is_found_at_the_slot_that_it_was_meant_for()
    {
        byte[] flash = FlashImage.Create(Some.Order());
        int slot1 = Some.Board.Partitions.Slot(1).Offset;
        Image.Bytes.CopyTo(flash.AsSpan(slot1 - 0x100));

        Assert.AreEqual(new StrayImage(slot1 - 0x100, "mscorlib", 1, -0x100), StrayImages.Find(Some.Board, flash).Single());
    }

    [TestMethod]
    public void What_lies_in_a_slot_is_not_misplaced_whatever_stands_before_it()
    {
        byte[] flash = FlashImage.Create(Some.Order());
        Image.Bytes.CopyTo(flash.AsSpan(Slot0 + 0x20000));
        Image.Bytes.CopyTo(flash.AsSpan(Some.Board.Partitions.Slot(1).Offset));

        Assert.IsEmpty(StrayImages.Find(Some.Board, flash));
    }

    [TestMethod]
    public void Of_a_damaged_image_the_place_is_known_and_not_the_name()
    {
        byte[] flash = FlashImage.Create(Some.Order());
        Image.Bytes.CopyTo(flash.AsSpan(Slot0 - 0x10000));
        flash[Slot0 - 0x10000 + AssemblyHeader.Length] ^= 1;

        Assert.AreEqual(new StrayImage(Slot0 - 0x10000, null, 0, -0x10000), StrayImages.Find(Some.Board, flash).Single());
    }
}
