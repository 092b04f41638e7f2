using NanoOta.VirtualDevice;

namespace NanoOta.Tests.Simulation;

/// <summary>
/// Checks a device from outside at every step. It must not run a mixture or a release that has failed, keep unproven firmware,
/// give up a release too early, or stop reporting.
/// </summary>
internal sealed class FaultSafetyChecks
{
    private const long LongestSilenceMs = 26 * 3_600_000L;

    private static readonly UpdateError[] NotItsFault =
    [
        UpdateError.HealthCheckTimedOut, UpdateError.TooManyBlips, UpdateError.SlotNotBootable, UpdateError.WrongRuntimeSlot,
        UpdateError.BootRecordFailed, UpdateError.CableDeployment,
    ];

    private readonly SimDevice device;
    private readonly FaultSchedule schedule;
    private readonly FaultEnvironment faults;
    private readonly HashSet<string> proven;
    private readonly Dictionary<string, int> endedTrials = [];
    private readonly HashSet<string> forgotten = [];
    private uint journalSequence;
    private int boots, events;
    private bool wasAtWork;
    private BootState lastState;
    private UpdateError lastReason;
    private SimRelease? onTrial, reverted;
    private long lastSign;

    public FaultSafetyChecks(FaultSchedule schedule, SimDevice device, FaultEnvironment faults)
    {
        this.schedule = schedule;
        this.device = device;
        this.faults = faults;
        proven = [schedule.First.Version];
        Crashes = new FaultCrashes(device);
        faults.OnHealth = health =>
        {
            if (health == Health.Good && device.State == BootState.Trial) proven.Add(device.RunningVersion);
        };
    }

    public FaultCrashes Crashes { get; }

    /// <summary>Versions that failed their trial here, or had three without a verdict.</summary>
    public HashSet<string> Failed { get; } = [];

    /// <summary>Boots of a trial.</summary>
    public int TrialBoots { get; private set; }

    /// <summary>Checks that ended without the release since the count was last set to 0, but for a wait for the window.</summary>
    public int Attempts { get; set; }

    /// <summary>The last reason for a refusal or a delay.</summary>
    public UpdateError LastAnswer { get; private set; }

    /// <summary>Refusals and delays since the count was last set to 0.</summary>
    public int Answers { get; set; }

    /// <summary>Wakes from planned sleeps in the middle of an update that waited for nothing, since the count was last set to 0.</summary>
    public int Wakes { get; set; }

    /// <summary>To be called before each step of the device.</summary>
    public void Check()
    {
        if (device.Running == null) return;
        if (faults.Wear.HasJournal) CheckJournal();
        if (device.Boots != boots) CheckBoot();
        wasAtWork = device.Agent?.Phase > Phase.Idle;
        Crashes.Check();
        CheckState();
        for (; events < device.Events.Count; events++) CheckEvent(device.Events[events]);
        Require(device.Milliseconds - lastSign <= LongestSilenceMs, "no check for more than a day");
    }

    /// <summary>The error that the journal holds last, read as SPEC.md, section 5.2, has it.</summary>
    public static UpdateError ReadJournal(SimDevice device) =>
        NewestJournal(device) is { } journal ? (UpdateError)Bytes.GetU16(journal, 12) : UpdateError.None;

    private static byte[]? NewestJournal(SimDevice device)
    {
        var copies = new[] { new byte[512], new byte[512] };
        for (int i = 0; i < 2; i++) device.Flash.Read(SimDevice.Map.Records + FlashLayout.Journal + i * 4096, copies[i]);
        return copies.Where(c => c[0] == 'N' && Bytes.GetU32(c, 508) == Checksum.Crc32(c, 0, 508)).MaxBy(c => Bytes.GetU32(c, 8));
    }

    public static void Require(bool holds, string what)
    {
        if (!holds) throw new AssertFailedException(what);
    }

    private void CheckBoot()
    {
        if (device.IsPlannedWake && wasAtWork && device.Events.LastOrDefault().Kind != UpdateEventKind.Delayed) Wakes++;
        boots = device.Boots;
        lastSign = device.Milliseconds;
        var running = device.Running!;
        int slot = device.Record.Chosen;
        Require(device.SlotHolds(slot, running.Image), $"slot {slot} holds more or less than {running.Version}");
        Require(faults.Wear.HasRecord || new BootRecords(device.Flash, SimDevice.Map).Load() is var stored
            && (stored == null || stored == device.Record), "the boot record in flash is not the one that counts");
        Require(!schedule.Unfit.Contains(running.Version), $"{running.Version} runs, which is not for this device");
        Require(faults.Cable.MustRun == null || faults.Cable.MustRun == running, $"{running.Version} runs instead of what was deployed");
        faults.Cable.MustRun = null;
        Crashes.CheckBoot();
        if (onTrial != null && (device.State != BootState.Trial || running != onTrial)) EndTrial();
        if (device.State != BootState.Trial) return;
        onTrial = running;
        TrialBoots++;
        Require(!Failed.Contains(onTrial.Version) || forgotten.Contains(onTrial.Version), $"{onTrial.Version} failed, and runs again");
    }

    private void EndTrial()
    {
        reverted = onTrial;
        // A deployment by cable is not a failure of a release, and ends its trials.
        bool isCable = device.Record.Reason == UpdateError.CableDeployment;
        endedTrials[onTrial!.Version] = isCable ? 0 : endedTrials.GetValueOrDefault(onTrial.Version) + 1;
        onTrial = null;
    }

    private void CheckState()
    {
        var state = device.State;
        if (lastState == BootState.Reverted && state == BootState.Confirmed && !NotItsFault.Contains(lastReason))
            CheckFailure(lastReason == UpdateError.CrashLoop ? Crashes.Left! : reverted!);
        if (state == BootState.Confirmed)
        {
            onTrial = null;
            bool isAllowed = proven.Contains(device.RunningVersion) || faults.Cable.Has(device.Running);
            Require(isAllowed, $"{device.RunningVersion} is confirmed, but was never proven");
        }

        lastState = state;
        lastReason = device.Record.Reason;
    }

    private void CheckFailure(SimRelease release)
    {
        bool isLate = release.Behaviour is Behaviour.CrashesLater or Behaviour.HangsLater;
        bool isInnocent = release.Behaviour is Behaviour.Good or Behaviour.Silent || isLate != (lastReason == UpdateError.CrashLoop);
        Require(!isInnocent, $"{release.Version} is blamed with {lastReason}");
        Failed.Add(release.Version);
        forgotten.Remove(release.Version);
    }

    // Where one copy of the journal is worn, a power cut in a save loses the other one.
    private void CheckJournal()
    {
        uint sequence = NewestJournal(device) is { } journal ? Bytes.GetU32(journal, 8) : 0;
        if (sequence < journalSequence) forgotten.UnionWith(Failed);
        journalSequence = sequence;
    }

    private void CheckEvent((UpdateEventKind Kind, string Version, UpdateError Code) e)
    {
        bool isWear = e.Kind == UpdateEventKind.Error && FaultWear.IsReportedBy(e.Code);
        if (isWear || e.Kind == UpdateEventKind.Delayed) lastSign = device.Milliseconds;
        if (e.Kind is UpdateEventKind.Delayed or UpdateEventKind.Refused) (LastAnswer, Answers) = (e.Code, Answers + 1);
        if (e.Kind is not (UpdateEventKind.Refused or UpdateEventKind.Idle)) return;
        lastSign = device.Milliseconds;
        if (e.Kind == UpdateEventKind.Idle) return;
        Require(e.Code != UpdateError.None, "a refusal without a reason");
        if (e.Code == UpdateError.TooManyTrials)
        {
            int trials = endedTrials.GetValueOrDefault(e.Version);
            Require(trials >= 3, $"{e.Version} is given up after {trials} trials");
            Failed.Add(e.Version);
        }

        // A power cut may have lost the event that reported it first.
        if (e.Code == UpdateError.Quarantined && endedTrials.GetValueOrDefault(e.Version) >= 3) Failed.Add(e.Version);
        if (e.Code == UpdateError.Quarantined) Require(Failed.Contains(e.Version), $"{e.Version} is in quarantine, and never failed");
        if (e.Code is not (UpdateError.OutsideWindow or UpdateError.CableDeployment)) Attempts++;
    }
}
