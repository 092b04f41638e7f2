using NanoOta.Tests.Support;
using NanoOta.VirtualDevice;

namespace NanoOta.Tests.Simulation;

/// <summary>
/// A device in one process under virtual time: the flash, second stage and native module of the virtual device, the
/// adapters, the composition and the agent of the product. Firmware is the content of the slot that boots, identified by its bytes.
/// </summary>
internal sealed class SimDevice : IClock, IUpdateEvents
{
    public const int SlotSectors = 12;
    public const int TrialWatchdogMs = 60_000;

    private readonly List<SimRelease> known = [];
    private readonly List<SimRuntime> runtimes = [];
    private readonly SecureVersionFuse fuse = new();
    private readonly bool hasRuntimes;
    private OtaAgent? ota;
    private UpdateAgent? agent;
    private FirmwareGuard? guard;
    private NativePort? port;
    private IDisposable? attachment;
    private SimRelease? running;
    private long bootedAt, guardedUntil;

    public SimDevice(SimRelease first)
        : this(first, SimFlash.With(first))
    {
    }

    /// <summary>A device with a flash that another one has left.</summary>
    public SimDevice(SimRelease first, NorFlash flash)
    {
        Application = new SimApplication(this);
        Know(first);
        Flash = flash;
    }

    /// <summary>A device with two runtime slots, and a runtime in the first.</summary>
    public SimDevice(SimRelease first, SimRuntime runtime, bool isDescribed = true)
        : this(first, SimFlash.With(first, runtime, isDescribed))
    {
        hasRuntimes = true;
        runtimes.Add(runtime);
    }

    /// <summary>A device with one firmware, to which another is offered.</summary>
    public static SimDevice Offered(SimRelease first, SimRelease release)
    {
        var device = new SimDevice(first);
        device.Publish(release);
        return device;
    }

    public static FlashMap Map { get; } = new(
        Slot0: 0, Slot1: SlotSectors * 4096, SlotSize: SlotSectors * 4096, Records: 2 * SlotSectors * 4096);

    public NorFlash Flash { get; }

    /// <summary>Kept over resets, lost with power.</summary>
    public RetainedMemory Memory { get; } = new();

    public SimServer Server { get; } = new();

    /// <summary>What its firmware does beside the agent.</summary>
    public SimApplication Application { get; }

    /// <summary>Kind, version and code of each event, and how often the device was booted.</summary>
    public List<(UpdateEventKind Kind, string Version, UpdateError Code)> Events { get; } = [];

    public int Boots { get; private set; }

    public int CheckIntervalMs { get; set; } = 3_600_000;

    /// <summary>The address of the releases.</summary>
    public string Address { get; set; } = SimServer.Address;

    public long Milliseconds { get; private set; }

    /// <summary>Milliseconds since the last boot.</summary>
    public long UptimeMs => Milliseconds - bootedAt;

    /// <summary>Seconds since 1970 when virtual time begins; 0 if the device never receives the time.</summary>
    public long StartsAt { get; set; }

    public long UnixSeconds => StartsAt == 0 ? 0 : StartsAt + Milliseconds / 1000;

    /// <summary>Changes the options of each agent that starts.</summary>
    public Action<UpdateOptions> Configure { get; set; } = _ => { };

    public ResetReason NextReset { get; set; } = ResetReason.PowerOn;

    /// <summary>Puts a broken part in place of one of the agent's ports.</summary>
    public Action<UpdatePorts> Break { get; set; } = _ => { };

    /// <summary>Receives the phase of each step of the agent, and the bytes that it allocated.</summary>
    public Action<Phase, long> OnStep { get; set; } = (_, _) => { };

    /// <summary>What AgentLoop does between two steps, or null.</summary>
    public Func<UpdateAgent, bool>? BetweenSteps { get; set; }

    /// <summary>What the firmware that started last has composed; <see cref="Agent"/> is stepped here, and not by a thread.</summary>
    public OtaAgent? Ota => ota;

    public UpdateAgent? Agent => agent;

    public string RunningVersion => running?.Version ?? "";

    /// <summary>The firmware that runs; null between a reset and the next boot.</summary>
    public SimRelease? Running => running;

    /// <summary>Its runtime slots after the last boot; null on a device with one runtime.</summary>
    public RuntimeSlots? Runtimes { get; private set; }

    /// <summary>The runtime that the bootloader has started last.</summary>
    public SimRuntime? RunningRuntime { get; private set; }

    /// <summary>Versions of app and runtime that have run together, in order.</summary>
    public List<(string App, string Runtime)> Pairs { get; } = [];

    /// <summary>Whether the firmware takes new runtimes.</summary>
    public bool UpdatesRuntimes { get; set; } = true;

    /// <summary>The boot record after the last boot or call of the firmware that runs.</summary>
    public BootRecord Record => port!.Boot.Record;

    public BootState State => port!.Boot.State;

    /// <summary>What the second stage did at the last boot.</summary>
    public BootOutcome Outcome { get; private set; } = null!;

    /// <summary>What ended the firmware that ran before, though power may have failed in the boot that followed.</summary>
    public ResetReason LastShutdown { get; private set; } = ResetReason.PowerOn;

    /// <summary>Whether the last boot was the wake from a sleep that the firmware had planned.</summary>
    public bool IsPlannedWake { get; private set; }

    /// <summary>Boots that were such a wake.</summary>
    public int PlannedWakes { get; private set; }

    public bool IsSafeMode => Outcome.IsSafeMode;

    /// <summary>The detail that an event had last.</summary>
    public string LastDetail { get; private set; } = "";

    public UpdateError LastRefusal => Events.FindLast(e => e.Kind == UpdateEventKind.Refused).Code;

    public void Know(SimRelease release)
    {
        known.Add(release);
        if (release.Runtime is { } runtime) runtimes.Add(runtime);
    }

    public void Publish(SimRelease release)
    {
        Know(release);
        Server.Publish(release);
    }

    /// <summary>Runs the device until something holds; false when it does not within some steps or some days.</summary>
    public bool RunUntil(Func<bool> holds, int maxSteps = 20_000)
    {
        for (int step = 0; step < maxSteps; step++)
        {
            if (agent == null && running == null && !Boot()) return false;
            if (holds()) return true;
            if (running != null) Step();
        }

        return false;
    }

    /// <summary>Images that were staged from packed files.</summary>
    public int PackedUpdates { get; private set; }

    /// <summary>Packed files that were given up.</summary>
    public int FellBack { get; private set; }

    public int Count(UpdateEventKind kind) => Events.Count(e => e.Kind == kind);

    /// <summary>Power fails between two steps, or something else resets the chip.</summary>
    public void PowerCycle(ResetReason reason = ResetReason.PowerOn) => Shutdown(reason);

    /// <summary>Nothing runs until the guard resets the chip.</summary>
    public void Hang()
    {
        Assert.AreNotEqual(long.MaxValue, guardedUntil, "nothing guards this firmware: it hangs for ever");
        Milliseconds = guardedUntil;
    }

    /// <summary>Lets time pass while the agent waits for something inside a step.</summary>
    public void Pass(int milliseconds) => Milliseconds += milliseconds;

    /// <summary>The known release that is whole at the start of the slot that runs; null for a mixture.</summary>
    public SimRelease? Find(int slot)
    {
        var content = this.ReadSlot(slot);
        return known.Find(r => content.AsSpan().StartsWith(r.Image));
    }

    private void Step()
    {
        try
        {
            LiveOn();
            if (agent == null) return;
            var phase = agent.Phase;
            long before = GC.GetAllocatedBytesForCurrentThread();
            int delay = agent.Step();
            OnStep(phase, GC.GetAllocatedBytesForCurrentThread() - before);
            Wait(delay + 1);
        }
        catch (SleepException e)
        {
            Milliseconds += e.Milliseconds;
            Shutdown(Application.Wake());
        }
        catch (RestartException)
        {
            Shutdown(ResetReason.Sw);
        }
        catch (PowerLostException)
        {
            Flash.PowerOn();
            Shutdown(ResetReason.PowerOn);
        }
    }

    private void LiveOn()
    {
        if (Application.Live() is { } reset) Shutdown(reset);
    }

    // As AgentLoop does it: a round of the guard at least every RoundMs.
    private void Wait(int milliseconds)
    {
        for (long until = Milliseconds + milliseconds; Milliseconds < until && agent != null;)
        {
            Milliseconds = Math.Min(until, Milliseconds + (BetweenSteps == null ? Application.PieceMs : 1000));
            if (State == BootState.Trial && UptimeMs > TrialTimeLeft()) Shutdown(ResetReason.Wdt);
            else if (Milliseconds > guardedUntil) Shutdown(ResetReason.Wdt);
            else guard!.Round(agent.Phase > Phase.Idle);
            if (agent != null) LiveOn();
            if (agent != null && BetweenSteps?.Invoke(agent) == true) return;
        }
    }

    private long TrialTimeLeft() => Math.Max(TrialWatchdogMs - Memory.Load().TrialMs, BootCalls.LeastTrialMs);

    private bool Boot()
    {
        Boots++;
        bootedAt = Milliseconds;
        guardedUntil = long.MaxValue;
        if (NextReset == ResetReason.PowerOn) Memory.LosePower();
        IsPlannedWake = NextReset == ResetReason.DeepSleep && Memory.Load().IsSleepPlanned;
        PlannedWakes += IsPlannedWake ? 1 : 0;
        try
        {
            if (hasRuntimes && StartRuntime() is { } crash) return BootAgain(crash);
            Outcome = Runtimes is { } slots ? BootSelector.Boot(Flash, Map, Memory, NextReset, slots)
                : BootSelector.Boot(Flash, Map, Memory, NextReset);
        }
        catch (PowerLostException)
        {
            Flash.PowerOn();
            return BootAgain(ResetReason.PowerOn);
        }

        if (Outcome.MustRestart) return BootAgain(ResetReason.Sw);
        if (Outcome.Slot == null) return false;
        if (RunningRuntime is { Behaviour: RuntimeBehaviour.Crashes }) return BootAgain(ResetReason.Panic);
        running = Find(Outcome.Slot.Value);
        if (running == null) return false;
        if (RunningRuntime is { } runtime) Pairs.Add((running.Version, runtime.Version));
        port = new NativePort(Flash, Map, Outcome, runtime: Runtimes)
        {
            Uptime = () => UptimeMs,
            TrialWatchdog = TimeSpan.FromMilliseconds(TrialWatchdogMs),
            OnGuard = seconds => guardedUntil = seconds == 0 ? long.MaxValue : Milliseconds + seconds * 1000L,
        };
        if (Outcome.IsGuarded) guardedUntil = Milliseconds + port.TrialSeconds * 1000L;
        attachment = port.Attach();
        return Start();
    }

    private bool BootAgain(ResetReason reason)
    {
        NextReset = reason;
        return Boot();
    }

    /// <summary>What ends a runtime that does not reach the native module; null: it does.</summary>
    private ResetReason? StartRuntime()
    {
        var started = EspBootloader.Boot(Flash, SimFlash.Table, fuse);
        Assert.IsNotNull(started, "the bootloader starts no runtime");
        Runtimes = new RuntimeSlots(Flash, SimFlash.Table, SimFlash.Table.NumberOf(started));
        var content = new byte[started.Size];
        Flash.Read(started.Offset, content);
        RunningRuntime = runtimes.Find(r => content.AsSpan().StartsWith(r.Image));
        Assert.IsNotNull(RunningRuntime, "a runtime runs that no release has");
        return RunningRuntime.Behaviour == RuntimeBehaviour.CrashesEarly ? ResetReason.Panic : null;
    }

    private bool Start()
    {
        if (running!.Behaviour == Behaviour.NeverRuns) return true;
        if (Application.IsStillborn) return port!.GetValue(NanoOta.Native.NativeModule.ValueResetReason) >= 0; // it calls, and no more
        ota = new OtaAgent(SimServer.Address) { Options = { Address = Address } };
        UpdatePorts ports = ota.Ports;
        ports.Source = Server;
        ports.Clock = this;
        ports.Health = Application;
        ports.Events.Clear();
        ports.Events.Add(this);
        Break(ports);
        if (UpdatesRuntimes) ports.RuntimeUpdates = new RuntimeUpdates(ports);
        Server.Memory = ports.Memory;
        ota.Options.Product = "lamp";
        ota.Options.Board = "board-a";
        ota.Options.TrustedKeys = [TestManifest.SharedKey.Base64];
        ota.Options.HealthDeadlineMs = 30_000;
        ota.Options.ShortestTrialMs = 500;
        ota.Options.CheckIntervalMs = CheckIntervalMs;
        Configure(ota.Options);
        ota.MakeLoop();
        // Start refuses it if no trial would revert to another firmware.
        if (running!.Behaviour == Behaviour.TrustsNoKey) ota.Options.TrustedKeys = [];
        agent = ota.MakeAgent();
        guard = new FirmwareGuard(ports.Boot, this);
        guard.Round(isUpdating: false);
        return true;
    }

    private void Shutdown(ResetReason reason)
    {
        LastShutdown = reason;
        attachment?.Dispose();
        agent = null;
        running = null;
        Server.Close();
        NextReset = reason;
    }

    void IUpdateEvents.On(UpdateEvent e)
    {
        Events.Add((e.Kind, e.Version, e.Code));
        if (e.Kind == UpdateEventKind.Error && e.Detail == UpdateContext.NextEncoding) FellBack++;
        if (e.Kind == UpdateEventKind.Staged && e.PackedSize > 0) PackedUpdates++;
        if (e.Detail != "") LastDetail = e.Detail;
    }
}
