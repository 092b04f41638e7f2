namespace NanoOta.VirtualDevice;

/// <summary>The second-stage bootloader of ESP-IDF 5.5.4, from otadata to the partition that it starts (docs/platform/boot.md, "Second
/// stage of ESP-IDF").</summary>
public sealed class EspBootloader
{
    /// <summary>No slot: <c>factory</c> is tried first, then every slot.</summary>
    private const int NoSlot = -1;

    private readonly EspTable table;
    private readonly SecureVersionFuse fuse;
    private readonly EspImages images;
    private readonly OtaData? otaData;
    private bool isInitial;

    private EspBootloader(NorFlash flash, EspTable table, SecureVersionFuse fuse)
    {
        this.table = table;
        this.fuse = fuse;
        images = new EspImages(flash, table);
        if (table.OtaData is { } offset) otaData = new OtaData(flash, offset);
    }

    /// <summary>Boots, whatever has reset the chip; null: no partition can start, and the chip resets in a loop.</summary>
    /// <exception cref="PowerLostException">Power is off, or fails now.</exception>
    public static EspPartition? Boot(NorFlash flash, EspTable table, SecureVersionFuse fuse)
    {
        var bootloader = new EspBootloader(flash, table, fuse);
        return bootloader.Load(bootloader.Select());
    }

    private bool HasRollback => table.Variant != OtaVariant.NoRollback;

    private bool IsAntiRollback => table.Variant == OtaVariant.AntiRollback;

    private int Select()
    {
        if (otaData == null) return NoSlot;
        var records = otaData.Read();
        if (HasRollback) GiveUpPending(records);
        if (IsAntiRollback ? records.All(r => r.IsInitial) : table.Slots.Count == 0 || records.All(r => r.IsUnusable))
            return SelectWithoutRecord(records);
        return OtaData.Active(records, MayDecide) is { } active ? SelectActive(records[active], active) : NoSlot;
    }

    // Also a record that does not decide, and whatever its CRC.
    private void GiveUpPending(OtaRecord[] records)
    {
        for (int i = 0; i < OtaData.Count; i++)
        {
            if (records[i].State != OtaState.Pending) continue;
            records[i] = records[i].With(OtaState.Aborted);
            otaData!.Write(i, records[i]);
        }
    }

    private int SelectWithoutRecord(OtaRecord[] records)
    {
        isInitial = IsAntiRollback || (table.Factory == null && records.All(r => r.IsInitial));
        return IsAntiRollback || table.Factory != null ? NoSlot : 0;
    }

    private bool MayDecide(OtaRecord record) =>
        record.IsValid && (!IsAntiRollback || fuse.Admits(images.SecureVersion(SlotOf(record))));

    // The record becomes pending before its image is looked at.
    private int SelectActive(OtaRecord record, int number)
    {
        if (HasRollback && record.State == OtaState.New) otaData!.Write(number, record.With(OtaState.Pending));
        if (IsAntiRollback && record.State == OtaState.Valid) RaiseFuse(SlotOf(record));
        return record.SlotOf(table.Slots.Count);
    }

    /// <summary>Downwards from the start to <c>factory</c>, then upwards, then <c>test</c>. The states of the records do not count
    /// here.</summary>
    private EspPartition? Load(int start)
    {
        for (int i = start; i >= 0; i--)
            if (Starts(Slot(i))) return Started(i);
        if (Starts(table.Factory)) return table.Factory;
        for (int i = start + 1; i < table.Slots.Count; i++)
            if (Starts(Slot(i))) return Started(i);
        return Starts(table.Test) ? table.Test : null;
    }

    private bool Starts(EspPartition? partition) => partition != null
        && (!IsAntiRollback || fuse.Admits(images.SecureVersion(partition))) && images.IsBootable(partition);

    private EspPartition Started(int number)
    {
        var slot = table.Slots[number];
        if (!isInitial) return slot;
        otaData!.Write(0, OtaRecord.Of((uint)number + 1, OtaState.Valid));
        if (IsAntiRollback) RaiseFuse(slot);
        return slot;
    }

    private void RaiseFuse(EspPartition slot)
    {
        if (images.SecureVersion(slot) is { } version) fuse.Raise(version);
    }

    private EspPartition SlotOf(OtaRecord record) => table.Slots[record.SlotOf(table.Slots.Count)];

    private EspPartition? Slot(int number) => number < table.Slots.Count ? table.Slots[number] : null;
}
