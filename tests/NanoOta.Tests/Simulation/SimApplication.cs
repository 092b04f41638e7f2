using NanoOta.VirtualDevice;

namespace NanoOta.Tests.Simulation;

/// <summary>What the firmware of a simulated device does beside its agent, and when it does not.</summary>
internal sealed class SimApplication(SimDevice device) : IHealthCheck
{
    private const int HealthyAfterMs = 1000;

    /// <summary>Milliseconds after the start at which firmware that fails later does so.</summary>
    public int FailsAfterMs { get; set; } = 5000;

    /// <summary>Whether firmware that fails later does so now.</summary>
    public bool IsFailing { get; set; } = true;

    /// <summary>How the application sleeps, or null.</summary>
    public SimSleep? Sleep { get; set; }

    /// <summary>Times that it has slept.</summary>
    public int Sleeps { get; private set; }

    /// <summary>Longest time that may pass before it must be asked again.</summary>
    public int PieceMs => Math.Min(Until(Sleep?.AwakeMs), Until(IsLate && IsFailing ? FailsAfterMs : null));

    /// <summary>Whether it never starts an agent.</summary>
    public bool IsStillborn => Behaviour is Behaviour.CrashesAtStart or Behaviour.Hangs or Behaviour.NeverRuns;

    private bool IsLate => Behaviour is Behaviour.CrashesLater or Behaviour.HangsLater;

    private Behaviour Behaviour => device.Running?.Behaviour ?? Behaviour.Good;

    /// <summary>What it does now that ends in a reset, or null.</summary>
    /// <exception cref="SleepException">It sleeps, announced.</exception>
    public ResetReason? Live()
    {
        if (Sleep is { } sleep && !device.IsSafeMode && device.UptimeMs >= sleep.AwakeMs) Fall(sleep);
        bool isLate = IsFailing && device.State == BootState.Confirmed && !device.IsSafeMode && device.UptimeMs >= FailsAfterMs;
        switch (Behaviour)
        {
            case Behaviour.CrashesAtStart: return ResetReason.Panic;
            case Behaviour.Hangs:
                device.Pass(SimDevice.TrialWatchdogMs);
                return ResetReason.Wdt;
            case Behaviour.NeverRuns:
                device.Hang();
                return ResetReason.Wdt;
            case Behaviour.Restarts when device.State == BootState.Trial: return ResetReason.Sw;
            case Behaviour.CrashesLater when isLate: return ResetReason.Panic;
            case Behaviour.HangsLater when isLate:
                device.Hang();
                return ResetReason.Wdt;
            default: return null;
        }
    }

    // What is due and cannot be done is tried again a second later.
    private int Until(int? uptimeMs) => uptimeMs == null ? FirmwareGuard.RoundMs
        : uptimeMs <= device.UptimeMs ? 1000 : (int)Math.Min(uptimeMs.Value - device.UptimeMs, FirmwareGuard.RoundMs);

    Health IHealthCheck.Check() => Behaviour switch
    {
        Behaviour.Unhealthy => Health.Bad,
        Behaviour.Silent => Health.Unknown,
        Behaviour.Throws => throw new InvalidOperationException("this health check fails in its own way"),
        _ => device.UptimeMs < HealthyAfterMs ? Health.Unknown : Health.Good,
    };

    // A sleep that is refused leaves it awake.
    private void Fall(SimSleep sleep)
    {
        if (sleep.IsAnnounced && device.Agent?.Sleep(sleep.AsleepMs) != true) return;
        throw new SleepException(sleep.AsleepMs);
    }

    /// <summary>The sleep is over; what has ended it.</summary>
    public ResetReason Wake()
    {
        Sleeps++;
        return Sleep?.EndedBy ?? ResetReason.DeepSleep;
    }
}

/// <summary>How firmware sleeps.</summary>
/// <param name="AwakeMs">Milliseconds from each start to the sleep.</param>
/// <param name="AsleepMs">Milliseconds of the sleep.</param>
/// <param name="IsAnnounced">Whether the native module is informed.</param>
/// <param name="EndedBy">What resets the chip at its end.</param>
internal sealed record SimSleep(int AwakeMs, int AsleepMs, bool IsAnnounced = true, ResetReason EndedBy = ResetReason.DeepSleep);
