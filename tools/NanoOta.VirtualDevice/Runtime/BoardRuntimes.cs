using NanoOta.Boards;

namespace NanoOta.VirtualDevice;

/// <summary>The runtime that ESP-IDF's bootloader has started.</summary>
/// <param name="Slot">Number of its runtime slot; −1: it is in <c>factory</c>.</param>
/// <param name="Version">The version in its application descriptor; empty without one.</param>
public sealed record StartedRuntime(int Slot, string Version)
{
    /// <summary>What the virtual device knows of it; null for a real nanoCLR, which is treated as one without a fault.</summary>
    internal VirtualRuntime? Content { get; init; }

    /// <summary>Its partition, if that is a runtime slot which can be updated; else null.</summary>
    [System.Text.Json.Serialization.JsonIgnore]
    public EspPartition? Region { get; internal init; }

    /// <summary>The runtime slots for its module; null if the board has none that can be updated.</summary>
    internal RuntimeSlots? Slots { get; init; }
}

/// <summary>The runtimes of a board: what its bootloader starts at each reset.</summary>
internal sealed class BoardRuntimes
{
    private readonly NorFlash flash;
    private readonly EspTable table;
    private readonly SecureVersionFuse fuse = new();
    private readonly bool areUpdated;

    public BoardRuntimes(Board board, NorFlash flash)
    {
        this.flash = flash;
        table = EspTable.Of(board);
        // As the native module of the firmware decides.
        areUpdated = table.OtaData != null && table.Slots.Count == RuntimeSlots.Count
            && board.Partitions.Records.Size >= FlashLayout.MinimumSizeWithRuntimes;
    }

    /// <summary>Whether the flash holds a runtime in a slot. Without one the virtual device needs no bootloader.</summary>
    public bool Any => table.OtaData != null && table.Slots.Any(slot => EspImages.IsImage(flash, slot));

    /// <summary>Runs the bootloader; null if it can start nothing.</summary>
    /// <exception cref="PowerLostException">Power is off, or fails now.</exception>
    public StartedRuntime? Start()
    {
        if (EspBootloader.Boot(flash, table, fuse) is not { } started) return null;
        int slot = table.NumberOf(started);
        return new StartedRuntime(slot, EspImages.ReadVersion(flash, started))
        {
            Content = VirtualRuntime.Read(flash, started),
            Region = areUpdated && slot >= 0 ? started : null,
            Slots = areUpdated && slot >= 0 ? new RuntimeSlots(flash, table, slot) : null,
        };
    }
}
