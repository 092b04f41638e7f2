using NanoOta.Cli.Device;

namespace NanoOta.Tests.EndToEnd;

/// <summary>
/// Kills and restarts the broker once in each phase of an update. The board waits meanwhile, so the device does not run on. The next
/// phase starts when the device has reconnected.
/// </summary>
internal sealed class BrokerRestarts(ConnectedSetup setup)
{
    private readonly Lock gate = new();
    private readonly List<string> phases = [];
    private Task restart = Task.CompletedTask;

    /// <summary>The phases in which the broker was killed, in order.</summary>
    public IReadOnlyList<string> Phases => phases;

    public void On(DeviceEvent e)
    {
        switch (e.Event)
        {
            case "offer": In("offer"); break;
            case "progress" when e.Staged == e.Size: In("verify"); break;
            case "progress" when e.Staged > e.Size / 2: In("stage"); break;
            case "staged": In("activate"); break;
            case "trial": InTrial(); break;
            case "health": In("confirm"); break;
        }
    }

    public void In(string phase)
    {
        lock (gate)
        {
            if (phases.Contains(phase)) return;
            restart.GetAwaiter().GetResult();
            setup.AwaitOnline();
            phases.Add(phase);
            setup.Broker.Kill();
            Restart();
            setup.AwaitOnline();
        }
    }

    /// <summary>Whether no restart is in progress, and the device published that a version is confirmed.</summary>
    public bool IsReported(string version)
    {
        lock (gate) return restart.IsCompletedSuccessfully && setup.IsReported(version, "confirmed");
    }

    // A trial has a deadline, so the device must not wait here.
    private void InTrial()
    {
        lock (gate)
        {
            phases.Add("trial");
            setup.Broker.Kill();
            restart = Task.Run(Restart);
        }
    }

    private void Restart()
    {
        setup.Broker.Start();
        setup.WatchAsync().GetAwaiter().GetResult();
    }
}
