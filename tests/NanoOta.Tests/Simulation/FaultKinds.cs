namespace NanoOta.Tests.Simulation;

/// <summary>Kinds of faults around a device.</summary>
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
    DamagedPacked,
    PackedMissing,
    DeadMirror,
    DamagedMirror,
    TornFlash,
    PowerCycles,
    SupplyLow,
    SupplySags,
    Busy,
    BusyAtTimes,
    Silent,
    ClockUnknown,
    ClockJumps,
    MemoryShort,
    LateFailures,
    Sleeps,
    UnplannedSleeps,
    Cable,
    SettingsFail,
    WornSlot,
    WornIndex,
    WornJournal,
    WornRecord,
}

/// <summary>The reason why the last release on offer is finally installed or refused.</summary>
internal enum Ending
{
    Taken,
    Failing,
    Stopped,
    Expired,
    OtherBoard,
    OldSequence,
    TooBig,
    UnknownSigner,
    NeedsEarlier,
    NoNetwork,
    NoFiles,
    DamagedForEver,
    NoSupply,
    NeverIdle,
    NoClock,
    NoMemory,
    WrongRuntime,
    WrongChip,
    WrongLayout,
    AgentTooOld,
    NotInWave,
    SafeMode,
    WornOut,
}

/// <summary>Something that begins at a time, or when the agent enters a phase for the nth time.</summary>
internal abstract class ScheduledEvent
{
    public long AtMs { get; init; } = long.MaxValue;

    public Phase Phase { get; init; }

    /// <summary>0 when only the time counts.</summary>
    public int Entry { get; init; }

    private int entries;

    public bool IsDue(long now, Phase? entered) => now >= AtMs || (Entry > 0 && entered == Phase && ++entries == Entry);

    public override string ToString() => Entry > 0 ? $"from entry {Entry} into {Phase}" : $"from {AtMs} ms";
}

/// <summary>A fault that begins and ends.</summary>
internal sealed class Fault : ScheduledEvent
{
    public required FaultKind Kind { get; init; }

    public required long LengthMs { get; init; }

    public long Until { get; set; } = -1;

    public override string ToString() =>
        $"{Kind} {base.ToString()} for {LengthMs} ms";
}

/// <summary>A release that is put on the server.</summary>
internal sealed class Publication : ScheduledEvent
{
    public required SimRelease Release { get; init; }

    public override string ToString() => $"{Release.Version} {Release.Behaviour} {base.ToString()}";
}
