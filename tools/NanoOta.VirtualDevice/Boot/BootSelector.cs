namespace NanoOta.VirtualDevice;

/// <summary>The boot rules (SPEC.md, sections 5.1 and 5.4), on flash and retained memory alone. The native module has the same rules in
/// C.</summary>
public sealed class BootSelector
{
    /// <summary>Number of crashes and hangs at which a boot reacts.</summary>
    public const int CrashLimit = 5;

    private const int MaxPowerBlips = 5;
    private const int MaxEarlyCrashes = 5;

    private readonly NorFlash flash;
    private readonly FlashMap map;
    private readonly RetainedMemory memory;
    private readonly ResetReason reset;
    private readonly RuntimeSlots? runtime;
    private readonly PairRules pair;
    private readonly BootRecords records;
    private readonly Retained retained;
    private readonly bool isPlannedWake;
    private BootRecord record = BootRecord.None;
    private BootAction action;
    private bool saved = true;
    private bool isSafeMode, isGuarded;

    private BootSelector(NorFlash flash, FlashMap map, RetainedMemory memory, ResetReason reset, RuntimeSlots? runtime)
    {
        this.flash = flash;
        this.map = map;
        this.memory = memory;
        this.reset = reset;
        this.runtime = runtime;
        pair = new PairRules(flash, map, runtime);
        records = new BootRecords(flash, map);
        retained = memory.Load();
        isPlannedWake = retained.IsSleepPlanned && reset == ResetReason.DeepSleep;
    }

    /// <summary>Chooses the slot to boot and updates the boot record.</summary>
    /// <param name="flash">The flash.</param>
    /// <param name="map">Offsets of slots and records.</param>
    /// <param name="memory">The board's retained memory; updated as well.</param>
    /// <param name="reset">Why the chip was reset.</param>
    /// <param name="clrSlot">The runtime slot that runs; 0 on boards with one.</param>
    /// <exception cref="PowerLostException">Power is off, or is cut now; another boot is always possible.</exception>
    public static BootOutcome Boot(NorFlash flash, FlashMap map, RetainedMemory memory, ResetReason reset, byte clrSlot = 0) =>
        new BootSelector(flash, map, memory, reset, null).Boot(clrSlot);

    /// <summary>The same on a board with runtime slots.</summary>
    public static BootOutcome Boot(NorFlash flash, FlashMap map, RetainedMemory memory, ResetReason reset, RuntimeSlots runtime) =>
        new BootSelector(flash, map, memory, reset, runtime).Boot((byte)runtime.Running);

    private bool HasReverted => action is BootAction.Reverted or BootAction.YieldedToCable;

    private BootOutcome Boot(byte clrSlot)
    {
        var loaded = records.Load();
        record = loaded ?? BootRecord.None;

        // Without a bootable slot the chip resets in a loop; a counter in flash would wear it out.
        if (!map.IsPlausible(flash, record.Chosen) && !ImageIn(record.Previous).IsSound()) return Outcome(null);
        if (record.State == BootState.Trial && !YieldToCable()) DecideTrial(clrSlot);
        if (record.State == BootState.Confirmed) OverwriteOlder();
        if (!map.IsPlausible(flash, record.Chosen)) BootOtherSlot(loaded);
        HandleCrashes();
        if (pair.IsOfOther(record) && ChangesRuntime()) return Outcome(null) with { MustRestart = true };
        if (record.State != BootState.Trial && runtime != null && (pair.IsPair(record) || runtime.Chosen != clrSlot)) KeepRuntime();
        ApplyRecordedState();
        return Outcome(record.Chosen);
    }

    /// <summary>The app belongs to the other runtime. False: that one cannot be had, and the record is about the running one now. A
    /// runtime of confirmed firmware that crashes at its start gets as many attempts as one on trial.</summary>
    private bool ChangesRuntime()
    {
        if (record.State == BootState.Trial) return true; // chosen again
        bool isDamaged = runtime!.Chosen == record.ClrSlot; // the bootloader was to start it, and did not
        if (!isDamaged && record.PowerBlips < MaxPowerBlips
            && records.Save(record with { PowerBlips = (byte)(record.PowerBlips + 1) }) is { } counted)
        {
            record = counted;
            if (runtime.Leave()) return true;
        }

        Save(pair.LoseRuntime(record), BootAction.Reverted);
        return false;
    }

    /// <summary>The bootloader's record follows that of the pair.</summary>
    private void KeepRuntime()
    {
        if (runtime!.Confirm() && record.PowerBlips > 0 && records.Save(record with { PowerBlips = 0 }) is { } stored) record = stored;
    }

    /// <summary>An app that was deployed by cable during a trial is not on trial. If the record cannot be saved, the next boot repeats
    /// this.</summary>
    private bool YieldToCable()
    {
        int slot = record.Chosen;
        if (!IsRedeployed(slot, record.ChosenFingerprint))
        {
            slot = record.Previous;
            if (record.IsRuntimeOnly || !IsRedeployed(slot, record.PreviousFingerprint)) return false;
        }

        var deployed = record.RevertTo(slot, UpdateError.CableDeployment);
        Save(pair.IsPair(record) ? deployed with { ClrSlot = BootRecord.AnyClrSlot, IsRuntimeOnly = false } : deployed,
            BootAction.YieldedToCable);
        return true;
    }

    private bool IsRedeployed(int slot, uint fingerprint) =>
        fingerprint != 0 && ImageIn(slot) is var image && image.Fingerprint != fingerprint && image.IsWhole();

    private BootImage ImageIn(int slot) => new(flash, map, slot);

    /// <summary>A planned sleep of the trial has a trial time. Without one it was planned by other firmware, whose revert could not be
    /// written to flash.</summary>
    private bool IsWakeOfTrial => isPlannedWake && retained.TrialMs > 0;

    private void DecideTrial(byte clrSlot)
    {
        var failure = retained.Silent != 0 && IsCrash ? UpdateError.None : JudgeReset();
        if (pair.IsOfOther(record))
            DecideTrialOfOther(failure);
        else if (record.ClrSlot != BootRecord.AnyClrSlot && record.ClrSlot != clrSlot)
            EndTrial(UpdateError.WrongRuntimeSlot);
        else if (record.TrialBoots == 0)
            Count(record with { TrialBoots = 1 }, BootAction.TrialBegun);
        else if (IsWakeOfTrial)
            return; // neither a failure nor a power blip
        else if (failure != UpdateError.None)
            EndTrial(failure);
        else if (record.PowerBlips >= MaxPowerBlips)
            EndTrial(UpdateError.TooManyBlips);
        else
            Count(record with { PowerBlips = (byte)(record.PowerBlips + 1), TrialBoots = NextTrialBoot() }, BootAction.BlipCounted);
    }

    /// <summary>The runtime on trial does not run: the bootloader gives it one boot. It gets another one, unless the last one ended by a
    /// fault of the firmware. Faults before the module has counted a boot are none, because the runtime can crash at its start.</summary>
    private void DecideTrialOfOther(UpdateError failure)
    {
        if (runtime!.Chosen == record.ClrSlot)
            EndTrial(UpdateError.WrongRuntimeSlot); // the bootloader could not start it
        else if (record.TrialBoots > 0 && failure != UpdateError.None)
            EndTrial(failure);
        else if (record.PowerBlips >= MaxPowerBlips)
            EndTrial(UpdateError.TooManyBlips);
        else
            Count(record with { PowerBlips = (byte)(record.PowerBlips + 1), TrialBoots = 0 }, BootAction.BlipCounted);
        if (record.State == BootState.Trial && !runtime.Choose(record.ClrSlot)) EndTrial(UpdateError.BootRecordFailed);
    }

    private byte NextTrialBoot() => Limited(record.TrialBoots + 1);

    /// <summary>The failure that the reset reports for firmware on trial; None for a power blip.</summary>
    private UpdateError JudgeReset() => reset switch
    {
        ResetReason.Sw => UpdateError.TrialReset,
        ResetReason.Panic or ResetReason.CpuLockup => UpdateError.TrialPanic,
        ResetReason.IntWdt or ResetReason.TaskWdt or ResetReason.Wdt => UpdateError.TrialWatchdog,
        _ => UpdateError.None,
    };

    /// <summary>A trial boot that cannot be counted must not happen: it could repeat for ever.</summary>
    private void Count(BootRecord counted, BootAction counting)
    {
        if (records.Save(counted) is { } stored)
            (record, action) = (stored, counting);
        else
            EndTrial(UpdateError.BootRecordFailed);
    }

    private void OverwriteOlder()
    {
        var stored = records.OverwriteOlder(record);
        saved = stored != null;
        record = stored ?? record;
    }

    /// <summary>The first sector of the chosen slot is damaged, and the other slot is sound. It runs outside safe mode only if it is the
    /// previous firmware, or if there is no record.</summary>
    private void BootOtherSlot(BootRecord? loaded)
    {
        int slot = 1 - record.Chosen;
        bool isTrusted = loaded == null
            || (loaded.SafeMode != SafeMode.Previous && ImageIn(loaded.Previous).Has(loaded.PreviousFingerprint));
        var reverted = isTrusted ? record.RevertTo(slot, UpdateError.SlotNotBootable)
            : record.RevertInSafeMode(flash, map, slot, UpdateError.SlotNotBootable);
        Save(pair.WithOtherApp(record, reverted), BootAction.Reverted);
    }

    /// <summary>Counts crashes and hangs of firmware that is not on trial, and reacts to the fifth.</summary>
    private void HandleCrashes()
    {
        var image = ImageIn(record.Chosen);
        var counted = record.State != BootState.Trial && !HasReverted ? Count(image) : new Retained();
        if (ReasonToRevert(image, counted) is var reason && reason != UpdateError.None)
        {
            Save(pair.Revert(record, reason), BootAction.Reverted);
            counted = new Retained();
        }

        isSafeMode = counted.Failures >= CrashLimit;
        counted = counted with { Silent = Limited(retained.Silent + 1) };
        memory.Save(isPlannedWake ? counted with { TrialMs = retained.TrialMs, Kept = retained.Kept } : counted);
    }

    /// <summary>
    /// A damaged slot is reverted without blame for the release, after a start in which no firmware ran or at the crash limit. Hangs never
    /// revert a release: a silent server can stall firmware until its guard resets it, and would revert a whole fleet.
    /// </summary>
    private UpdateError ReasonToRevert(BootImage image, Retained counted)
    {
        if (record.State == BootState.Trial || HasReverted) return UpdateError.None;
        bool hasNeverRun = retained.Silent != 0 && (IsCrash || reset == ResetReason.Wdt);
        bool crashes = counted.Crashes >= CrashLimit;
        if ((!crashes && !hasNeverRun) || !pair.MayRevert(record)) return UpdateError.None;
        if (!image.IsSound()) return UpdateError.SlotNotBootable;
        return crashes ? UpdateError.CrashLoop : UpdateError.None;
    }

    /// <summary>Applies safe mode and guard from the record, if the slot is unchanged.</summary>
    private void ApplyRecordedState()
    {
        if (!ImageIn(record.Chosen).Has(record.ChosenFingerprint)) return;
        isSafeMode |= record.SafeMode == SafeMode.Chosen;
        isGuarded = record.State == BootState.Confirmed
            || (record.State == BootState.Reverted && record.SafeMode != SafeMode.Chosen);
    }

    private bool IsCrash => reset is ResetReason.Panic or ResetReason.CpuLockup or ResetReason.IntWdt or ResetReason.TaskWdt;

    /// <summary>The first five crashes in a row before any call of the firmware are not counted.</summary>
    private bool IsUncounted => retained.Silent is > 0 and <= MaxEarlyCrashes;

    private Retained Count(BootImage image)
    {
        var before = image.Has(retained.Fingerprint) ? retained : new Retained();
        var (crashes, hangs) = reset switch
        {
            _ when IsCrash => (before.Crashes + (IsUncounted ? 0 : 1), before.Hangs),
            ResetReason.Wdt => (before.Crashes, before.Hangs + 1),
            ResetReason.PowerOn or ResetReason.Brownout or ResetReason.PwrGlitch or ResetReason.Ext or ResetReason.DeepSleep => (0, 0),
            _ => (before.Crashes, before.Hangs),
        };
        return new Retained { Fingerprint = image.Fingerprint, Crashes = Limited(crashes), Hangs = Limited(hangs) };
    }

    private static byte Limited(int count) => (byte)Math.Min(count, byte.MaxValue);

    private void EndTrial(UpdateError reason) => Save(pair.EndTrial(record, reason), BootAction.Reverted);

    /// <summary>The slot boots even if the record cannot be written to flash.</summary>
    private void Save(BootRecord reverted, BootAction ending)
    {
        var stored = records.Save(reverted);
        saved = stored != null;
        record = stored ?? reverted;
        action = ending;
    }

    private BootOutcome Outcome(int? slot) => new(slot, record, reset, action, saved, isGuarded, isSafeMode, memory);
}
