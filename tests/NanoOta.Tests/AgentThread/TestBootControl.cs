namespace NanoOta.Tests.AgentThread;

/// <summary>The boot control of a test of the agent's thread: reset facts and guard are those of the native module, nothing is written.</summary>
public abstract class TestBootControl : IBootControl
{
    private readonly NativeBootControl native = new();

    public BootState State { get; set; } = BootState.Confirmed;

    public int RunningSlot => 0;

    public UpdateError RevertReason => UpdateError.None;

    public bool IsSafeMode => false;

    public int Kept => 0;

    public virtual int TrialLimitSeconds => 0;

    public virtual int CrashLimit => 0;

    public ResetReason ResetReason => native.ResetReason;

    public int TrialBoots => native.TrialBoots;

    public int PowerBlips => native.PowerBlips;

    public int Crashes => native.Crashes;

    /// <summary>Resets that were requested.</summary>
    protected int Restarts { get; private set; }

    public void Guard(int seconds) => native.Guard(seconds);

    public void ForgetCrashes() => native.ForgetCrashes();

    public bool Activate() => false;

    public bool ReleaseRuntime() => false;

    public bool ActivateRuntime(bool withApp) => false;

    public bool Confirm() => false;

    public virtual bool Reject(UpdateError reason) => false;

    public abstract bool Sleep(int milliseconds, int kept);

    public void Restart() => Restarts++;
}
