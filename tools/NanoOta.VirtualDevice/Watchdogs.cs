namespace NanoOta.VirtualDevice;

/// <summary>
/// The two watchdogs of one run of a CPU: the trial's, which only a confirmation stops, and the guard that the firmware feeds.
/// </summary>
internal sealed class Watchdogs : IDisposable
{
    private readonly Lock gate = new();
    private readonly Timer trial, guard;
    private readonly Action bite;
    private bool isOnTrial;

    /// <summary>Watchdogs that begin now.</summary>
    /// <param name="isOnTrial">Whether there is a trial to guard.</param>
    /// <param name="trialTime">What is left of its time.</param>
    /// <param name="bite">Resets the chip; may be called twice.</param>
    public Watchdogs(bool isOnTrial, TimeSpan trialTime, Action bite)
    {
        this.isOnTrial = isOnTrial;
        this.bite = bite;
        guard = new Timer(_ => bite());
        trial = new Timer(_ => BiteTrial(), null, trialTime, Timeout.InfiniteTimeSpan);
    }

    /// <summary>The trial has its verdict.</summary>
    public void EndTrial()
    {
        lock (gate) isOnTrial = false;
    }

    /// <summary>The chip is reset unless this is called again in time; 0 ends that.</summary>
    public void Guard(TimeSpan time) =>
        guard.Change(time == TimeSpan.Zero ? Timeout.InfiniteTimeSpan : time, Timeout.InfiniteTimeSpan);

    public void Dispose()
    {
        trial.Dispose();
        guard.Dispose();
    }

    private void BiteTrial()
    {
        lock (gate)
            if (isOnTrial) bite();
    }
}
