using NanoOta.Tests.Support;

namespace NanoOta.Tests.Simulation;

/// <summary>What can be wrong with a device's world.</summary>
internal enum FaultKind
{
    Unreachable,
    Flaky,
    ShortConnections,
    SlowLink,
    Overloaded,
    FilesMissing,
    Redirect,
    NoRanges,
    DamagedImage,
    DamagedIndex,
    DamagedManifest,
    ShortImage,
    DeadMirror,
    DamagedMirror,
    TornFlash,
    PowerCycles,
    SupplyLow,
    SupplySags,
    Busy,
    Moody,
    Silent,
    ClockUnknown,
    ClockJumps,
    MemoryShort,
}

/// <summary>Why the last release on offer is taken in the end, or why not.</summary>
internal enum Ending
{
    Taken,
    Failing,
    Stopped,
    Expired,
    OtherBoard,
    OldSequence,
    TooBig,
    Strangers,
    NeedsEarlier,
    NoNetwork,
    NoFiles,
    DamagedForEver,
    NoSupply,
    NeverIdle,
    NoClock,
    NoMemory,
}

/// <summary>Something that begins at a time, or when the agent enters a phase for the nth time.</summary>
internal abstract class Happening
{
    public long AtMs { get; init; } = long.MaxValue;

    public Phase Phase { get; init; }

    /// <summary>0 when only the time counts.</summary>
    public int Entry { get; init; }

    private int entries;

    public bool IsDue(long now, Phase? entered) => now >= AtMs || (Entry > 0 && entered == Phase && ++entries == Entry);

    public override string ToString() => Entry > 0 ? $"from entry {Entry} into {Phase}" : $"from {AtMs} ms";
}

/// <summary>A fault that begins and goes away.</summary>
internal sealed class Fault : Happening
{
    public required FaultKind Kind { get; init; }

    public required long LengthMs { get; init; }

    public long Until { get; set; } = -1;

    public override string ToString() =>
        $"{Kind} {base.ToString()} for {LengthMs} ms";
}

/// <summary>A release that is put on the server.</summary>
internal sealed class Publication : Happening
{
    public required SimRelease Release { get; init; }

    public override string ToString() => $"{Release.Version} {Release.Behaviour} {base.ToString()}";
}

/// <summary>All that one seed decides: the device, what is published when, which faults there are, and how it has to end.</summary>
internal sealed class FaultSchedule
{
    public const long StartsAt = 1_795_392_000; // 2026-11-23 00:00 UTC
    public const string MirrorAddress = "http://mirror.example/lamp/";
    private const int Minute = 60_000;

    private static readonly SimRelease[] Pool =
        [.. Enumerable.Range(1, 40).Select(n => SimRelease.Make($"1.{n}.0", n, 3 + n * 7 % 9))];

    private static readonly SomeKey Stranger = new();
    private static readonly FaultKind[] Kinds = Enum.GetValues<FaultKind>();
    private static readonly Phase[] Phases = [.. Enum.GetValues<Phase>().Where(p => p != Phase.Idle)];
    private readonly Random random;

    public FaultSchedule(int seed)
    {
        Seed = seed;
        random = new Random(seed);
        int kinds = Enum.GetValues<Ending>().Length;
        Ending = random.Next(2) == 0 ? Ending.Taken : (Ending)random.Next(kinds);
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
        Publications = Plan();
        Last = MakeLast();
        Rescue = Sign(Pool[Publications.Count + 2]);
        Faults = [.. Enumerable.Range(0, random.Next(3, 16)).Select(_ => MakeFault())];
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

    /// <summary>No fault goes on longer than this, but for the one that the ending is about.</summary>
    public long CalmAtMs { get; }

    /// <summary>Then the next entry into this phase ends them, if there is one within three hours.</summary>
    public Phase? CalmPhase { get; }

    public static SimRelease First => Pool[0];

    public List<Publication> Publications { get; }

    /// <summary>The release that is on offer in the end.</summary>
    public Publication Last { get; }

    /// <summary>A good release for which all faults go away: what became of the device, it must be able to take it.</summary>
    public SimRelease Rescue { get; }

    public List<Fault> Faults { get; }

    public override string ToString() =>
        $"{Ending}, check every {CheckIntervalMs / Minute} min, calm after {CalmAtMs / Minute} min {CalmPhase}, "
        + $"mirror {HasMirror}, supply {HasSupply}, window {(HasWindow ? WindowStart : "none")}, https {IsHttps}, "
        + $"latency {LatencyMs} ms; publishes {string.Join(", ", Publications)}, last {Last}; faults: {string.Join(", ", Faults)}";

    private List<Publication> Plan()
    {
        var plan = new List<Publication>();
        for (int i = 1; i <= random.Next(0, 4); i++)
        {
            var behaviour = random.Next(2) == 0 ? Behaviour.Good : (Behaviour)random.Next(8);
            var release = Sign(Pool[i] with { Behaviour = behaviour });
            plan.Add(i > 1 && random.Next(2) == 0
                ? new Publication { Release = release, Phase = Phases[random.Next(Phases.Length)], Entry = random.Next(1, 4) }
                : new Publication { Release = release, AtMs = i == 1 ? 0 : random.NextInt64(CalmAtMs) });
        }

        return plan;
    }

    // A release that must not be taken comes when all is calm, so that nothing else can be the reason.
    private Publication MakeLast()
    {
        var release = Pool[Publications.Count + 1];
        var behaviour = Ending == Ending.Failing ? (Behaviour)random.Next(1, 8) : Behaviour.Good;
        long at = Ending is Ending.Taken or Ending.Failing ? random.NextInt64(CalmAtMs) : long.MaxValue;
        return new Publication { Release = Sign(release with { Behaviour = behaviour }, Ending), AtMs = at };
    }

    private SimRelease Sign(SimRelease release, Ending ending = Ending.Taken)
    {
        var key = ending == Ending.Strangers ? Stranger : SomeManifest.SharedKey;
        var manifest = SomeManifest.For(release.Image, release.Version, release.Sequence, key);
        if (ending == Ending.OtherBoard) manifest.Board = "board-b";
        if (ending == Ending.OldSequence) manifest.Sequence = 1L;
        if (ending == Ending.TooBig) manifest.Size = (long)SimDevice.Map.SlotSize + 1;
        manifest.Change = map =>
        {
            if (ending == Ending.Expired) map.Add((7L, StartsAt + 1));
            if (ending == Ending.NeedsEarlier) map.Add((8L, 1000L));
            if (ending == Ending.Stopped) map.Add((9L, 0L));
            if (HasMirror) map.Add((10L, new object[] { MirrorAddress }));
        };
        return release with { Manifest = manifest.Sign() };
    }

    private Fault MakeFault()
    {
        var kind = random.Next(6) switch
        {
            0 => FaultKind.TornFlash,
            1 => FaultKind.PowerCycles,
            _ => Kinds[random.Next(Kinds.Length)],
        };
        // From a tenth of a second to three hours, each magnitude as often as the others; or until all is calm.
        long length = random.Next(6) == 0 ? 1_000_000_000 : (long)(100 * Math.Pow(108_000, random.NextDouble()));
        return random.Next(3) == 0
            ? new Fault { Kind = kind, LengthMs = length, AtMs = random.NextInt64(CalmAtMs) }
            : new Fault { Kind = kind, LengthMs = length, Phase = Phases[random.Next(Phases.Length)], Entry = random.Next(1, 4) };
    }
}
