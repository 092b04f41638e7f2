using NanoOta.Boards;

namespace NanoOta.VirtualDevice;

/// <summary>Offsets of a board's app slots and <c>nanoota</c> partition, in bytes from the start of the flash.</summary>
/// <param name="Slot0">Start of slot 0.</param>
/// <param name="Slot1">Start of slot 1.</param>
/// <param name="SlotSize">Bytes of each slot.</param>
/// <param name="Records">Start of the <c>nanoota</c> partition.</param>
public sealed record FlashMap(int Slot0, int Slot1, int SlotSize, int Records)
{
    /// <summary>The map of a board's partition table.</summary>
    public static FlashMap Of(Board board)
    {
        var (slot0, slot1) = (board.Partitions.Slot(0), board.Partitions.Slot(1));
        return new FlashMap(slot0.Offset, slot1.Offset, slot0.Size, board.Partitions.Records.Offset);
    }

    /// <summary>Start of slot 0 or 1.</summary>
    public int Slot(int number) => number == 0 ? Slot0 : Slot1;

    /// <summary>Start of the index region of slot 0 or 1.</summary>
    public int Index(int number) => Records + FlashLayout.IndexRegion + number * FlashLayout.IndexRegionSize;

    /// <summary>Start of the index region of runtime slot 0 or 1.</summary>
    public int RuntimeIndex(int number) => Records + FlashLayout.RuntimeIndexRegion + number * FlashLayout.IndexRegionSize;

    /// <summary>Whether a slot begins with the header of an assembly that fits (SPEC.md, section 5.1).</summary>
    public bool IsPlausible(NorFlash flash, int slot)
    {
        var header = new byte[AssemblyHeader.Length];
        flash.Read(Slot(slot), header);
        return AssemblyHeader.ReadTotalSize(header, SlotSize) != 0;
    }
}
