using NanoOta.Boards;

namespace NanoOta.VirtualDevice;

/// <summary>With which options of ESP-IDF bootloader and runtime were built.</summary>
public enum OtaVariant
{
    /// <summary>None: a chosen slot stays.</summary>
    NoRollback,
    /// <summary>CONFIG_BOOTLOADER_APP_ROLLBACK_ENABLE: it must be confirmed in its first boot.</summary>
    Rollback,
    /// <summary>CONFIG_BOOTLOADER_APP_ANTI_ROLLBACK as well: nothing with a lower secure version than the efuse boots.</summary>
    AntiRollback,
}

/// <summary>A partition that ESP-IDF boots: <c>factory</c>, <c>test</c> or <c>ota_N</c>. Bytes from the start of the flash.</summary>
public sealed record EspPartition(string Name, int Offset, int Size);

/// <summary>The parts of a partition table and of a chip that ESP-IDF's boot rules use.</summary>
public sealed record EspTable
{
    /// <summary>The options of bootloader and runtime.</summary>
    public OtaVariant Variant { get; init; } = OtaVariant.Rollback;

    /// <summary>Offset of otadata; null = none.</summary>
    public int? OtaData { get; init; }

    /// <summary>The partition that boots while otadata chooses none.</summary>
    public EspPartition? Factory { get; init; }

    /// <summary>The partition that boots when no other can.</summary>
    public EspPartition? Test { get; init; }

    /// <summary>ota_0, ota_1 …, without a gap.</summary>
    public required IReadOnlyList<EspPartition> Slots { get; init; }

    /// <summary>chip_id that images must have.</summary>
    public int ChipId { get; init; }

    /// <summary>Revision of the chip, major × 100 + minor; −1 = any.</summary>
    public int Revision { get; init; } = -1;

    /// <summary>The table of a board with runtime slots.</summary>
    public static EspTable Of(Board board) => new()
    {
        OtaData = board.Partitions.OtaData?.Offset,
        Factory = board.Partitions.Partitions.Where(p => p is { Type: Partition.App, SubType: Partition.Factory })
            .Select(p => new EspPartition("factory", p.Offset, p.Size)).FirstOrDefault(),
        Slots = [.. board.Partitions.Partitions.Where(p => p.IsOta).OrderBy(p => p.SubType)
            .Select((p, i) => new EspPartition($"ota_{i}", p.Offset, p.Size))],
        ChipId = board.Chip.ImageId,
    };

    /// <summary>The partition with this name; null = none.</summary>
    public EspPartition? Find(string name) => new[] { Factory, Test }.Concat(Slots).FirstOrDefault(p => p?.Name == name);

    /// <summary>Number of a runtime slot; −1 for another partition.</summary>
    public int NumberOf(EspPartition partition) => Slots.ToList().IndexOf(partition);
}
