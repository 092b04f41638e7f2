namespace NanoOta.VirtualDevice;

/// <summary>
/// The rules at boot (SPEC.md, sections 5.1 and 5.4), on flash and retained memory alone. The native module follows the same
/// rules in C.
/// </summary>
public sealed class BootSelector
{
    private const int MaxPowerBlips = 5;
    private const int MaxCrashes = 5;

    private readonly NorFlash flash;
    private readonly FlashMap map;
    private readonly RetainedMemory memory;
    private readonly ResetReason reset;
    private readonly BootRecords records;
    private readonly Retained retained;
    private readonly bool isPlannedWake;
    private BootRecord record = BootRecord.None;
    private BootAction action;
    private bool saved = true;
    private bool isSafeMode;

    private BootSelector(NorFlash flash, FlashMap map, RetainedMemory memory, ResetReason reset)
    {
        this.flash = flash;
        this.map = map;
        this.memory = memory;
        this.reset = reset;
        records = new BootRecords(flash, map);
        retained = memory.Load();
        isPlannedWake = retained.IsSleepPlanned && reset == ResetReason.DeepSleep;
    }

    /// <summary>Chooses the slot to boot and keeps the boot record.</summary>
    /// <param name="flash">The flash.</param>
    /// <param name="map">Where things lie in it.</param>
    /// <param name="memory">The board's retained memory; kept, too.</param>
    /// <param name="reset">Why the chip was reset.</param>
    /// <param name="clrSlot">The runtime slot that runs; 0 on boards with one.</param>
    /// <exception cref="PowerLostException">Power is off, or fails now; booting again is always possible.</exception>
    public static BootOutcome Boot(NorFlash flash, FlashMap map, RetainedMemory memory, ResetReason reset, byte clrSlot = 0) =>
        new BootSelector(flash, map, memory, reset).Boot(clrSlot);

    private bool HasReverted => action is BootAction.Reverted or BootAction.YieldedToCable;

    private BootOutcome Boot(byte clrSlot)
    {
        var loaded = records.Load();
        record = loaded ?? BootRecord.None;

        // With nothing to boot the chip resets over and over, and counting would wear the flash out.
        if (!map.IsPlausible(flash, 0) && !map.IsPlausible(flash, 1)) return Outcome(null);
        if (record.State == BootState.Trial && !YieldToCable()) SettleTrial(clrSlot);
        if (record.State == BootState.Confirmed) BuryTrial();
        if (!map.IsPlausible(flash, record.Chosen)) TakeLastResort(loaded);
        SettleCrashes();
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
        fingerprint != 0 && ImageIn(slot) is var image && image.Fingerprint != fingerprint && image.IsWhole();

    private BootImage ImageIn(int slot) => new(flash, map, slot);

    private void SettleTrial(byte clrSlot)
    {
        var failure = JudgeReset();
        if (record.ClrSlot != BootRecord.AnyClrSlot && record.ClrSlot != clrSlot)
            Revert(record.Previous, UpdateError.WrongRuntimeSlot);
        else if (record.TrialBoots == 0)
            Count(record with { TrialBoots = 1 }, BootAction.TrialBegun);
        else if (isPlannedWake)
            return; // no reset that says anything
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

    /// <summary>
    /// The chosen slot has lost its first sector. What takes its place runs as a whole application only if it is what ran before,
    /// or if there is no record that could say so.
    /// </summary>
    private void TakeLastResort(BootRecord? loaded)
    {
        int slot = 1 - record.Chosen;
        var image = ImageIn(slot);
        bool isTrusted = loaded == null || (slot == loaded.Previous && image.IsProven(loaded.PreviousFingerprint));
        var resort = record.RevertTo(slot, UpdateError.SlotNotBootable);
        Save(isTrusted ? resort : resort with { IsSafeMode = true, ChosenFingerprint = image.Fingerprint }, BootAction.Reverted);
    }

    /// <summary>Crashes of firmware that is not on trial: counted, and answered at the fifth. Leaves the memory for this boot.</summary>
    private void SettleCrashes()
    {
        var image = ImageIn(record.Chosen);
        bool isCounted = record.State != BootState.Trial && !HasReverted;
        int crashes = isCounted ? CountCrashes(image) : 0;
        if (crashes >= MaxCrashes && MayGoBack(image))
        {
            Revert(record.Previous, UpdateError.CrashLoop);
            (isCounted, crashes) = (false, 0);
        }

        isSafeMode = crashes >= MaxCrashes || (record.IsSafeMode && ImageIn(record.Chosen).Has(record.ChosenFingerprint));
        memory.Save(new Retained
        {
            Fingerprint = isCounted ? image.Fingerprint : 0,
            Crashes = (byte)crashes,
            TrialMs = isPlannedWake ? retained.TrialMs : 0,
            Kept = isPlannedWake ? retained.Kept : 0,
        });
    }

    private int CountCrashes(BootImage image)
    {
        int before = image.Has(retained.Fingerprint) ? retained.Crashes : 0;
        return reset switch
        {
            ResetReason.Panic or ResetReason.CpuLockup or ResetReason.IntWdt or ResetReason.TaskWdt or ResetReason.Wdt =>
                Math.Min(before + 1, byte.MaxValue),
            ResetReason.PowerOn or ResetReason.Brownout or ResetReason.PwrGlitch or ResetReason.Ext or ResetReason.DeepSleep => 0,
            _ => before,
        };
    }

    private bool MayGoBack(BootImage image) => record.State == BootState.Confirmed && image.Has(record.ChosenFingerprint)
        && ImageIn(record.Previous).IsProven(record.PreviousFingerprint);

    private void Revert(int slot, UpdateError reason) => EndTrial(slot, reason, BootAction.Reverted);

    private void EndTrial(int slot, UpdateError reason, BootAction ending) => Save(record.RevertTo(slot, reason), ending);

    /// <summary>The slot boots even if flash does not take the record that says so.</summary>
    private void Save(BootRecord reverted, BootAction ending)
    {
        var stored = records.Save(reverted);
        saved = stored != null;
        record = stored ?? reverted;
        action = ending;
    }

    private BootOutcome Outcome(int? slot) => new(slot, record, reset, action, saved, isSafeMode, memory);
}
