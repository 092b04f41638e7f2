namespace NanoOta.VirtualDevice;

/// <summary>
/// The rules at boot (SPEC.md, section 5.1), on flash bytes alone. The native module follows the same rules in C.
/// </summary>
public sealed class BootSelector
{
    private const int MaxPowerBlips = 5;

    private readonly NorFlash flash;
    private readonly FlashMap map;
    private readonly ResetReason reset;
    private readonly BootRecords records;
    private BootRecord record = BootRecord.None;
    private BootAction action;
    private bool saved = true;

    private BootSelector(NorFlash flash, FlashMap map, ResetReason reset)
    {
        this.flash = flash;
        this.map = map;
        this.reset = reset;
        records = new BootRecords(flash, map);
    }

    /// <summary>Chooses the slot to boot and keeps the boot record.</summary>
    /// <param name="flash">The flash.</param>
    /// <param name="map">Where things lie in it.</param>
    /// <param name="reset">Why the chip was reset.</param>
    /// <param name="clrSlot">The runtime slot that runs; 0 on boards with one.</param>
    /// <exception cref="PowerLostException">Power is off, or fails now; booting again is always possible.</exception>
    public static BootOutcome Boot(NorFlash flash, FlashMap map, ResetReason reset, byte clrSlot = 0) =>
        new BootSelector(flash, map, reset).Boot(clrSlot);

    private BootOutcome Boot(byte clrSlot)
    {
        record = records.Load() ?? BootRecord.None;

        // With nothing to boot the chip resets over and over, and counting would wear the flash out.
        if (!map.IsPlausible(flash, 0) && !map.IsPlausible(flash, 1)) return Outcome(null);
        if (record.State == BootState.Trial && !YieldToCable()) SettleTrial(clrSlot);
        if (record.State == BootState.Confirmed) BuryTrial();
        if (!map.IsPlausible(flash, record.Chosen)) Revert(1 - record.Chosen, UpdateError.SlotNotBootable);
        return Outcome(record.Chosen);
    }

    /// <summary>
    /// What a developer deploys during a trial is not judged by its rules. If that cannot be saved, the next boot sees it again.
    /// </summary>
    private bool YieldToCable()
    {
        int slot = record.Chosen;
        if (!IsRedeployed(slot, record.ChosenFingerprint))
        {
            slot = record.Previous;
            if (!IsRedeployed(slot, record.PreviousFingerprint)) return false;
        }

        EndTrial(slot, UpdateError.CableDeployment, BootAction.YieldedToCable);
        return true;
    }

    private bool IsRedeployed(int slot, uint fingerprint) =>
        fingerprint != 0 && new BootImage(flash, map, slot) is var image && image.Fingerprint != fingerprint && image.IsWhole();

    private void SettleTrial(byte clrSlot)
    {
        var failure = JudgeReset();
        if (record.ClrSlot != BootRecord.AnyClrSlot && record.ClrSlot != clrSlot)
            Revert(record.Previous, UpdateError.WrongRuntimeSlot);
        else if (record.TrialBoots == 0)
            Count(record with { TrialBoots = 1 }, BootAction.TrialBegun);
        else if (failure != UpdateError.None)
            Revert(record.Previous, failure);
        else if (record.PowerBlips >= MaxPowerBlips)
            Revert(record.Previous, UpdateError.TooManyBlips);
        else
            Count(record with { PowerBlips = (byte)(record.PowerBlips + 1), TrialBoots = NextTrialBoot() }, BootAction.BlipCounted);
    }

    private byte NextTrialBoot() => (byte)Math.Min(record.TrialBoots + 1, byte.MaxValue);

    /// <summary>What the reset says against the firmware on trial; None for a power blip.</summary>
    private UpdateError JudgeReset() => reset switch
    {
        ResetReason.Sw => UpdateError.TrialReset,
        ResetReason.Panic or ResetReason.CpuLockup => UpdateError.TrialPanic,
        ResetReason.IntWdt or ResetReason.TaskWdt or ResetReason.Wdt => UpdateError.TrialWatchdog,
        _ => UpdateError.None,
    };

    /// <summary>A boot of a trial that cannot be counted must not happen: it could repeat for ever.</summary>
    private void Count(BootRecord counted, BootAction counting)
    {
        if (records.Save(counted) is { } stored)
            (record, action) = (stored, counting);
        else
            Revert(record.Previous, UpdateError.BootRecordFailed);
    }

    private void BuryTrial()
    {
        var stored = records.BuryTrial(record);
        saved = stored != null;
        record = stored ?? record;
    }

    private void Revert(int slot, UpdateError reason) => EndTrial(slot, reason, BootAction.Reverted);

    /// <summary>The slot boots even if flash does not take the record that says so.</summary>
    private void EndTrial(int slot, UpdateError reason, BootAction ending)
    {
        var reverted = record.RevertTo(slot, reason);
        var stored = records.Save(reverted);
        saved = stored != null;
        record = stored ?? reverted;
        action = ending;
    }

    private BootOutcome Outcome(int? slot) => new(slot, record, reset, action, saved);
}
