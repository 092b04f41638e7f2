using NanoOta.VirtualDevice;

namespace NanoOta.Tests.Simulation;

/// <summary>
/// Watches a device at every step, and knows from outside what it must not do: run a mixture or a release that has failed, keep
/// what nobody proved, give up a release too early, fall silent.
/// </summary>
internal sealed class FaultWitness
{
    private const long LongestSilenceMs = 26 * 3_600_000L;

    private static readonly UpdateError[] NotItsFault =
    [
        UpdateError.HealthCheckTimedOut, UpdateError.TooManyBlips, UpdateError.SlotNotBootable, UpdateError.WrongRuntimeSlot,
        UpdateError.BootRecordFailed,
    ];

    private readonly SimDevice device;
    private readonly HashSet<string> proven = [FaultSchedule.First.Version];
    private readonly Dictionary<string, int> endedTrials = [];
    private int boots, events;
    private BootState lastState;
    private UpdateError lastReason;
    private SimRelease? onTrial, reverted;
    private long lastSign;

    public FaultWitness(SimDevice device, FaultWorld world)
    {
        this.device = device;
        world.OnHealth = health =>
        {
            if (health == Health.Good && device.State == BootState.Trial) proven.Add(device.RunningVersion);
        };
    }

    /// <summary>Versions that failed their trial here, or had three without a verdict.</summary>
    public HashSet<string> Failed { get; } = [];

    /// <summary>Boots of a trial.</summary>
    public int TrialBoots { get; private set; }

    /// <summary>Checks that ended without the release since the count was last set to 0, but for a wait for the window.</summary>
    public int Attempts { get; set; }

    /// <summary>To be called before each step of the device.</summary>
    public void Look()
    {
        if (device.Running == null) return;
        if (device.Boots != boots) LookAtBoot();
        LookAtState();
        for (; events < device.Events.Count; events++) LookAtEvent(device.Events[events]);
        Require(device.Milliseconds - lastSign <= LongestSilenceMs, "no check for more than a day");
    }

    /// <summary>The error that the journal holds last, read as SPEC.md, section 5.2, has it.</summary>
    public static UpdateError ReadJournal(SimDevice device)
    {
        var copies = new[] { new byte[512], new byte[512] };
        for (int i = 0; i < 2; i++) device.Flash.Read(SimDevice.Map.Records + FlashLayout.Journal + i * 4096, copies[i]);
        var journal = copies.Where(c => c[0] == 'N' && Bytes.GetU32(c, 508) == Checksum.Crc32(c, 0, 508)).MaxBy(c => Bytes.GetU32(c, 8));
        return journal == null ? UpdateError.None : (UpdateError)Bytes.GetU16(journal, 12);
    }

    public static void Require(bool holds, string what)
    {
        if (!holds) throw new AssertFailedException(what);
    }

    private void LookAtBoot()
    {
        boots = device.Boots;
        lastSign = device.Milliseconds;
        var running = device.Running!;
        int slot = device.Record.Chosen;
        Require(device.SlotHolds(slot, running.Image), $"slot {slot} holds more or less than {running.Version}");
        Require(new BootRecords(device.Flash, SimDevice.Map).Load() is var stored && (stored == null || stored == device.Record),
            "the boot record in flash is not the one that counts");
        if (onTrial != null && (device.State != BootState.Trial || running != onTrial)) EndTrial();
        if (device.State != BootState.Trial) return;
        onTrial = running;
        TrialBoots++;
        Require(!Failed.Contains(onTrial.Version), $"{onTrial.Version} failed, and runs again");
    }

    private void EndTrial()
    {
        reverted = onTrial;
        endedTrials[onTrial!.Version] = endedTrials.GetValueOrDefault(onTrial.Version) + 1;
        onTrial = null;
    }

    private void LookAtState()
    {
        var state = device.State;
        if (lastState == BootState.Reverted && state == BootState.Confirmed && !NotItsFault.Contains(lastReason)) Blame(reverted!);
        if (state == BootState.Confirmed)
        {
            onTrial = null;
            Require(proven.Contains(device.RunningVersion), $"{device.RunningVersion} is confirmed, and nobody proved it");
        }

        lastState = state;
        lastReason = device.Record.Reason;
    }

    private void Blame(SimRelease release)
    {
        Require(release.Behaviour is not (Behaviour.Good or Behaviour.Silent), $"{release.Version} is blamed with {lastReason}");
        Failed.Add(release.Version);
    }

    private void LookAtEvent((UpdateEventKind Kind, string Version, UpdateError Code) e)
    {
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

        // A power cut may have swallowed the event that said so first.
        if (e.Code == UpdateError.Quarantined && endedTrials.GetValueOrDefault(e.Version) >= 3) Failed.Add(e.Version);
        if (e.Code == UpdateError.Quarantined) Require(Failed.Contains(e.Version), $"{e.Version} is in quarantine, and never failed");
        if (e.Code != UpdateError.OutsideWindow) Attempts++;
    }
}
