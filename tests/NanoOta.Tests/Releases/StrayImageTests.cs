using NanoOta.Releases;

namespace NanoOta.Tests.Releases;

/// <summary>Images that a flash tool wrote to a wrong address.</summary>
[TestClass]
public sealed class StrayImageTests
{
    private static readonly AppImage Image = AppImage.Build([TinyPe.Core.Build(), TinyPe.App().Build()]);

    private static int Slot0 => TestInput.Board.Partitions.Slot(0).Offset;

    [TestMethod]
    [DataRow(-0x10000, DisplayName = "in the end of the runtime")]
    [DataRow(-0x4000, DisplayName = "a little lower")]
    [DataRow(-64, DisplayName = "over the start of the slot")]
    public void An_image_below_the_first_slot_is_found_with_its_distance(int distance)
    {
        byte[] flash = FlashImage.Create(TestInput.Order());
        Image.Bytes.CopyTo(flash.AsSpan(Slot0 + distance));

        Assert.AreEqual(new StrayImage(Slot0 + distance, "mscorlib", 0, distance), StrayImages.Find(TestInput.Board, flash).Single());
    }

    [TestMethod]
    public void An_image_across_a_slot_boundary_is_reported_for_the_intended_slot()
    {
        byte[] flash = FlashImage.Create(TestInput.Order());
        int slot1 = TestInput.Board.Partitions.Slot(1).Offset;
        Image.Bytes.CopyTo(flash.AsSpan(slot1 - 0x100));

        Assert.AreEqual(new StrayImage(slot1 - 0x100, "mscorlib", 1, -0x100), StrayImages.Find(TestInput.Board, flash).Single());
    }

    [TestMethod]
    public void An_image_in_a_slot_is_never_reported_as_misplaced()
    {
        byte[] flash = FlashImage.Create(TestInput.Order());
        Image.Bytes.CopyTo(flash.AsSpan(Slot0 + 0x20000));
        Image.Bytes.CopyTo(flash.AsSpan(TestInput.Board.Partitions.Slot(1).Offset));

        Assert.IsEmpty(StrayImages.Find(TestInput.Board, flash));
    }

    [TestMethod]
    public void A_damaged_image_is_reported_with_its_place_and_without_a_name()
    {
        byte[] flash = FlashImage.Create(TestInput.Order());
        Image.Bytes.CopyTo(flash.AsSpan(Slot0 - 0x10000));
        flash[Slot0 - 0x10000 + AssemblyHeader.Length] ^= 1;

        Assert.AreEqual(new StrayImage(Slot0 - 0x10000, null, 0, -0x10000), StrayImages.Find(TestInput.Board, flash).Single());
    }
}
