using NanoOta.VirtualDevice;

namespace NanoOta.Tests.Simulation;

/// <summary>A developer who deploys firmware by cable at any moment.</summary>
internal sealed class FaultCable(SimDevice device, Random random)
{
    private static readonly SimRelease[] Pool = [.. Enumerable.Range(1, 8).Select(n =>
        SimRelease.Make($"9.{n}.0-debug", 100 + n, 2 + n, n < 7 ? Behaviour.Good : Behaviour.CrashesLater))];

    private static readonly ResetReason[] Resets = [ResetReason.PowerOn, ResetReason.Ext, ResetReason.Sw, ResetReason.Usb];

    /// <summary>Deployments so far.</summary>
    public int Deployments { get; private set; }

    /// <summary>Blank sectors that the tool has erased.</summary>
    public int BlankErases { get; private set; }

    /// <summary>The firmware that the next boot must start: one deployed during a trial, or over the running one; otherwise null.</summary>
    public SimRelease? MustRun { get; set; }

    /// <summary>Whether firmware came by cable.</summary>
    public bool Has(SimRelease? firmware) => Array.IndexOf(Pool, firmware) >= 0;

    /// <summary>Deploys firmware that is in neither slot to the slot that runs or the first one, and resets the chip.</summary>
    public void Deploy()
    {
        int running = device.Outcome.Slot!.Value, slot = random.Next(2) * running;
        var release = Pool[random.Next(Pool.Length)];
        while (release == device.Find(0) || release == device.Find(1)) release = Pool[random.Next(Pool.Length)];
        device.Know(release);
        Deployments++;
        MustRun = device.Record.State == BootState.Trial || device.Record.Chosen == slot ? release : null;
        int before = device.Flash.BlankErases;
        SimFlash.Deploy(device.Flash, slot, release);
        BlankErases += device.Flash.BlankErases - before;
        device.PowerCycle(Resets[random.Next(Resets.Length)]);
    }
}
