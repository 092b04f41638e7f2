using NanoOta.VirtualDevice;

namespace NanoOta.Tests.Simulation;

/// <summary>Applies the faults of a schedule to one device: network, power, supply, application, clock and memory.</summary>
internal sealed class FaultEnvironment : ISupply, IMemory, IHealthCheck
{
    public static readonly SupplyLimits Limits = new() { Download = 3300, Write = 3400, Activate = 3500 };

    private const int MaxCuts = 12;
    private const int MaxDelayMs = 10_800_000;

    private static readonly ResetReason[] Blips =
        [ResetReason.PowerOn, ResetReason.Brownout, ResetReason.PwrGlitch, ResetReason.Ext, ResetReason.DeepSleep, ResetReason.Usb];

    private readonly FaultSchedule schedule;
    private readonly SimDevice device;
    private readonly Random random;
    private readonly bool[] active = new bool[Enum.GetValues<FaultKind>().Length];
    private readonly List<Publication> waiting;
    private IHealthCheck? firmware;
    private PowerCut? cut;
    private Phase? lastPhase;
    private int resets;
    private long clockShift;

    public FaultEnvironment(FaultSchedule schedule, SimDevice device)
    {
        this.schedule = schedule;
        this.device = device;
        random = new Random(schedule.Seed ^ 0x5EED);
        waiting = [.. schedule.Publications, schedule.Last];
        device.StartsAt = FaultSchedule.StartsAt;
        device.CheckIntervalMs = schedule.CheckIntervalMs;
        device.Address = schedule.IsHttps ? SimServer.SecureAddress : SimServer.Address;
        device.Configure = Configure;
        device.Break = Connect;
        Cable = new FaultCable(device, random);
        Settings = new FaultSettings(schedule, device, this, random);
        Wear = new FaultWear(device, random);
        _ = new FaultNetwork(schedule, device, this, random);
        Apply();
    }

    public FaultCable Cable { get; }

    public FaultSettings Settings { get; }

    public FaultWear Wear { get; }

    /// <summary>Kinds of faults that were active at some time.</summary>
    public HashSet<FaultKind> Seen { get; } = [];

    /// <summary>Power cuts inside flash operations so far.</summary>
    public int Cuts { get; private set; }

    public bool IsCalm { get; private set; }

    /// <summary>Whether anything is wrong with network or server.</summary>
    public bool IsNetworkFaulty => Array.IndexOf(active, true, 0, (int)FaultKind.TornFlash) >= 0;

    /// <summary>Whether the device may not work on an update.</summary>
    public bool IsBarred => Has(FaultKind.Busy) || (schedule.HasSupply && Has(FaultKind.SupplyLow));

    /// <summary>Called at each Open of the server and of the mirror.</summary>
    public Action<string, bool> OnOpen { get; set; } = (_, _) => { };

    /// <summary>Called with each answer of the server.</summary>
    public Action<UpdateError> OnAnswer { get; set; } = _ => { };

    /// <summary>The current health verdict of the firmware.</summary>
    public Action<Health> OnHealth { get; set; } = _ => { };

    public bool Has(FaultKind kind) => active[(int)kind];

    /// <summary>Starts and ends the faults that are due; to be called before each step of the device.</summary>
    public void Advance()
    {
        var phase = device.Agent?.Phase;
        var entered = phase == lastPhase ? null : phase;
        lastPhase = phase;
        long now = device.Milliseconds;
        for (int i = 0; i < waiting.Count; i++)
        {
            if (!waiting[i].IsDue(now, entered)) continue;
            device.Publish(waiting[i].Release);
            waiting.RemoveRange(0, i + 1);
            i = -1;
        }

        bool isMoment = schedule.CalmPhase == null || entered == schedule.CalmPhase || now >= schedule.CalmAtMs + MaxDelayMs;
        if (now >= schedule.CalmAtMs && isMoment) Calm();
        if (!IsCalm) AdvanceFaults(now, entered);
    }

    /// <summary>Ends the last fault too, and offers a good release.</summary>
    public void Rescue()
    {
        Array.Clear(active);
        // The window opens within two hours from now.
        if (schedule.HasWindow)
            clockShift = (schedule.WindowStart - random.Next(120)) * 60L - device.Milliseconds / 1000;
        Apply();
        device.Publish(schedule.Rescue);
    }

    private void AdvanceFaults(long now, Phase? entered)
    {
        bool changes = false;
        foreach (var fault in schedule.Faults)
        {
            if (fault.Until < 0 && fault.IsDue(now, entered))
            {
                fault.Until = now + fault.LengthMs;
                Seen.Add(fault.Kind);
                changes = active[(int)fault.Kind] = true;
                Strike(fault.Kind);
            }
            else if (fault.Until >= 0 && active[(int)fault.Kind] && now >= fault.Until
                && !schedule.Faults.Exists(f => f.Kind == fault.Kind && f.Until > now))
            {
                active[(int)fault.Kind] = false;
                changes = true;
            }
        }

        if (changes) Apply();
        if (Has(FaultKind.TornFlash)) Tear();
        if (Has(FaultKind.PowerCycles) && resets < MaxCuts && random.Next(12) == 0)
        {
            resets++;
            device.PowerCycle(Blips[random.Next(Blips.Length)]);
        }
    }

    private void Strike(FaultKind kind)
    {
        if (kind >= FaultKind.WornSlot) Wear.Strike(kind);
        if (kind != FaultKind.Cable) return;
        Disarm();
        Cable.Deploy();
    }

    private void Disarm()
    {
        if (cut?.Fired != null) Cuts++;
        cut = null;
        device.Flash.Arm(null);
    }

    private void Tear()
    {
        if (cut?.Fired != null)
        {
            Cuts++;
            cut = null;
        }

        if (cut != null || Cuts >= MaxCuts) return;
        cut = PowerCut.At(random.Next(1, random.Next(2) == 0 ? 4 : 25), (CutMoment)random.Next(1, 4), random.Next());
        device.Flash.Arm(cut);
    }

    private void Calm()
    {
        if (IsCalm) return;
        IsCalm = true;
        Array.Clear(active);
        foreach (var kind in Lasting(schedule.Ending)) active[(int)kind] = true;
        Apply();
        if (waiting.Count > 0) device.Publish(schedule.Last.Release);
        waiting.Clear();
    }

    private static FaultKind[] Lasting(Ending ending) => ending switch
    {
        Ending.NoNetwork => [FaultKind.Unreachable, FaultKind.DeadMirror],
        Ending.NoFiles => [FaultKind.FilesMissing, FaultKind.DeadMirror],
        Ending.DamagedForEver => [FaultKind.DamagedImage, FaultKind.DamagedMirror],
        Ending.NoSupply => [FaultKind.SupplyLow],
        Ending.NeverIdle => [FaultKind.Busy],
        Ending.NoClock => [FaultKind.ClockUnknown],
        Ending.NoMemory => [FaultKind.MemoryShort],
        _ => [],
    };

    private void Apply()
    {
        if (!Has(FaultKind.TornFlash)) Disarm();
        device.Application.FailsAfterMs = schedule.FailsAfterMs;
        device.Application.IsFailing = schedule.FailsForEver || Has(FaultKind.LateFailures);
        bool sleeps = schedule.IsSleeper || Has(FaultKind.Sleeps), isUnplanned = Has(FaultKind.UnplannedSleeps);
        device.Application.Sleep = sleeps || isUnplanned ? new SimSleep(schedule.AwakeMs, schedule.AsleepMs, !isUnplanned) : null;
        device.Server.DeadHosts.Clear();
        if (Has(FaultKind.DeadMirror)) device.Server.DeadHosts.Add(FaultSchedule.MirrorAddress);
        device.StartsAt = Has(FaultKind.ClockUnknown) ? 0
            : FaultSchedule.StartsAt + clockShift + (Has(FaultKind.ClockJumps) ? random.Next(-900_000, 900_000) : 0);
    }

    private void Configure(UpdateOptions options)
    {
        options.DeviceId = schedule.DeviceId;
        options.Chip = FaultReleases.Chip;
        if (schedule.HasSupply) options.Supply = Limits;
        if (schedule.HasWindow) options.Window = new MaintenanceWindow { StartMinute = schedule.WindowStart };
    }

    private void Connect(UpdatePorts ports)
    {
        firmware = ports.Health;
        ports.Health = this;
        ports.Preflight.Add(new Consent(MayDo));
        ports.Memory = this;
        ports.Settings = Settings;
        ports.Runtime = new Natives((FaultReleases.Native, FaultReleases.NativeChecksum));
        if (schedule.HasSupply) ports.Supply = this;
    }

    // Under load the supply voltage is lower than at rest.
    int ISupply.Millivolts => Has(FaultKind.SupplyLow) ? 3200
        : Has(FaultKind.SupplySags) && device.Agent?.Phase is Phase.Stage or Phase.Seal ? 3450 : 3700;

    bool ISupply.IsExternal => false;

    private bool MayDo(UpdateStep step) => !Has(FaultKind.Busy) && !(Has(FaultKind.BusyAtTimes) && random.Next(3) != 0);

    int IMemory.Free => Has(FaultKind.MemoryShort) ? 30_000 : 90_000;

    int IMemory.LargestBlock => Has(FaultKind.MemoryShort) ? 16_000 : 60_000;

    int IMemory.FreeManaged => Has(FaultKind.MemoryShort) ? 2_000 : 50_000;

    void IMemory.Release()
    {
    }

    Health IHealthCheck.Check()
    {
        var health = Has(FaultKind.Silent) ? Health.Unknown : firmware!.Check();
        OnHealth(health);
        return health;
    }
}
