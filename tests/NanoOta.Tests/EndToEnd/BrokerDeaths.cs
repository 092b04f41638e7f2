using NanoOta.Cli.Device;

namespace NanoOta.Tests.EndToEnd;

/// <summary>
/// Kills the broker and starts it again, once in each phase of an update. The device stands still meanwhile, as its board waits; and
/// waits until the device has found the broker again, so that there is a connection to lose in the next phase.
/// </summary>
internal sealed class BrokerDeaths(ConnectedDesk desk)
{
    private readonly Lock gate = new();
    private readonly List<string> phases = [];
    private Task restart = Task.CompletedTask;

    /// <summary>The phases in which it died, in order.</summary>
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
            desk.AwaitOnline();
            phases.Add(phase);
            desk.Broker.Kill();
            Restart();
            desk.AwaitOnline();
        }
    }

    /// <summary>Whether nothing is under way any more, and the device has told that a version is confirmed.</summary>
    public bool IsTold(string version)
    {
        lock (gate) return restart.IsCompletedSuccessfully && desk.IsTold(version, "confirmed");
    }

    // A trial has a deadline, so the device must not wait here.
    private void InTrial()
    {
        lock (gate)
        {
            phases.Add("trial");
            desk.Broker.Kill();
            restart = Task.Run(Restart);
        }
    }

    private void Restart()
    {
        desk.Broker.Start();
        desk.WatchAsync().GetAwaiter().GetResult();
    }
}
