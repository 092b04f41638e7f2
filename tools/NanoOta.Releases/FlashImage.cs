using System.Security.Cryptography;
using NanoOta.Boards;

namespace NanoOta.Releases;

/// <summary>The content of one app slot in flash.</summary>
/// <param name="Slot">Number of the slot, 0 or 1.</param>
/// <param name="Descriptor">The expected content of the slot.</param>
/// <param name="Image">The image; null if the slot does not match the descriptor.</param>
/// <param name="IndexMatches">Whether the index region contains the index that the descriptor names.</param>
public sealed record FlashSlot(int Slot, SlotDescriptor Descriptor, AppImage? Image, bool IndexMatches);

/// <summary>The partition table that a flash contains.</summary>
public enum FlashTable
{
    /// <summary>No table: its place is erased or has other data.</summary>
    None,
    /// <summary>The board's table.</summary>
    OfBoard,
    /// <summary>A table other than the board's.</summary>
    Other,
}

/// <summary>The whole flash of a device (SPEC.md, section 5).</summary>
public static class FlashImage
{
    /// <summary>The flash of a newly flashed device: the partition table, the app in slot 0, its descriptor and index; everything else is
    /// erased. Without a boot record, slot 0 is confirmed.</summary>
    /// <exception cref="ReleaseException">The image does not fit the board, or version or sequence number are invalid.</exception>
    public static byte[] Create(ReleaseOrder order)
    {
        var flash = Blank(order.Board.FlashSize);
        PartitionBinary.Create(order.Board.Partitions).CopyTo(flash, PartitionBinary.Offset);
        Slot(order).CopyTo(flash, order.Board.Partitions.Slot(0).Offset);
        Records(order).CopyTo(flash, order.Board.Partitions.Records.Offset);
        return flash;
    }

    /// <summary>All of slot 0, with the app in it.</summary>
    /// <exception cref="ReleaseException">The image does not fit the board.</exception>
    internal static byte[] Slot(ReleaseOrder order)
    {
        ReleaseBuilder.CheckFit(order.Board, order.Image);
        var slot = Blank(order.Board.Partitions.Slot(0).Size);
        order.Image.Bytes.CopyTo(slot);
        return slot;
    }

    /// <summary>All of the <c>nanoota</c> partition: descriptor and index of slot 0, and no boot record.</summary>
    /// <exception cref="ReleaseException">The image does not fit the board, or version or sequence number are invalid.</exception>
    internal static byte[] Records(ReleaseOrder order)
    {
        var (board, image) = (order.Board, order.Image);
        ReleaseBuilder.CheckFit(board, image);
        ReleaseManifest.CheckNumber("settings schema", order.SettingsSchema);
        var descriptor = new byte[SlotDescriptor.Length];
        new SlotDescriptor
        {
            Version = order.Version,
            Sequence = ReleaseVersion.Sequence(order.Version, order.Sequence),
            ImageSize = image.Size,
            SettingsSchema = order.SettingsSchema ?? 0,
            ImageDigest = image.Digest,
            IndexDigest = SHA256.HashData(image.Index),
        }.WriteTo(descriptor);
        var records = Blank(board.Partitions.Records.Size);
        descriptor.CopyTo(records, FlashLayout.IndexRegion);
        image.Index.CopyTo(records, FlashLayout.IndexRegion + SlotDescriptor.Length);
        return records;
    }

    /// <summary>Erased flash.</summary>
    internal static byte[] Blank(int size)
    {
        var bytes = new byte[size];
        Array.Fill(bytes, (byte)0xFF);
        return bytes;
    }

    /// <summary>Compares the <see cref="PartitionBinary.Size"/> bytes at <see cref="PartitionBinary.Offset"/> with a board's
    /// table.</summary>
    public static FlashTable TableIn(Board board, ReadOnlySpan<byte> table)
    {
        if (table.SequenceEqual(PartitionBinary.Create(board.Partitions))) return FlashTable.OfBoard;
        return PartitionBinary.IsTable(table) ? FlashTable.Other : FlashTable.None;
    }

    /// <summary>Reads the slots that have a descriptor.</summary>
    /// <exception cref="ReleaseException">The size is not that of the board's flash.</exception>
    public static IReadOnlyList<FlashSlot> Read(Board board, byte[] flash, string source)
    {
        if (flash.Length != board.FlashSize)
            throw new ReleaseException($"{source}: has {flash.Length} bytes, but the flash of {board.Id} has {board.FlashSize}; "
                + "give the --board of this flash");
        var slots = new List<FlashSlot>();
        for (int slot = 0; slot < 2; slot++)
        {
            int region = RegionOffset(board, slot);
            var descriptor = SlotDescriptor.Read(flash[region..(region + SlotDescriptor.Length)]);
            if (descriptor == null) continue;
            var image = ReadImage(board, flash, slot, descriptor);
            slots.Add(new FlashSlot(slot, descriptor, image, HasIndex(flash, region, descriptor)));
        }

        return slots;
    }

    private static AppImage? ReadImage(Board board, byte[] flash, int slot, SlotDescriptor descriptor)
    {
        var partition = board.Partitions.Slot(slot);
        if (descriptor.ImageSize < 1 || descriptor.ImageSize > partition.Size) return null;
        byte[] bytes = flash[partition.Offset..(partition.Offset + descriptor.ImageSize)];
        if (!SHA256.HashData(bytes).AsSpan().SequenceEqual(descriptor.ImageDigest)) return null;
        try
        {
            return AppImage.Parse(bytes, $"slot {slot}");
        }
        catch (ReleaseException)
        {
            return null;
        }
    }

    private static bool HasIndex(byte[] flash, int region, SlotDescriptor descriptor)
    {
        if (descriptor.ImageSize < 1) return false;
        // Header and table of a packed file, or a block index.
        int at = region + SlotDescriptor.Length;
        bool isPacked = flash.AsSpan(at).StartsWith("NODP"u8);
        int length = isPacked ? PackedTable.LengthOf(flash, at) : BlockIndex.FileLength(descriptor.ImageSize);
        return length <= FlashLayout.IndexRegionSize - SlotDescriptor.Length && SHA256
            .HashData(flash.AsSpan(region + SlotDescriptor.Length, length)).AsSpan().SequenceEqual(descriptor.IndexDigest);
    }

    private static int RegionOffset(Board board, int slot) =>
        board.Partitions.Records.Offset + FlashLayout.IndexRegion + slot * FlashLayout.IndexRegionSize;
}
