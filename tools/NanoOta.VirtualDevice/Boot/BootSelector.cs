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

    /// <summary>
    /// A planned sleep of the trial itself has taken time of it. One without was planned by firmware that runs while flash does
    /// not take the revert to it.
    /// </summary>
    private bool IsWakeOfTrial => isPlannedWake && retained.TrialMs > 0;

    private void SettleTrial(byte clrSlot)
    {
        var failure = JudgeReset();
        if (record.ClrSlot != BootRecord.AnyClrSlot && record.ClrSlot != clrSlot)
            Revert(record.Previous, UpdateError.WrongRuntimeSlot);
        else if (record.TrialBoots == 0)
            Count(record with { TrialBoots = 1 }, BootAction.TrialBegun);
        else if (IsWakeOfTrial)
            return; // no reset that says anything
        else if (failure != UpdateError.None)
            Revert(record.Previous, failure);
        else if (record.PowerBlips >= MaxPowerBlips)
            Revert(record.Previous, UpdateError.TooManyBlips);
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
        bool isTrusted = loaded == null || loaded.IsPreviousProven(flash, map);
        var resort = record.RevertTo(slot, UpdateError.SlotNotBootable);
        Save(isTrusted ? resort : resort with { SafeMode = SafeMode.Chosen, ChosenFingerprint = ImageIn(slot).Fingerprint }, BootAction.Reverted);
    }

    /// <summary>
    /// Crashes and hangs of firmware that is not on trial: counted, and answered at the fifth. A peer that is silent can stall
    /// firmware until its guard bites, so hangs never end a release: a server that is down would end it on a whole fleet.
    /// </summary>
    private void SettleCrashes()
    {
        var image = ImageIn(record.Chosen);
        var counted = record.State != BootState.Trial && !HasReverted ? Count(image) : new Retained();
        if (counted.Crashes >= CrashLimit && record.MayGiveWay(flash, map))
        {
            // What bit rot has spoiled crashes without a fault of the release.
            bool isSound = image.IsProven(record.ChosenFingerprint);
            Revert(record.Previous, isSound ? UpdateError.CrashLoop : UpdateError.SlotNotBootable);
            counted = new Retained();
        }

        isSafeMode = counted.Failures >= CrashLimit
            || (record.SafeMode == SafeMode.Chosen && ImageIn(record.Chosen).Has(record.ChosenFingerprint));
        memory.Save(isPlannedWake ? counted with { TrialMs = retained.TrialMs, Kept = retained.Kept } : counted);
    }

    private Retained Count(BootImage image)
    {
        var before = image.Has(retained.Fingerprint) ? retained : new Retained();
        var (crashes, hangs) = reset switch
        {
            ResetReason.Panic or ResetReason.CpuLockup or ResetReason.IntWdt or ResetReason.TaskWdt =>
                (before.Crashes + 1, before.Hangs),
            ResetReason.Wdt => (before.Crashes, before.Hangs + 1),
            ResetReason.PowerOn or ResetReason.Brownout or ResetReason.PwrGlitch or ResetReason.Ext or ResetReason.DeepSleep => (0, 0),
            _ => (before.Crashes, before.Hangs),
        };
        return new Retained { Fingerprint = image.Fingerprint, Crashes = Limited(crashes), Hangs = Limited(hangs) };
    }

    private static byte Limited(int count) => (byte)Math.Min(count, byte.MaxValue);

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
