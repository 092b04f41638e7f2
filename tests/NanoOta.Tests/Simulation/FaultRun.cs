using static NanoOta.Tests.Simulation.FaultSafetyChecks;

namespace NanoOta.Tests.Simulation;

/// <summary>One device through one schedule: through its faults, to the end that it must have, and on to a last good release.</summary>
internal sealed class FaultRun
{
    /// <summary>Checks after the last fault that may end without the release: one that was running, and one for its results.</summary>
    public const int MaxAttempts = 2;

    /// <summary>Wakes during the download of a release: each completes at least one block, and no image has more than 11.</summary>
    public const int MaxWakes = 11;

    private const long HourMs = 3_600_000;

    private readonly FaultSchedule schedule;
    private readonly SimDevice device;
    private readonly FaultSafetyChecks safety;
    private readonly FaultPolicyChecks policy;

    public FaultRun(int seed)
    {
        schedule = new FaultSchedule(seed);
        device = new SimDevice(schedule.First);
        foreach (var publication in schedule.Publications) device.Know(publication.Release);
        Faults = new FaultEnvironment(schedule, device);
        safety = new FaultSafetyChecks(schedule, device, Faults);
        policy = new FaultPolicyChecks(schedule, device, Faults);
        Costs = new FaultCosts(device, Faults, safety);
        device.OnStep = (phase, bytes) =>
        {
            policy.CheckStep(phase);
            Costs.CheckStep(phase, bytes);
        };
    }

    public FaultEnvironment Faults { get; }

    public FaultCosts Costs { get; }

    public FaultCrashes Crashes => safety.Crashes;

    public Ending Ending => schedule.Ending;

    public bool IsSleeper => schedule.IsSleeper;

    public int PlannedWakes => device.PlannedWakes;

    /// <summary>Images that were staged from packed files.</summary>
    public int PackedUpdates => device.PackedUpdates;

    /// <summary>Packed files that were given up.</summary>
    public int FellBack => device.FellBack;

    /// <summary>Most checks that a release took after the last fault.</summary>
    public int MostAttempts { get; private set; }

    /// <summary>Most wakes from planned sleeps that the work on a release took after the last fault.</summary>
    public int MostWakes { get; private set; }

    /// <summary>Whether a good release was given up for a stated reason.</summary>
    public bool HasGivenUp { get; private set; }

    public override string ToString() => schedule.ToString();

    public void Run()
    {
        RunTo(() => Faults.IsCalm, schedule.CalmAtMs + 4 * HourMs, "the faults never end");
        if (schedule.Ending == Ending.Taken) EndOn(schedule.Last.Release);
        else if (schedule.Ending == Ending.WornOut) EndWorn();
        else EndWithReason();
        if (schedule.Ending != Ending.WornOut)
        {
            Faults.Rescue();
            EndOn(schedule.Rescue);
        }

        Costs.CheckFlash();
        Costs.CheckMemory();
    }

    private void EndOn(SimRelease release)
    {
        safety.Attempts = safety.Wakes = 0;
        RunTo(() => IsSettledOn(release) || IsGivenUp(release), Limit(1), $"{release.Version} does not come");
        if (!IsSettledOn(release))
        {
            Require(release != schedule.Rescue, "the last good release is given up");
            HasGivenUp = true;
            RequireReason([UpdateError.Quarantined, UpdateError.TooManyTrials]);
            return;
        }

        MostAttempts = Math.Max(MostAttempts, safety.Attempts);
        MostWakes = Math.Max(MostWakes, safety.Wakes);
        Require(safety.Wakes <= MaxWakes, $"{release.Version} took {safety.Wakes} wakes");
        Require(safety.Attempts <= MaxAttempts, $"{release.Version} took {safety.Attempts} checks");
    }

    // It continues with all that still works, and reports the reason.
    private void EndWorn()
    {
        bool IsReported() => device.Events.Exists(e => FaultWear.IsReportedBy(e.Code));
        bool IsThere() => IsSettledOn(schedule.Last.Release) || IsReported() || IsGivenUp(schedule.Last.Release);
        RunTo(IsThere, Limit(3), "neither the release nor a number of worn flash");
        long until = device.Milliseconds + 12 * HourMs;
        RunTo(() => device.Milliseconds >= until, until + HourMs, "time stands still");
    }

    // It must report that, and report it again.
    private void EndWithReason()
    {
        var reasons = Reasons();
        for (int i = 0; i < 3; i++)
        {
            safety.Attempts = safety.Answers = 0;
            RunTo(() => IsStated(reasons), Limit(3), $"no reason out of {string.Join(", ", reasons)}, but {device.LastRefusal}");
            RequireReason(reasons);
        }
    }

    private bool IsStated(UpdateError[] reasons) =>
        (HasAnswered(reasons) && device.State == BootState.Confirmed && (!MustBeSafe || device.IsSafeMode)
            && reasons.Contains(ReadJournal(device)))
        || IsLeftInSafeMode;

    // A device that sleeps waits anew at each wake, and reports that instead of giving up.
    private bool HasAnswered(UpdateError[] reasons) => schedule.IsSleeper
        ? safety.Answers > 0 && reasons.Contains(safety.LastAnswer)
        : safety.Attempts > 0 && reasons.Contains(device.LastRefusal);

    private bool MustBeSafe => schedule.Ending == Ending.SafeMode;

    /// <summary>Whether it crashes without firmware to revert to, and reports that.</summary>
    private bool IsLeftInSafeMode => IsLate(schedule.Last.Release) && device.IsSafeMode && device.Running == schedule.Last.Release
        && device.Agent?.Phase == Phase.Idle
        && device.Events.Contains((UpdateEventKind.Notice, device.RunningVersion, UpdateError.SafeMode));

    private static bool IsLate(SimRelease release) => release.Behaviour is Behaviour.CrashesLater or Behaviour.HangsLater;

    private void RequireReason(UpdateError[] reasons)
    {
        if (IsLeftInSafeMode) return;
        Require(reasons.Contains(ReadJournal(device)), $"the journal holds {ReadJournal(device)}");
        Require(device.Running!.Behaviour == Behaviour.Good || IsLate(device.Running), $"{device.RunningVersion} runs");
        Require(device.RunningVersion != schedule.Last.Release.Version, "what must not be taken runs");
    }

    private UpdateError[] Reasons() => schedule.Ending switch
    {
        Ending.Failing => [UpdateError.Quarantined],
        Ending.Stopped => [UpdateError.NotInWave],
        Ending.Expired => [UpdateError.Expired],
        Ending.OtherBoard => [UpdateError.WrongBoard],
        Ending.OldSequence => [UpdateError.NotNewer],
        Ending.TooBig => [UpdateError.ImageTooBig],
        Ending.UnknownSigner => [UpdateError.UnknownKey],
        Ending.NeedsEarlier => [UpdateError.NeedsEarlierRelease],
        Ending.NoNetwork => [UpdateError.Unreachable],
        Ending.NoFiles => [UpdateError.FileNotFound, UpdateError.Unreachable],
        Ending.DamagedForEver => [UpdateError.BlockCorrupt],
        Ending.NoSupply => [UpdateError.SupplyLow],
        Ending.NeverIdle => [UpdateError.ApplicationBusy],
        Ending.NoClock => [UpdateError.ClockNotSet],
        Ending.NoMemory => [UpdateError.MemoryLow],
        Ending.WrongRuntime => [UpdateError.WrongRuntime],
        Ending.WrongChip => [UpdateError.WrongChip],
        Ending.WrongLayout => [UpdateError.WrongLayout],
        Ending.AgentTooOld => [UpdateError.AgentTooOld],
        Ending.NotInWave => [UpdateError.NotInWave],
        Ending.SafeMode => [UpdateError.Quarantined],
        _ => throw new InvalidOperationException($"{schedule.Ending} needs no reason"),
    };

    private bool IsSettledOn(SimRelease release) =>
        device.RunningVersion == release.Version && device.State == BootState.Confirmed && device.Agent?.Phase == Phase.Idle;

    private bool IsGivenUp(SimRelease release) => safety.Failed.Contains(release.Version)
        && device.State == BootState.Confirmed && IsGivingUp(device.LastRefusal)
        && safety.Attempts > 0 && IsGivingUp(ReadJournal(device));

    private static bool IsGivingUp(UpdateError error) => error is UpdateError.Quarantined or UpdateError.TooManyTrials;

    // A day for a server that asked for it, a day for the window of each trial, and the checks.
    private long Limit(int trials) =>
        device.Milliseconds + 25 * HourMs + (schedule.HasWindow ? trials * 25 * HourMs : 0) + 6L * schedule.CheckIntervalMs + HourMs;

    private void RunTo(Func<bool> isThere, long until, string orElse)
    {
        bool isLate = false;
        bool hasRun = device.RunUntil(
            () =>
            {
                safety.Check();
                policy.Check();
                Faults.Settings.Check();
                Faults.Advance();
                isLate = device.Milliseconds > until;
                return device.Running != null && (isThere() || isLate);
            },
            int.MaxValue);
        Require(hasRun, "nothing boots");
        string where = $"{device.RunningVersion} runs, {device.State}, {device.Agent?.Phase}";
        Require(!isLate || isThere(), $"{orElse} until {until / HourMs} h; {where}");
    }
}
