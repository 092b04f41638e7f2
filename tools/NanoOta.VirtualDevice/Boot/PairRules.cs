namespace NanoOta.VirtualDevice;

/// <summary>How a boot record changes where app and runtime belong together: <see cref="BootRecord.ClrSlot"/> names the runtime slot of the
/// chosen app, and the previous app belongs to the other one. Without runtime slots, or for an app that runs on any, the rules for the app
/// alone hold.</summary>
internal sealed class PairRules(NorFlash flash, FlashMap map, RuntimeSlots? runtime)
{
    /// <summary>Whether the record binds its app to a runtime slot that this board has.</summary>
    public bool IsPair(BootRecord record) => runtime != null && record.ClrSlot < RuntimeSlots.Count;

    /// <summary>Whether the app that the record chooses belongs to the runtime that does not run.</summary>
    public bool IsOfOther(BootRecord record) => IsPair(record) && record.ClrSlot != runtime!.Running;

    /// <summary>The record that ends a trial: the pair before it, or if that cannot start, the same pair in safe mode.</summary>
    public BootRecord EndTrial(BootRecord record, UpdateError reason)
    {
        if (!IsPair(record)) return record.EndTrial(flash, map, reason);
        int before = 1 - record.ClrSlot;
        if (runtime!.Running != before && !runtime.IsBootable(before))
            return record.RevertInSafeMode(flash, map, record.Chosen, reason);
        if (record.IsRuntimeOnly) return RevertRuntime(record, reason);
        var ended = record.EndTrial(flash, map, reason);
        return ended.Chosen == record.Previous ? ended with { ClrSlot = (byte)before } : ended;
    }

    /// <summary>Whether this is a confirmed record whose pair before it is unchanged.</summary>
    public bool MayRevert(BootRecord record)
    {
        if (!IsPair(record)) return record.MayRevert(flash, map);
        bool isThere = record.IsRuntimeOnly
            ? record.State == BootState.Confirmed && record.PreviousFingerprint != 0
                && new BootImage(flash, map, record.Chosen).Has(record.ChosenFingerprint)
            : record.MayRevert(flash, map);
        return isThere && runtime!.IsBootable(1 - record.ClrSlot);
    }

    /// <summary>The record of a revert of confirmed firmware to what was before.</summary>
    public BootRecord Revert(BootRecord record, UpdateError reason)
    {
        if (!IsPair(record)) return record.RevertTo(record.Previous, reason);
        return record.IsRuntimeOnly ? RevertRuntime(record, reason)
            : record.RevertTo(record.Previous, reason) with { ClrSlot = (byte)(1 - record.ClrSlot) };
    }

    /// <summary>The record after the loss of the runtime that it names: the pair before it, if it is unchanged; else the same app, on the
    /// runtime that there is.</summary>
    public BootRecord LoseRuntime(BootRecord record)
    {
        var previous = new BootImage(flash, map, record.Previous);
        if (record.IsRuntimeOnly || !previous.IsSound() || !previous.Has(record.PreviousFingerprint))
            return RevertRuntime(record, UpdateError.SlotNotBootable);
        var reverted = record.IsPreviousProven(flash, map)
            ? record.RevertTo(record.Previous, UpdateError.SlotNotBootable)
            : record.RevertInSafeMode(flash, map, record.Previous, UpdateError.SlotNotBootable);
        return reverted with { ClrSlot = (byte)runtime!.Running };
    }

    /// <summary>The record for the app of the other slot, after the loss of the app that a record chooses.</summary>
    public BootRecord WithOtherApp(BootRecord before, BootRecord reverted)
    {
        if (!IsPair(before)) return reverted;
        bool isPair = !before.IsRuntimeOnly && runtime!.IsBootable(1 - before.ClrSlot);
        return reverted with
        {
            ClrSlot = isPair ? (byte)(1 - before.ClrSlot) : BootRecord.AnyClrSlot,
            IsRuntimeOnly = false,
        };
    }

    private static BootRecord RevertRuntime(BootRecord record, UpdateError reason) => record with
    {
        State = BootState.Reverted,
        TrialBoots = 0,
        PowerBlips = 0,
        Reason = reason,
        ClrSlot = (byte)(1 - record.ClrSlot),
        PreviousFingerprint = 0,
    };
}
