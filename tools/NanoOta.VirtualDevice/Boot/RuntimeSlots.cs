namespace NanoOta.VirtualDevice;

/// <summary>
/// The runtime slots of a board and the record of ESP-IDF's bootloader that chooses one, as running firmware sees and changes them. It
/// writes the records itself, because esp_ota_* acts on the active record, which need not be that of the running slot, and destroys the
/// other record when it chooses the active slot. Calls that return false have failed: flash does not hold what was written.
/// </summary>
/// <param name="flash">The flash.</param>
/// <param name="table">Partitions and chip; it has otadata and two slots.</param>
/// <param name="running">The slot that the bootloader started.</param>
public sealed class RuntimeSlots(NorFlash flash, EspTable table, int running)
{
    /// <summary>Number of slots that a board with runtime updates has.</summary>
    public const int Count = 2;

    private readonly OtaData otaData = new(flash, table.OtaData ?? throw new ArgumentException("no otadata", nameof(table)));

    /// <summary>Bytes of each slot.</summary>
    public int Size => table.Slots[0].Size;

    /// <summary>The slot that runs, 0 or 1.</summary>
    public int Running { get; } = running;

    /// <summary>The slot that does not run.</summary>
    public int Other => 1 - Running;

    /// <summary>The slot that the active record chooses; null = there is no active record.</summary>
    public int? Chosen => Active is { } active ? SlotOf(active) : null;

    /// <summary>Whether the running slot is chosen and only runs until the next reset.</summary>
    public bool IsPending => Chosen == Running && State is OtaState.New or OtaState.Pending;

    /// <summary>Whether the running slot is chosen and stays.</summary>
    public bool IsConfirmed => Chosen == Running && !IsPending;

    private int? Active => OtaData.Active(otaData.Read());

    private OtaState? State => Active is { } active ? otaData.Read()[active].State : null;

    /// <summary>Start of a slot, in bytes from the start of the flash.</summary>
    public int Start(int slot) => table.Slots[slot].Offset;

    /// <summary>Whether the bootloader would start a slot.</summary>
    public bool IsBootable(int slot) => new EspImages(flash, table).IsBootable(table.Slots[slot]);

    /// <summary>Makes the bootloader start a slot once. A cut before the end leaves the active record as it is.</summary>
    public bool Choose(int slot) => Choose(slot, OtaState.New);

    /// <summary>Makes the running slot stay. A cut loses the record of the slot that is to run or could not, and the other slot
    /// starts.</summary>
    public bool Confirm()
    {
        if (Chosen == Running) return !IsPending || SetActive(OtaState.Valid);
        // The bootloader could not start the other slot.
        return HasValidRecord(Running) ? SetActive(OtaState.Invalid) : Choose(Running, OtaState.Valid);
    }

    /// <summary>Makes the bootloader start the other slot at the next reset.</summary>
    public bool Leave()
    {
        if (IsPending && HasValidRecord(Other)) return true;
        return Chosen == Running && HasValidRecord(Other) ? SetActive(OtaState.Invalid) : Choose(Other);
    }

    private bool HasValidRecord(int slot) => otaData.Read().Any(record => record.IsValid && record.SlotOf(Count) == slot);

    /// <summary>Over the record that is not active.</summary>
    private bool Choose(int slot, OtaState state)
    {
        var records = otaData.Read();
        if (Active is not { } active) return Write(0, records[0].With((uint)slot + 1, state));
        uint sequence = EspOta.NextSequence(records[active].Sequence, slot, Count);
        if (sequence == uint.MaxValue) return false; // erased flash is no sequence
        return Write(1 - active, records[1 - active].With(sequence, state));
    }

    private int SlotOf(int active) => otaData.Read()[active].SlotOf(Count);

    private bool SetActive(OtaState state)
    {
        int active = Active!.Value;
        return Write(active, otaData.Read()[active].With(state));
    }

    private bool Write(int number, OtaRecord record)
    {
        otaData.Write(number, record);
        return otaData.Read()[number].Encode().AsSpan().SequenceEqual(record.Encode());
    }
}
