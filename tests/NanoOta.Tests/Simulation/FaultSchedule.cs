using NanoOta.Tests.Support;

namespace NanoOta.Tests.Simulation;

/// <summary>All that one seed decides: the device, what is published when, which faults there are, and how it has to end.</summary>
internal sealed class FaultSchedule
{
    public const long StartsAt = 1_795_392_000; // 2026-11-23 00:00 UTC
    public const string MirrorAddress = "http://mirror.example/lamp/";
    private const int Minute = 60_000;

    private static readonly SimRelease[] Pool = MakePool();

    private static readonly FaultKind[] Worn = [FaultKind.WornSlot, FaultKind.WornIndex, FaultKind.WornJournal, FaultKind.WornRecord];
    private static readonly FaultKind[] Passing = [.. Enum.GetValues<FaultKind>().Except(Worn)];
    private static readonly Phase[] Phases = [.. Enum.GetValues<Phase>().Where(p => p != Phase.Idle)];
    private readonly Random random;
    private readonly FaultReleases releases;

    public FaultSchedule(int seed)
    {
        Seed = seed;
        random = new Random(seed);
        Ending = DrawEnding();
        CheckIntervalMs = new[] { 10, 20, 40 }[random.Next(3)] * Minute;
        HasMirror = random.Next(2) == 0;
        HasSupply = Ending == Ending.NoSupply || random.Next(2) == 0;
        HasWindow = Ending == Ending.NoClock || random.Next(6) == 0;
        IsHttps = Ending == Ending.NoMemory || random.Next(3) == 0;
        LatencyMs = new[] { 2, 40, 700 }[random.Next(3)];
        CalmAtMs = random.Next(60, 240) * Minute;
        CalmPhase = random.Next(2) == 0 ? Phases[random.Next(Phases.Length)] : null;
        // So that devices do not wait a day for it once all is calm.
        WindowStart = (int)(CalmAtMs / Minute + random.Next(-60, 180)) % 1440;
        DrawApplication();
        releases = new FaultReleases(this, random);
        First = Ending == Ending.SafeMode || random.Next(8) == 0 ? Pool[0] with { Behaviour = DrawLate() } : Pool[0];
        int count = random.Next(0, 4);
        if (Ending == Ending.NotInWave) releases.LeaveOut(Pool[count + 1]);
        Publications = Plan(count);
        Last = MakeLast();
        Rescue = releases.Sign(Pool[count + 2], Ending.Taken, hasTurn: true);
        Faults = [.. Enumerable.Range(0, random.Next(3, 16)).Select(_ => MakeFault())];
        if (Ending == Ending.WornOut) Faults.AddRange(Worn.Where(_ => random.Next(2) == 0).DefaultIfEmpty(FaultKind.WornSlot).Select(Wear));
    }

    public int Seed { get; }

    public Ending Ending { get; }

    public int CheckIntervalMs { get; }

    public bool HasMirror { get; }

    public bool HasSupply { get; }

    public bool HasWindow { get; }

    public bool IsHttps { get; }

    public int LatencyMs { get; }

    /// <summary>When the daily window of an hour opens, in minutes.</summary>
    public int WindowStart { get; }

    /// <summary>No fault lasts longer than this, except for that of the ending.</summary>
    public long CalmAtMs { get; }

    /// <summary>Then the next entry into this phase ends them, if there is one within three hours.</summary>
    public Phase? CalmPhase { get; }

    /// <summary>What the device leaves the factory with.</summary>
    public SimRelease First { get; }

    /// <summary>Milliseconds after its start at which firmware that fails later does so: soon, or when it counts as stable.</summary>
    public int FailsAfterMs { get; private set; }

    /// <summary>Whether such firmware fails always, and not only while there is that fault.</summary>
    public bool FailsForEver { get; private set; }

    /// <summary>Whether the device sleeps most of the time, to the end.</summary>
    public bool IsSleeper { get; private set; }

    /// <summary>Milliseconds awake, and then asleep.</summary>
    public int AwakeMs { get; private set; }

    public int AsleepMs { get; private set; }

    public string DeviceId => releases.DeviceId;

    /// <summary>Versions that must never run, because of their manifests.</summary>
    public HashSet<string> Unfit => releases.Unfit;

    /// <summary>The settings schema of a version; 0 if it was deployed by cable or states none.</summary>
    public int SchemaOf(string version) => releases.Schemas.GetValueOrDefault(version);

    public List<Publication> Publications { get; }

    /// <summary>The release that is on offer in the end.</summary>
    public Publication Last { get; }

    /// <summary>A good release after the end of all faults: the device must be able to install it in any state.</summary>
    public SimRelease Rescue { get; }

    public List<Fault> Faults { get; }

    public override string ToString() =>
        $"{Ending}, first {First.Behaviour}, id {DeviceId}, "
        + $"check every {CheckIntervalMs / Minute} min, calm after {CalmAtMs / Minute} min {CalmPhase}, "
        + $"mirror {HasMirror}, supply {HasSupply}, window {(HasWindow ? WindowStart : "none")}, https {IsHttps}, "
        + $"latency {LatencyMs} ms, "
        + $"fails after {FailsAfterMs} ms {(FailsForEver ? "for ever" : "at times")}, sleeper {IsSleeper} ({AwakeMs}/{AsleepMs} ms); "
        + $"unfit {string.Join(' ', Unfit)}; publishes {string.Join(", ", Publications)}, last {Last}; faults: {string.Join(", ", Faults)}";

    // Every second release is a later version of the first, so that differences are of use.
    private static SimRelease[] MakePool()
    {
        var first = SimRelease.Make("1.1.0", 1, 10);
        return [first, .. Enumerable.Range(2, 5).Select(n => (n % 2 == 0
            ? first with { Version = $"1.{n}.0", Sequence = n, Image = TestImage.Fixed(first.Image, 200 + 900 * n, n) }
            : SimRelease.Make($"1.{n}.0", n, 3 + n * 7 % 9)).PackedFrom(first.Image, []))];
    }

    private Ending DrawEnding()
    {
        if (random.Next(2) == 0) return Ending.Taken;
        return random.Next(8) == 0 ? Ending.WornOut : (Ending)random.Next(Enum.GetValues<Ending>().Length);
    }

    private void DrawApplication()
    {
        // A device that resets before a check interval is over never waits long enough to give up with a reason.
        bool isSoon = Ending is Ending.SafeMode or Ending.Failing or Ending.NoClock or Ending.NoSupply or Ending.NeverIdle
            || random.Next(4) != 0;
        FailsAfterMs = isSoon ? new[] { 2_000, 20_000, 200_000 }[random.Next(3)] : 1_000_000;
        FailsForEver = Ending is Ending.SafeMode or Ending.Failing || random.Next(3) == 0;
        // Firmware that sleeps before it fails is not one that crashes again and again, and retries begin anew at each wake.
        bool isAwake = Ending is Ending.SafeMode or Ending.Failing or Ending.NoNetwork or Ending.NoFiles or Ending.DamagedForEver;
        IsSleeper = !isAwake && random.Next(5) == 0;
        AwakeMs = new[] { 3_000, 12_000, 40_000 }[random.Next(LatencyMs > 100 ? 1 : 0, 3)];
        AsleepMs = new[] { 5, 10, 25 }[random.Next(3)] * Minute;
    }

    private Behaviour DrawLate() => random.Next(2) == 0 ? Behaviour.CrashesLater : Behaviour.HangsLater;

    // A device that is to end in safe mode must not receive a good release.
    private Behaviour DrawBehaviour() => Ending == Ending.SafeMode ? (Behaviour)random.Next(1, 10)
        : random.Next(2) == 0 ? Behaviour.Good : (Behaviour)random.Next(10);

    private List<Publication> Plan(int count)
    {
        var plan = new List<Publication>();
        for (int i = 1; i <= count; i++)
        {
            var release = releases.Sign(Pool[i] with { Behaviour = DrawBehaviour() }, releases.DrawFitness());
            plan.Add(i > 1 && random.Next(2) == 0
                ? new Publication { Release = release, Phase = Phases[random.Next(Phases.Length)], Entry = random.Next(1, 4) }
                : new Publication { Release = release, AtMs = i == 1 ? 0 : random.NextInt64(CalmAtMs) });
        }

        return plan;
    }

    // A release that must be refused is offered when no fault is left, so that nothing else can be the reason.
    private Publication MakeLast()
    {
        var release = Pool[Publications.Count + 1];
        var behaviour = Ending == Ending.SafeMode ? DrawLate() : Ending == Ending.Failing ? (Behaviour)random.Next(1, 10) : Behaviour.Good;
        long at = Ending is Ending.Taken or Ending.Failing or Ending.WornOut ? random.NextInt64(CalmAtMs) : long.MaxValue;
        bool hasTurn = Ending is not (Ending.NotInWave or Ending.Stopped);
        return new Publication { Release = releases.Sign(release with { Behaviour = behaviour }, Ending, hasTurn), AtMs = at };
    }

    private Fault MakeFault()
    {
        var kind = random.Next(6) switch
        {
            0 => FaultKind.TornFlash,
            1 => FaultKind.PowerCycles,
            _ => Passing[random.Next(Passing.Length)],
        };
        // An app deployed by cable has no sequence: no release is too old for it, or needs an earlier one. It needs working flash.
        bool isFreeOfCables = Ending is Ending.OldSequence or Ending.NeedsEarlier or Ending.SafeMode or Ending.WornOut;
        if (kind == FaultKind.Cable && isFreeOfCables) kind = FaultKind.PowerCycles;
        // From a tenth of a second to three hours, each magnitude as often as the others; or until all is calm.
        long length = random.Next(6) == 0 ? 1_000_000_000 : (long)(100 * Math.Pow(108_000, random.NextDouble()));
        return Happen(kind, length);
    }

    private Fault Wear(FaultKind kind) => Happen(kind, 1);

    private Fault Happen(FaultKind kind, long length) => random.Next(3) == 0
        ? new Fault { Kind = kind, LengthMs = length, AtMs = random.NextInt64(CalmAtMs) }
        : new Fault { Kind = kind, LengthMs = length, Phase = Phases[random.Next(Phases.Length)], Entry = random.Next(1, 4) };
}
