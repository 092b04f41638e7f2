using NanoOta.VirtualDevice;

namespace NanoOta.Tests.Simulation;

/// <summary>Puts a simulated device to sleep, and gives the firmware that wakes what was kept; a loss of power in between loses it.</summary>
internal sealed class Sleeper
{
    private readonly SimDevice device;
    private int asleepMs, slept;

    public Sleeper(SimDevice device)
    {
        this.device = device;
        var before = device.Break;
        device.Break = ports =>
        {
            before(ports);
            Kept = Next;
            Next = 0;
            WokeAt = device.Milliseconds;
            ports.Boot = new Boot(ports.Boot, this);
        };
    }

    /// <summary>The number that the next boot finds.</summary>
    public int Next { get; set; }

    /// <summary>The number that this boot has found.</summary>
    public int Kept { get; private set; }

    /// <summary>When the firmware started last.</summary>
    public long WokeAt { get; private set; }

    /// <summary>Whether the native module refuses.</summary>
    public bool Refuses { get; set; }

    /// <summary>Times that the native module was asked to sleep.</summary>
    public int Asked { get; private set; }

    public long AwakeMs => device.Milliseconds - WokeAt;

    /// <summary>Lets the agent sleep; after true the device is off until its next step.</summary>
    public bool Sleep(int milliseconds)
    {
        slept = 0;
        if (!device.Agent!.Sleep(milliseconds)) return false;
        Assert.AreEqual(1, slept);
        device.Pass(asleepMs);
        device.PowerCycle(ResetReason.DeepSleep);
        return true;
    }

    /// <summary>Sleeps and wakes.</summary>
    public void Nap(int milliseconds)
    {
        int boots = device.Boots;
        Assert.IsTrue(Sleep(milliseconds));
        Assert.IsTrue(device.RunUntil(() => device.Boots > boots));
    }

    /// <summary>Is awake until the agent has nothing to do, or for so long; then sleeps.</summary>
    public void Doze(int asleepMs, int awakeMs)
    {
        Assert.IsTrue(device.RunUntil(() => device.Agent != null
            && (device.Agent.IsResting || AwakeMs >= awakeMs || device.Agent.Phase == Phase.Reboot)));
        if (AwakeMs < awakeMs) device.Pass(awakeMs - (int)AwakeMs);
        if (device.Agent!.Phase != Phase.Reboot) Nap(asleepMs);
    }

    private sealed class Boot(IBootControl boot, Sleeper sleeper) : IBootControl
    {
        public BootState State => boot.State;

        public int RunningSlot => boot.RunningSlot;

        public UpdateError RevertReason => boot.RevertReason;

        public bool IsSafeMode => boot.IsSafeMode;

        public int Kept => sleeper.Kept;

        public int TrialLimitSeconds => boot.TrialLimitSeconds;

        public int CrashLimit => boot.CrashLimit;

        public ResetReason ResetReason => boot.ResetReason;

        public int TrialBoots => boot.TrialBoots;

        public int PowerBlips => boot.PowerBlips;

        public int Crashes => boot.Crashes;

        public void Guard(int seconds) => boot.Guard(seconds);

        public void ForgetCrashes() => boot.ForgetCrashes();

        public bool Activate() => boot.Activate();

        public bool ReleaseRuntime() => boot.ReleaseRuntime();

        public bool ActivateRuntime(bool withApp) => boot.ActivateRuntime(withApp);

        public bool Confirm() => boot.Confirm();

        public bool Reject(UpdateError reason) => boot.Reject(reason);

        public void Restart() => boot.Restart();

        public bool Sleep(int milliseconds, int kept)
        {
            sleeper.Asked++;
            if (sleeper.Refuses) return false;
            Assert.IsGreaterThan(0, kept);
            (sleeper.asleepMs, sleeper.Next) = (milliseconds, kept);
            sleeper.slept++;
            return true;
        }
    }
}
