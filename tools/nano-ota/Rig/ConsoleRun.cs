using NanoOta.Cli.Device;
using NanoOta.Cli.Scenarios;

namespace NanoOta.Cli.Rig;

/// <summary>One run of a device, from the lines of its console.</summary>
internal sealed class ConsoleRun(RunOrder order) : IDeviceControl
{
    private readonly RunCounter counter = new();
    private DeviceEvent? boot;
    private bool isOnTrial, isInSafeMode, awaitsReport;
    private volatile bool mustCut;

    /// <summary>The event that reached the goal; null until then.</summary>
    public DeviceEvent? End { get; private set; }

    /// <summary>Executed by the run itself, between two lines.</summary>
    public void CutPower() => mustCut = true;

    /// <summary>Whether power must be cut now.</summary>
    public bool TakeCut()
    {
        if (!mustCut) return false;
        mustCut = false;
        return true;
    }

    public void OnLine(string line)
    {
        if (AgentLine.Find(line, out var text) is { } e) OnAgent(e);
        else if (BootLine.Find(text) is { } start) OnBoot(start);
    }

    /// <summary>A start of the device. The report of its firmware completes the line of its ROM.</summary>
    public void OnBoot(DeviceEvent start)
    {
        bool isReport = !BootLine.IsRom(start);
        if (isReport && awaitsReport)
        {
            if (boot != null) boot = start;
        }
        else
        {
            EmitBoot();
            boot = start;
        }

        awaitsReport = !isReport;
    }

    private void EmitBoot()
    {
        if (boot == null) return;
        counter.CountBoot();
        Raise(counter.Complete(boot with { Bytes = counter.BytesFetched }));
        (boot, isOnTrial, isInSafeMode) = (null, false, false);
    }

    private void OnAgent(DeviceEvent e)
    {
        EmitBoot();
        isOnTrial |= e.Event == "trial";
        isInSafeMode |= e is { Event: "notice", Code: (int)UpdateError.SafeMode };
        e = counter.OfAgent(e);
        if (e.Event != "idle") Raise(e);
        // Power may fail right after a confirmation, before the console shows it: then the next boot is the first sign of it.
        if (End == null && IsReached(e)) End = e with { Event = order.Goal.Kind };
    }

    private void Raise(DeviceEvent e) => order.OnEvent(e, this);

    // The agent states a version only when the hash of the slot confirms it.
    private bool IsReached(DeviceEvent e) => order.Goal.Kind switch
    {
        "confirmed" => e.Version == order.Goal.Version
            && (e.Event == "confirmed" || (e.Event == "idle" && !isOnTrial && !isInSafeMode)),
        _ => e.Event == order.Goal.Kind,
    };
}
