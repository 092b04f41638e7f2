namespace NanoOta.VirtualDevice;

/// <summary>
/// The rules at boot (SPEC.md, sections 5.1 and 5.4), on flash and retained memory alone. The native module follows the same
/// rules in C.
/// </summary>
public sealed class BootSelector
{
    /// <summary>Crashes and hangs that have consequences.</summary>
    public const int CrashLimit = 5;

    private const int MaxPowerBlips = 5;
    private const int MaxEarlyCrashes = 5;

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
    private bool isSafeMode, isGuarded;

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
        if (!map.IsPlausible(flash, record.Chosen) && !ImageIn(record.Previous).IsSound()) return Outcome(null);
        if (record.State == BootState.Trial && !YieldToCable()) SettleTrial(clrSlot);
        if (record.State == BootState.Confirmed) BuryOlder();
        if (!map.IsPlausible(flash, record.Chosen)) TakeLastResort(loaded);
        SettleCrashes();
        Recognise();
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

        Save(record.RevertTo(slot, UpdateError.CableDeployment), BootAction.YieldedToCable);
        return true;
    }

    private bool IsRedeployed(int slot, uint fingerprint) =>
        fingerprint != 0 && ImageIn(slot) is var image && image.Fingerprint != fingerprint && image.IsWhole();

    private BootImage ImageIn(int slot) => new(flash, map, slot);

    /// <summary>
    /// A planned sleep of the trial itself has taken time of it. One without was planned by firmware that runs while flash does
    /// not take the revert to it.
    /// </summary>
    private bool IsWakeOfTrial => isPlannedWake && retained.TrialMs > 0;

    private void SettleTrial(byte clrSlot)
    {
        var failure = retained.Silent != 0 && IsCrash ? UpdateError.None : JudgeReset();
        if (record.ClrSlot != BootRecord.AnyClrSlot && record.ClrSlot != clrSlot)
            EndTrial(UpdateError.WrongRuntimeSlot);
        else if (record.TrialBoots == 0)
            Count(record with { TrialBoots = 1 }, BootAction.TrialBegun);
        else if (IsWakeOfTrial)
            return; // no reset that says anything
        else if (failure != UpdateError.None)
            EndTrial(failure);
        else if (record.PowerBlips >= MaxPowerBlips)
            EndTrial(UpdateError.TooManyBlips);
        else
            Count(record with { PowerBlips = (byte)(record.PowerBlips + 1), TrialBoots = NextTrialBoot() }, BootAction.BlipCounted);
    }

    private byte NextTrialBoot() => Limited(record.TrialBoots + 1);

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
            EndTrial(UpdateError.BootRecordFailed);
    }

    private void BuryOlder()
    {
        var stored = records.BuryOlder(record);
        saved = stored != null;
        record = stored ?? record;
    }

    /// <summary>
    /// The chosen slot has lost its first sector, and the other one is sound. That runs as a whole application only if it is what ran
    /// before, or if there is no record that could say so.
    /// </summary>
    private void TakeLastResort(BootRecord? loaded)
    {
        int slot = 1 - record.Chosen;
        bool isTrusted = loaded == null
            || (loaded.SafeMode != SafeMode.Previous && ImageIn(loaded.Previous).Has(loaded.PreviousFingerprint));
        Save(isTrusted ? record.RevertTo(slot, UpdateError.SlotNotBootable)
            : record.Distrust(flash, map, slot, UpdateError.SlotNotBootable), BootAction.Reverted);
    }

    /// <summary>Crashes and hangs of firmware that is not on trial: counted, and answered at the fifth.</summary>
    private void SettleCrashes()
    {
        var image = ImageIn(record.Chosen);
        var counted = record.State != BootState.Trial && !HasReverted ? Count(image) : new Retained();
        if (ReasonToGiveWay(image, counted) is var reason && reason != UpdateError.None)
        {
            Save(record.RevertTo(record.Previous, reason), BootAction.Reverted);
            counted = new Retained();
        }

        isSafeMode = counted.Failures >= CrashLimit;
        counted = counted with { Silent = Limited(retained.Silent + 1) };
        memory.Save(isPlannedWake ? counted with { TrialMs = retained.TrialMs, Kept = retained.Kept } : counted);
    }

    /// <summary>
    /// What bit rot has spoiled gives way without a fault of the release, after a start in which no firmware ran, or at the limit of
    /// crashes. A peer that is silent can stall firmware until its guard bites, so hangs never end a release: a server that is down
    /// would end it on a whole fleet.
    /// </summary>
    private UpdateError ReasonToGiveWay(BootImage image, Retained counted)
    {
        if (record.State == BootState.Trial || HasReverted) return UpdateError.None;
        bool hasNeverRun = retained.Silent != 0 && (IsCrash || reset == ResetReason.Wdt);
        bool crashes = counted.Crashes >= CrashLimit;
        if ((!crashes && !hasNeverRun) || !record.MayGiveWay(flash, map)) return UpdateError.None;
        if (!image.IsSound()) return UpdateError.SlotNotBootable;
        return crashes ? UpdateError.CrashLoop : UpdateError.None;
    }

    /// <summary>What the record knows of the slot that boots, if the slot is still what it was.</summary>
    private void Recognise()
    {
        if (!ImageIn(record.Chosen).Has(record.ChosenFingerprint)) return;
        isSafeMode |= record.SafeMode == SafeMode.Chosen;
        isGuarded = record.State == BootState.Confirmed
            || (record.State == BootState.Reverted && record.SafeMode != SafeMode.Chosen);
    }

    private bool IsCrash => reset is ResetReason.Panic or ResetReason.CpuLockup or ResetReason.IntWdt or ResetReason.TaskWdt;

    /// <summary>Of crashes before the firmware has called, the first five in a row are not counted.</summary>
    private bool IsForgiven => retained.Silent is > 0 and <= MaxEarlyCrashes;

    private Retained Count(BootImage image)
    {
        var before = image.Has(retained.Fingerprint) ? retained : new Retained();
        var (crashes, hangs) = reset switch
        {
            _ when IsCrash => (before.Crashes + (IsForgiven ? 0 : 1), before.Hangs),
            ResetReason.Wdt => (before.Crashes, before.Hangs + 1),
            ResetReason.PowerOn or ResetReason.Brownout or ResetReason.PwrGlitch or ResetReason.Ext or ResetReason.DeepSleep => (0, 0),
            _ => (before.Crashes, before.Hangs),
        };
        return new Retained { Fingerprint = image.Fingerprint, Crashes = Limited(crashes), Hangs = Limited(hangs) };
    }

    private static byte Limited(int count) => (byte)Math.Min(count, byte.MaxValue);

    private void EndTrial(UpdateError reason) => Save(record.EndTrial(flash, map, reason), BootAction.Reverted);

    /// <summary>The slot boots even if flash does not take the record that says so.</summary>
    private void Save(BootRecord reverted, BootAction ending)
    {
        var stored = records.Save(reverted);
        saved = stored != null;
        record = stored ?? reverted;
        action = ending;
    }

    private BootOutcome Outcome(int? slot) => new(slot, record, reset, action, saved, isGuarded, isSafeMode, memory);
}
