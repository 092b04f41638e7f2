namespace NanoOta.Tests.Mqtt.FleetCommands;

/// <summary>A device that a test controls: messages and link of a real one, with a connection of its own.</summary>
internal sealed class ScriptedDevice : IDisposable
{
    private readonly RemoteLink link;

    public ScriptedDevice(int port, string id, Action<MqttOptions>? configure = null)
    {
        Bench = new MqttBench(o => (o.DeviceId, o.ConnectSpreadMs, o.Port, o.KeepAliveSeconds) = (id, 0, port, 60));
        configure?.Invoke(Bench.Options);
        link = new RemoteLink(Bench.Options, Bench.ReceiveQueue, Bench.SendQueue, new SystemClock(), () => true);
    }

    public MqttBench Bench { get; }

    /// <summary>Changes the status and publishes it.</summary>
    public ScriptedDevice Publish(Action<DeviceStatus> change)
    {
        change(Bench.Control.Status);
        Bench.Clock.Milliseconds += 2000;
        Bench.Control.Report();
        return Publish();
    }

    /// <summary>Lets an event of the agent happen and publishes what it gives.</summary>
    public ScriptedDevice Happen(UpdateEventKind kind, string version, UpdateError code = UpdateError.None, int staged = 0, int size = 0,
        string detail = "")
    {
        Bench.Clock.Milliseconds += 2000;
        Bench.Control.On(new UpdateEvent
        {
            Kind = kind,
            Version = version,
            Code = code,
            BytesStaged = staged,
            BytesFetched = staged,
            ImageSize = size,
            Detail = detail,
        });
        return Publish();
    }

    /// <summary>Disconnects in order.</summary>
    public void Dispose() => link.Close();

    private ScriptedDevice Publish()
    {
        LinkSetup.Await(() =>
        {
            for (int i = 0; i < 30 && link.Step() == 0; i++)
            {
            }

            return link.IsConnected && Bench.SendQueue.Count == 0;
        }, "connection");
        return this;
    }
}
