using static NanoOta.Native.NativeModule;

namespace NanoOta.VirtualDevice;

/// <summary>
/// The boot record while firmware runs: the calls that may change it, with their guards. Each answers Ok, Refused (nothing
/// was changed) or Failed (the flash did not take the record; the old one still counts). A change survives every reset.
/// </summary>
public sealed class BootCalls
{
    /// <summary>Milliseconds that a boot of a trial counts at least, so that none can sleep for ever.</summary>
    public const int LeastTrialMs = 1000;

    private readonly NorFlash flash;
    private readonly FlashMap map;
    private readonly BootRecords records;
    private readonly RetainedMemory memory;
    private bool saved, isHeard;

    /// <summary>The state after a boot that found something to run.</summary>
    public BootCalls(NorFlash flash, FlashMap map, BootOutcome boot)
    {
        this.flash = flash;
        this.map = map;
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

    /// <summary>The record after the last boot or call.</summary>
    public BootRecord Record { get; private set; }

    /// <summary>What the record says of the firmware that runs.</summary>
    public BootState State => IsOfRunning ? Record.State : BootState.Activated;

    /// <summary>Whether the inactive slot and its index region may be written: not in a trial, nor before a revert is
    /// acknowledged, nor when that slot boots next, nor while a copy of the record could bring a trial or a revert
    /// back, or a record that flash did not seem to take.</summary>
    public bool MayWriteInactive => State == BootState.Confirmed && saved;

    private bool IsOfRunning => Record.Chosen == RunningSlot;

    /// <summary>Chooses the inactive slot for a trial at the next reset.</summary>
    public int Activate()
    {
        if (State != BootState.Confirmed || !map.IsPlausible(flash, InactiveSlot)) return Refused;
        uint running = new BootImage(flash, map, RunningSlot).Fingerprint;
        bool isUnproven = Record.SafeMode == SafeMode.Chosen && Record.ChosenFingerprint == running;
        return Save(new BootRecord
        {
            Chosen = InactiveSlot,
            Previous = RunningSlot,
            State = BootState.Trial,
            SafeMode = isUnproven ? SafeMode.Previous : SafeMode.None,
            ChosenFingerprint = new BootImage(flash, map, InactiveSlot).Fingerprint,
            PreviousFingerprint = running,
        });
    }

    /// <summary>Confirms the trial that runs or acknowledges the revert to what runs; Ok when there is nothing to do.</summary>
    public int Confirm()
    {
        if (!IsOfRunning) return Refused; // the verdict is about the slot that runs, the record about the other
        if (State == BootState.Confirmed) return Ok;
        int result = Save(Record with
        {
            State = BootState.Confirmed,
            TrialBoots = 0,
            PowerBlips = 0,
        });
        if (result == Ok) BuryOlder();
        return result;
    }

    /// <summary>
    /// Ends the trial that runs, or gives confirmed firmware up if it may give way after crashes and its record counts;
    /// <paramref name="reason"/> is 1 to 65535.
    /// </summary>
    public int Reject(int reason)
    {
        if (reason is < 1 or > ushort.MaxValue) return Refused;
        if (State == BootState.Trial) return Save(Record.EndTrial(flash, map, (UpdateError)reason));
        if (!MayWriteInactive || !Record.MayGiveWay(flash, map)) return Refused;
        return Save(Record.RevertTo(Record.Previous, (UpdateError)reason));
    }

    /// <summary>Announces a deep sleep to the boot that ends it; Ok or Refused.</summary>
    /// <param name="milliseconds">From 0; how long.</param>
    /// <param name="kept">From 0; there again after the sleep.</param>
    /// <param name="upMs">Milliseconds since this boot; they and at least a second count on trial.</param>
    /// <param name="trialMs">Milliseconds that a trial has; when they are over, it may not sleep.</param>
    public int Sleep(int milliseconds, int kept, long upMs, long trialMs)
    {
        if (milliseconds < 0 || kept < 0) return Refused;
        var before = memory.Load();
        long used = TrialUsed(upMs);
        if (used >= trialMs) return Refused;
        isHeard = false; // a crash at the wake may come before the boot can say so
        memory.Save(before with { IsSleepPlanned = true, Silent = 1, Kept = (uint)kept, TrialMs = (uint)used });
        return Ok;
    }

    /// <summary>Milliseconds after which the chip must wake from such a sleep, 0 = never; a trial has no more than its time.</summary>
    public long SleepLimit(int milliseconds, long upMs, long trialMs)
    {
        long left = trialMs - TrialUsed(upMs);
        long wanted = Math.Max(milliseconds, 0);
        if (State != BootState.Trial || left <= 0) return wanted;
        return wanted == 0 ? left : Math.Min(wanted, left);
    }

    /// <summary>Firmware calls: what the chip does from now on is its own.</summary>
    public void Hear()
    {
        if (isHeard) return;
        memory.Save(memory.Load() with { Silent = 0 });
        isHeard = true;
    }

    /// <summary>Sets the count of crashes to 0.</summary>
    public int ForgetCrashes()
    {
        memory.Save(memory.Load() with { Crashes = 0, Hangs = 0 });
        return Ok;
    }

    /// <summary>What could not be read back may be read at the next boot all the same: nothing may be staged meanwhile.</summary>
    private int Save(BootRecord record)
    {
        var stored = records.Save(record);
        saved = stored != null;
        Record = stored ?? Record;
        return saved ? Ok : Failed;
    }

    private long TrialUsed(long upMs) =>
        State == BootState.Trial ? memory.Load().TrialMs + Math.Max(upMs, LeastTrialMs) : 0;

    private void BuryOlder()
    {
        var buried = records.BuryOlder(Record);
        saved = buried != null;
        Record = buried ?? Record;
    }
}
