using System.Net;
using System.Net.Sockets;
using NanoOta.Mqtt.Virtual;
using NanoOta.Releases;
using NanoOta.Tests.Mqtt;
using NanoOta.Tests.Simulation;

namespace NanoOta.Tests.Errors;

/// <summary>8001 and on: commands that are not obeyed, and brokers that do not serve.</summary>
internal static class MqttErrors
{
    private static readonly OutgoingCommand Good = new(MqttBench.DeviceId, CommandKind.Check, 1000, null);

    // MQTT 5, section 3.2: CONNACK with reason 0x87, not authorized, and no properties.
    private static readonly byte[] NotAuthorized = [0x20, 3, 0, 0x87, 0];

    public static Dictionary<UpdateError, Func<UpdateError>> Scenarios { get; } = new()
    {
        { UpdateError.CommandMalformed, () => Answer([1, 2, 3]) },
        { UpdateError.CommandUnknownKey, () => Answer(Good.Sign(MqttBench.Key), options => options.CommandKeys = []) },
        { UpdateError.CommandBadSignature, () => Answer(Good.Sign("another token, as long")) },
        { UpdateError.CommandNotForThisDevice, () => Answer((Good with { DeviceId = "another" }).Sign(MqttBench.Key)) },
        { UpdateError.CommandUnknown, () => Answer((Good with { Kind = (CommandKind)99 }).Sign(MqttBench.Key)) },
        { UpdateError.CommandReplayed, AnswerToTheSecond },
        { UpdateError.CommandExpired, () => Answer((Good with { Expires = 1 }).Sign(MqttBench.Key)) },
        { UpdateError.CommandNotPossible, AnswerToRevert },
        { UpdateError.CommandTooFarAhead, () => Answer((Good with { Counter = 0x1F_FFFF_FFFF_FFFF }).Sign(MqttBench.Key)) },
        { UpdateError.NoCommandKey, () => Answer(Good.Sign(MqttBench.Key), o => (o.CommandKeys, o.Token) = ([], "")) },
        { UpdateError.BrokerUnreachable, () => Connected(_ => { }) },
        { UpdateError.BrokerRefused, () => Connected(client => client.GetStream().Write(NotAuthorized)) },
        { UpdateError.BrokerDenied, () => Linked(() => false) },
        { UpdateError.BrokerLost, () => Linked(() => throw new InvalidOperationException("the client fails in its own way")) },
    };

    private static UpdateError Answer(byte[] command, Action<MqttOptions>? configure = null)
    {
        var bench = new MqttBench(configure);
        bench.Clock.UnixSeconds = 1_800_000_000;
        Assert.IsNull(bench.Send(command));
        return bench.AnswerCode();
    }

    private static UpdateError AnswerToTheSecond()
    {
        var bench = new MqttBench();
        Assert.IsNotNull(bench.Send(Good.Sign(MqttBench.Key)));
        Assert.IsNull(bench.Send(Good.Sign(MqttBench.Key)));
        return bench.AnswerCode();
    }

    private static UpdateError AnswerToRevert()
    {
        var first = SimRelease.Make("1.0.0", 1, 5);
        var device = SimDevice.Offered(first, first);
        var remote = new SimMqtt(device);
        Assert.IsTrue(device.RunOneCheck());
        return remote.Execute(CommandKind.Revert);
    }

    /// <summary>The error of a connection to a server that does something and then disconnects.</summary>
    private static UpdateError Connected(Action<TcpClient> serve)
    {
        using var listener = new TcpListener(IPAddress.Loopback, 0);
        listener.Start();
        var served = Task.Run(() =>
        {
            using var client = listener.AcceptTcpClient();
            client.GetStream().ReadAtLeast(new byte[256], 1);
            serve(client);
        });
        var options = new MqttOptions("127.0.0.1") { Port = ((IPEndPoint)listener.LocalEndpoint).Port, ClientId = "device" };
        var broker = new MqttNetBroker();
        var error = broker.Connect(options, (_, _, _) => { });
        broker.Close();
        served.Wait();
        return error;
    }

    /// <summary>The link's error for a broker that accepts the connection and answers a subscription with this.</summary>
    private static UpdateError Linked(Func<bool> subscribe)
    {
        var bench = new MqttBench(options => (options.ConnectSpreadMs, options.MakeBroker) = (1, () => new Broker(subscribe)));
        var link = new RemoteLink(bench.Options, bench.ReceiveQueue, bench.SendQueue, bench.Clock, () => true);
        for (int i = 0; i < 100 && link.LastError == UpdateError.None; i++) bench.Clock.Milliseconds += 1 + link.Step();
        return link.LastError;
    }

    private sealed class Broker(Func<bool> subscribe) : IBroker
    {
        public bool IsConnected => true;

        public UpdateError Connect(MqttOptions options, MessageHandler received) => UpdateError.None;

        public bool Subscribe(string topic) => subscribe();

        public UpdateError Publish(string topic, byte[] buffer, int count, bool retain) => UpdateError.None;

        public void Close()
        {
        }
    }
}
