using System.Security.Cryptography;
using NanoOta.Boards;

namespace NanoOta.Releases;

/// <summary>The content of one app slot in flash.</summary>
/// <param name="Slot">Number of the slot, 0 or 1.</param>
/// <param name="Descriptor">The expected content of the slot.</param>
/// <param name="Image">The image; null if the slot does not match the descriptor.</param>
/// <param name="IndexMatches">Whether the index region contains the index that the descriptor names.</param>
public sealed record FlashSlot(int Slot, SlotDescriptor Descriptor, AppImage? Image, bool IndexMatches);

/// <summary>The content of one runtime slot in flash.</summary>
/// <param name="Slot">Number of the slot, 0 or 1: ota_0 or ota_1.</param>
/// <param name="Descriptor">The expected content of the slot.</param>
/// <param name="Matches">Whether the slot contains that image.</param>
/// <param name="IndexMatches">Whether the index region contains the index that the descriptor names.</param>
public sealed record FlashRuntime(int Slot, SlotDescriptor Descriptor, bool Matches, bool IndexMatches);

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
    /// <summary>The flash of a newly flashed device: the partition table, the app in slot 0, the runtime of the order, if any, and their
    /// descriptors and indexes; everything else is erased. Without a boot record, slot 0 is confirmed; without otadata, ota_0 boots.</summary>
    /// <exception cref="ReleaseException">The image does not fit the board, or version or sequence number are invalid.</exception>
    public static byte[] Create(ReleaseOrder order)
    {
        var flash = Blank(order.Board.FlashSize);
        PartitionBinary.Create(order.Board.Partitions).CopyTo(flash, PartitionBinary.Offset);
        Slot(order).CopyTo(flash, order.Board.Partitions.Slot(0).Offset);
        order.Runtime?.Bytes.CopyTo(flash.AsSpan(order.Board.Partitions.Runtime.Offset));
        Records(order, order.Runtime).CopyTo(flash, order.Board.Partitions.Records.Offset);
        return flash;
    }

    /// <summary>All of slot 0, with the app in it.</summary>
    /// <exception cref="ReleaseException">The image does not fit the board.</exception>
    internal static byte[] Slot(ReleaseOrder order)
    {
        var app = AppOf(order);
        var slot = Blank(order.Board.Partitions.Slot(0).Size);
        app.Bytes.CopyTo(slot);
        return slot;
    }

    /// <summary>All of the <c>nanoota</c> partition: descriptor and index of slot 0 and, on boards with two runtime slots, of the runtime in
    /// ota_0; no boot record.</summary>
    /// <param name="order">The app, and the version of both images.</param>
    /// <param name="runtime">The runtime that is flashed with it; null: not known.</param>
    /// <exception cref="ReleaseException">An image does not fit the board, or version or sequence number are invalid.</exception>
    internal static byte[] Records(ReleaseOrder order, ReleaseImage? runtime)
    {
        ReleaseManifest.CheckNumber("settings schema", order.SettingsSchema);
        var records = Blank(order.Board.Partitions.Records.Size);
        Region(order, AppOf(order)).CopyTo(records, FlashLayout.IndexRegion);
        if (runtime == null || order.Board.Partitions.RuntimeSlots == 0) return records;
        ReleaseBuilder.CheckFit(order.Board, runtime);
        Region(order, runtime).CopyTo(records, FlashLayout.RuntimeIndexRegion);
        return records;
    }

    private static AppImage AppOf(ReleaseOrder order)
    {
        var app = order.App ?? throw new ReleaseException("a new flash needs an app; give --app");
        ReleaseBuilder.CheckFit(order.Board, app);
        return app;
    }

    // The start of an index region: descriptor and index.
    private static byte[] Region(ReleaseOrder order, ReleaseImage image)
    {
        var region = new byte[SlotDescriptor.Length + image.Index.Length];
        new SlotDescriptor
        {
            Kind = (ImageKind)image.Kind,
            Version = order.Version,
            Sequence = ReleaseVersion.Sequence(order.Version, order.Sequence),
            ImageSize = image.Size,
            SettingsSchema = order.SettingsSchema ?? 0,
            ImageDigest = image.Digest,
            IndexDigest = SHA256.HashData(image.Index),
        }.WriteTo(region);
        image.Index.CopyTo(region, SlotDescriptor.Length);
        return region;
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
            int region = RegionOffset(board, FlashLayout.IndexRegion, slot);
            var descriptor = SlotDescriptor.Read(flash[region..(region + SlotDescriptor.Length)]);
            if (descriptor == null) continue;
            var image = ReadImage(flash, board.Partitions.Slot(slot), descriptor);
            slots.Add(new FlashSlot(slot, descriptor, image, HasIndex(flash, region, descriptor)));
        }

        return slots;
    }

    /// <summary>Reads the runtime slots that have a descriptor, of a flash with the size of the board's.</summary>
    public static IReadOnlyList<FlashRuntime> ReadRuntimes(Board board, byte[] flash)
    {
        var found = new List<FlashRuntime>();
        var slots = board.Partitions.Partitions.Where(p => p.IsOta).OrderBy(p => p.SubType).ToList();
        for (int slot = 0; slot < slots.Count; slot++)
        {
            int region = RegionOffset(board, FlashLayout.RuntimeIndexRegion, slot);
            var descriptor = SlotDescriptor.Read(flash[region..(region + SlotDescriptor.Length)]);
            if (descriptor == null) continue;
            bool matches = Content(flash, slots[slot], descriptor) != null;
            found.Add(new FlashRuntime(slot, descriptor, matches, HasIndex(flash, region, descriptor)));
        }

        return found;
    }

    private static AppImage? ReadImage(byte[] flash, Partition partition, SlotDescriptor descriptor)
    {
        if (Content(flash, partition, descriptor) is not { } bytes) return null;
        try
        {
            return AppImage.Parse(bytes, partition.Name);
        }
        catch (ReleaseException)
        {
            return null;
        }
    }

    // The image of a descriptor; null if the partition has another content.
    private static byte[]? Content(byte[] flash, Partition partition, SlotDescriptor descriptor)
    {
        if (descriptor.ImageSize < 1 || descriptor.ImageSize > partition.Size) return null;
        byte[] bytes = flash[partition.Offset..(partition.Offset + descriptor.ImageSize)];
        return SHA256.HashData(bytes).AsSpan().SequenceEqual(descriptor.ImageDigest) ? bytes : null;
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

    private static int RegionOffset(Board board, int first, int slot) =>
        board.Partitions.Records.Offset + first + slot * FlashLayout.IndexRegionSize;
}
