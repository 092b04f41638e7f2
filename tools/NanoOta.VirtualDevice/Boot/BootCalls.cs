using static NanoOta.Native.NativeModule;

namespace NanoOta.VirtualDevice;

/// <summary>The calls of running firmware that change the boot record, with their checks. Each returns Ok, Refused (nothing was changed) or
/// Failed (flash does not hold the new record; the old one is valid). A change survives every reset.</summary>
public sealed class BootCalls
{
    /// <summary>Minimum milliseconds that a boot counts in a trial, so that no trial can sleep for ever.</summary>
    public const int LeastTrialMs = 1000;

    private readonly NorFlash flash;
    private readonly FlashMap map;
    private readonly BootRecords records;
    private readonly RetainedMemory memory;
    private readonly RuntimeSlots? runtime;
    private readonly PairRules pair;
    private bool saved, isCallNoted;

    /// <summary>The state after a boot with a valid slot; on a board with runtime slots with those.</summary>
    public BootCalls(NorFlash flash, FlashMap map, BootOutcome boot, RuntimeSlots? runtime = null)
    {
        this.flash = flash;
        this.map = map;
        this.runtime = runtime;
        pair = new PairRules(flash, map, runtime);
        records = new BootRecords(flash, map);
        RunningSlot = boot.Slot ?? throw new ArgumentException("nothing was booted", nameof(boot));
        Record = boot.Record;
        memory = boot.Memory;
        saved = boot.Saved;
    }

    /// <summary>0 or 1.</summary>
    public int RunningSlot { get; }

    /// <summary>0 or 1.</summary>
    public int InactiveSlot => 1 - RunningSlot;

    /// <summary>Boot record after the last boot or call.</summary>
    public BootRecord Record { get; private set; }

    /// <summary>State of the running firmware.</summary>
    public BootState State => IsOfRunning ? Record.State : BootState.Activated;

    /// <summary>Whether the inactive slot and its index region may be written. Not on trial, before a revert is acknowledged, when that
    /// slot boots next, or while the older copy of the record is a trial or a revert or a write of the record failed.</summary>
    public bool MayWriteInactive => State == BootState.Confirmed && saved;

    /// <summary>Whether the runtime slot that does not run and its index region may be written: as the inactive slot, and only while no
    /// revert could start what it holds.</summary>
    public bool MayWriteRuntime => MayChooseRuntime && (!pair.IsPair(Record) || Record.PreviousFingerprint == 0);

    private bool MayChooseRuntime => MayWriteInactive && runtime is { IsConfirmed: true };

    private bool IsOfRunning => Record.Chosen == RunningSlot && !pair.IsOfOther(Record);

    /// <summary>Chooses the inactive slot for a trial at the next reset.</summary>
    public int Activate()
    {
        if (State != BootState.Confirmed || !map.IsPlausible(flash, InactiveSlot)) return Refused;
        return Save(TrialOf(withApp: true));
    }

    /// <summary>Makes the runtime slot that does not run free for a new runtime: from now on nothing reverts to it.</summary>
    public int ReleaseRuntime()
    {
        if (!MayChooseRuntime) return Refused;
        if (MayWriteRuntime) return Ok;
        if (Save(Record with { PreviousFingerprint = 0 }) != Ok) return Failed;
        OverwriteOlder(); // otherwise, if the newer copy were lost, the older one could start what is written there
        return saved ? Ok : Failed;
    }

    /// <summary>Chooses the other runtime slot for a trial at the next reset, with the app of the inactive slot or with the running
    /// one.</summary>
    public int ActivateRuntime(bool withApp)
    {
        if (!MayChooseRuntime || !runtime!.IsBootable(runtime.Other)) return Refused;
        if (withApp && !map.IsPlausible(flash, InactiveSlot)) return Refused;
        // The record first: until the bootloader's record chooses the other runtime, the old pair boots.
        int result = Save(TrialOf(withApp) with { ClrSlot = (byte)runtime.Other, IsRuntimeOnly = !withApp });
        return result != Ok ? result : runtime.Choose(runtime.Other) ? Ok : Failed;
    }

    /// <summary>Confirms the running trial, or acknowledges the revert to the running firmware; Ok if it is confirmed already.</summary>
    public int Confirm()
    {
        if (!IsOfRunning) return Refused; // the record is about the other slot, which boots next
        if (State == BootState.Confirmed) return Ok;
        int result = Save(Record with
        {
            State = BootState.Confirmed,
            TrialBoots = 0,
            PowerBlips = 0,
        });
        if (result == Ok) OverwriteOlder();
        // Last: until here a reset starts the old runtime, whose module follows the record.
        if (result == Ok && pair.IsPair(Record) && !runtime!.Confirm()) return Failed;
        return result;
    }

    /// <summary>Ends the running trial, or reverts confirmed firmware if its record allows that; <paramref name="reason"/> is 1 to
    /// 65535.</summary>
    public int Reject(int reason)
    {
        if (reason is < 1 or > ushort.MaxValue) return Refused;
        if (State == BootState.Trial) return Save(pair.EndTrial(Record, (UpdateError)reason));
        if (!MayWriteInactive || !pair.MayRevert(Record)) return Refused;
        return Save(pair.Revert(Record, (UpdateError)reason));
    }

    /// <summary>Records a planned deep sleep for the boot that ends it; Ok or Refused. A runtime on trial may not sleep: the wake is a reset,
    /// at which the bootloader gives it up.</summary>
    /// <param name="milliseconds">Duration from 0.</param>
    /// <param name="kept">A number from 0 that survives the sleep.</param>
    /// <param name="upMs">Milliseconds since this boot; a trial counts them, and at least a second.</param>
    /// <param name="trialMs">Longest time of a trial in milliseconds; after it Sleep is refused.</param>
    public int Sleep(int milliseconds, int kept, long upMs, long trialMs)
    {
        if (milliseconds < 0 || kept < 0 || (State == BootState.Trial && pair.IsPair(Record))) return Refused;
        var before = memory.Load();
        long used = TrialUsed(upMs);
        if (used >= trialMs) return Refused;
        isCallNoted = false; // a crash at the wake may come before the boot records it
        memory.Save(before with { IsSleepPlanned = true, Silent = 1, Kept = (uint)kept, TrialMs = (uint)used });
        return Ok;
    }

    /// <summary>Milliseconds until the chip must wake, 0 = never; a trial does not exceed its time.</summary>
    public long SleepLimit(int milliseconds, long upMs, long trialMs)
    {
        long left = trialMs - TrialUsed(upMs);
        long wanted = Math.Max(milliseconds, 0);
        if (State != BootState.Trial || left <= 0) return wanted;
        return wanted == 0 ? left : Math.Min(wanted, left);
    }

    /// <summary>Records that the firmware called: later resets are attributed to it.</summary>
    public void NoteCall()
    {
        if (isCallNoted) return;
        memory.Save(memory.Load() with { Silent = 0 });
        isCallNoted = true;
    }

    /// <summary>Sets the count of crashes to 0.</summary>
    public int ForgetCrashes()
    {
        memory.Save(memory.Load() with { Crashes = 0, Hangs = 0 });
        return Ok;
    }

    /// <summary>A record that cannot be read back may be valid at the next boot: nothing may be staged until then.</summary>
    private int Save(BootRecord record)
    {
        var stored = records.Save(record);
        saved = stored != null;
        Record = stored ?? Record;
        return saved ? Ok : Failed;
    }

    /// <summary>The record of a trial of the inactive slot's app, or of the running one.</summary>
    private BootRecord TrialOf(bool withApp)
    {
        uint running = new BootImage(flash, map, RunningSlot).Fingerprint;
        bool isUnproven = Record.SafeMode == SafeMode.Chosen && Record.ChosenFingerprint == running;
        var safeMode = withApp ? SafeMode.Previous : SafeMode.Chosen;
        return new BootRecord
        {
            Chosen = withApp ? InactiveSlot : RunningSlot,
            Previous = withApp ? RunningSlot : InactiveSlot,
            State = BootState.Trial,
            SafeMode = isUnproven ? safeMode : SafeMode.None,
            ChosenFingerprint = withApp ? new BootImage(flash, map, InactiveSlot).Fingerprint : running,
            PreviousFingerprint = running,
        };
    }

    private long TrialUsed(long upMs) =>
        State == BootState.Trial ? memory.Load().TrialMs + Math.Max(upMs, LeastTrialMs) : 0;

    private void OverwriteOlder()
    {
        var stored = records.OverwriteOlder(Record);
        saved = stored != null;
        Record = stored ?? Record;
    }
}
