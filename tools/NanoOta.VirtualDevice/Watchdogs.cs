namespace NanoOta.VirtualDevice;

/// <summary>The two watchdogs of a run of a CPU: the one of the trial, which only a confirmation stops, and the guard, which the firmware
/// feeds.</summary>
internal sealed class Watchdogs : IDisposable
{
    private readonly Lock gate = new();
    private readonly Timer trial, guard;
    private readonly Action reset;
    private bool isOnTrial;

    /// <summary>Starts the watchdogs.</summary>
    /// <param name="isOnTrial">Whether the firmware is on trial.</param>
    /// <param name="trialTime">Time left for the trial.</param>
    /// <param name="reset">Resets the chip; may be called twice.</param>
    public Watchdogs(bool isOnTrial, TimeSpan trialTime, Action reset)
    {
        this.isOnTrial = isOnTrial;
        this.reset = reset;
        guard = new Timer(_ => reset());
        trial = new Timer(_ => OnTrialTimeout(), null, trialTime, Timeout.InfiniteTimeSpan);
    }

    /// <summary>Stops the watchdog of the trial.</summary>
    public void EndTrial()
    {
        lock (gate) isOnTrial = false;
    }

    /// <summary>Starts or feeds the guard: it resets the chip after this time; 0 stops it.</summary>
    public void Guard(TimeSpan time) =>
        guard.Change(time == TimeSpan.Zero ? Timeout.InfiniteTimeSpan : time, Timeout.InfiniteTimeSpan);

    public void Dispose()
    {
        trial.Dispose();
        guard.Dispose();
    }

    private void OnTrialTimeout()
    {
        lock (gate)
            if (isOnTrial) reset();
    }
}
