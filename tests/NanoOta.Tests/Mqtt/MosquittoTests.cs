using System.Net.Sockets;
using NanoOta.Mqtt.Virtual;
using NanoOta.Releases;

namespace NanoOta.Tests.Mqtt;

/// <summary>The link with a real broker.</summary>
[TestClass]
public sealed class MosquittoTests
{
    [TestMethod]
    public async Task A_device_status_is_published_and_retained_for_late_subscribers()
    {
        using var broker = new Mosquitto();
        using var setup = new LinkSetup(broker.Port);
        setup.Start();
        LinkSetup.Await(() => setup.Link.IsConnected && setup.Bench.SendQueue.Count == 0, "connection");
        await setup.WatchAsync(broker.Port);
        setup.AwaitMessage(setup.Bench.Topics.Status, s => s.GetProperty("on").GetInt32() == 1);
        Assert.IsTrue(setup.Seen.Single().Retain);
        setup.Bench.Control.On(new UpdateEvent { Kind = UpdateEventKind.Trial, Version = "1.1.0", Detail = "" });
        setup.AwaitMessage(setup.Bench.Topics.Event, e => e.GetProperty("e").GetString() == "trial");
        setup.Stop(inOrder: true);
        setup.AwaitMessage(setup.Bench.Topics.Status, s => s.GetProperty("on").GetInt32() == 0);
    }

    [TestMethod]
    public async Task A_cut_connection_triggers_the_last_will_and_the_device_reconnects()
    {
        using var broker = new Mosquitto();
        using var relay = new Relay(broker.Port);
        using var setup = new LinkSetup(relay.Port);
        await setup.WatchAsync(broker.Port);
        setup.Start();
        setup.AwaitMessage(setup.Bench.Topics.Status, s => s.GetProperty("on").GetInt32() == 1);
        setup.Forget();
        relay.Cut();
        setup.AwaitMessage(setup.Bench.Topics.Status, s => s.GetProperty("on").GetInt32() == 0);
        setup.AwaitMessage(setup.Bench.Topics.Status, s => s.GetProperty("on").GetInt32() == 1);
        Assert.AreEqual(2, setup.Link.Connections);
    }

    [TestMethod]
    public async Task A_command_is_delivered_and_answered_and_its_copy_is_refused()
    {
        using var broker = new Mosquitto();
        using var setup = new LinkSetup(broker.Port);
        await setup.WatchAsync(broker.Port);
        setup.Start();
        LinkSetup.Await(() => setup.Link.IsConnected, "connection");
        var pause = OutgoingCommand.Now(MqttBench.DeviceId, CommandKind.Pause);
        await setup.PublishAsync(setup.Bench.Topics.Command, pause.Sign(MqttBench.Key));
        var command = setup.AwaitCommand();
        Assert.AreEqual(CommandKind.Pause, command.Kind);
        setup.Bench.Control.Answer(command, UpdateError.None);
        setup.AwaitMessage(setup.Bench.Topics.Answer, a => a.GetProperty("n").GetInt64() == pause.Counter);
        await setup.PublishAsync(setup.Bench.Topics.Command, pause.Sign(MqttBench.Key));
        await setup.PublishAsync(setup.Bench.Topics.Command, (pause with { Counter = pause.Counter - 1 }).Sign(MqttBench.Token));
        var later = pause with { Counter = pause.Counter + 1, Kind = CommandKind.Resume };
        await setup.PublishAsync(setup.Bench.Topics.Command, later.Sign(MqttBench.Token));
        Assert.AreEqual(CommandKind.Resume, setup.AwaitCommand().Kind);
        setup.AwaitMessage(setup.Bench.Topics.Answer, a => a.GetProperty("code").GetInt32() == (int)UpdateError.CommandReplayed);
    }

    [TestMethod]
    public void A_wrong_password_is_distinguished_from_an_absent_broker()
    {
        using var broker = new Mosquitto(Mosquitto.Users);
        Assert.AreEqual(UpdateError.BrokerRefused, Connect(broker.Port, l => (l.User, l.Password) = ("lamp", "wrong")));
        Assert.AreEqual(UpdateError.BrokerRefused, Connect(broker.Port, _ => { }));
        Assert.AreEqual(UpdateError.None, Connect(broker.Port, l => (l.User, l.Password) = ("lamp", "secret of lamp")));
        broker.Kill();
        Assert.AreEqual(UpdateError.BrokerUnreachable, Connect(broker.Port, _ => { }));
    }

    [TestMethod]
    public async Task Denied_publications_lose_their_messages_and_keep_the_connection()
    {
        using var broker = new Mosquitto(folder =>
        {
            folder.Write("acl", "user reader\ntopic read nanoota/#\nuser lamp\ntopic write nanoota/lamp/device/+/event\n");
            return Mosquitto.Users(folder) + $"\nacl_file {folder.File("acl")}";
        });
        using var setup = new LinkSetup(broker.Port, l => (l.User, l.Password) = ("lamp", "secret of lamp"));
        await setup.WatchAsync(broker.Port, "reader");
        setup.Start();
        setup.Bench.Control.On(new UpdateEvent { Kind = UpdateEventKind.Trial, Version = "1.1.0", Detail = "" });
        setup.AwaitMessage(setup.Bench.Topics.Event, e => e.GetProperty("e").GetString() == "trial");
        Assert.AreEqual(UpdateError.BrokerDenied, setup.Link.LastError, "the status was denied");
        Assert.AreEqual(1, setup.Link.Connections);
        Assert.IsTrue(setup.Seen.All(m => m.Topic == setup.Bench.Topics.Event));
    }

    [TestMethod]
    public async Task A_restarted_broker_is_reconnected_and_receives_the_queued_messages()
    {
        using var broker = new Mosquitto();
        using var setup = new LinkSetup(broker.Port);
        setup.Start();
        LinkSetup.Await(() => setup.Link.IsConnected, "connection");
        // A message that is sent before the watcher subscribes is lost.
        setup.IsReady = false;
        broker.Kill();
        LinkSetup.Await(() => !setup.Link.IsConnected, "loss");
        for (int i = 0; i < 20; i++)
            setup.Bench.Control.On(new UpdateEvent { Kind = UpdateEventKind.Notice, Version = "1.1.0", Detail = "", Slot = i });
        broker.Start();
        await setup.WatchAsync(broker.Port);
        setup.IsReady = true;
        setup.AwaitMessage(setup.Bench.Topics.Event, e => e.GetProperty("slot").GetInt32() == 19);
        setup.AwaitMessage(setup.Bench.Topics.Status, s => s.GetProperty("on").GetInt32() == 1);
        var slots = setup.Seen.Where(m => m.Topic == setup.Bench.Topics.Event)
            .Select(m => System.Text.Json.JsonDocument.Parse(m.Text).RootElement.GetProperty("slot").GetInt32()).ToArray();
        CollectionAssert.AreEqual(Enumerable.Range(4, 16).ToArray(), slots, "the last sixteen, in order");
    }

    [TestMethod]
    public async Task An_invalid_retained_offer_reaches_the_agent_until_it_is_withdrawn()
    {
        using var broker = new Mosquitto();
        using var setup = new LinkSetup(broker.Port);
        await setup.WatchAsync(broker.Port);
        byte[] garbage = [0xFF, 0xFE, 0xD2, 0x84, 0x80];
        await setup.PublishAsync(setup.Bench.Topics.Offer, garbage, retain: true);
        setup.Start();
        byte[]? got = null;
        LinkSetup.Await(() => (got = setup.Bench.Control.TakeAnnouncement()) != null, "announcement");
        var crypto = new HostCrypto();
        var reader = new ManifestReader(new TrustedKeys([MqttBench.Key.Public.Base64], crypto), crypto, runtime: null!);
        Assert.AreEqual(UpdateError.ManifestNotSigned, reader.Read(got!, garbage.Length, out _));
        await setup.PublishAsync(setup.Bench.Topics.Offer, [], retain: true);
        setup.Bench.Clock.Milliseconds += 60_000;
        LinkSetup.Await(() => setup.Bench.Control.TakeAnnouncement() is { Length: 0 }, "withdrawal");
        Assert.AreEqual(1, setup.Link.Connections);
    }

    [TestMethod]
    public async Task A_megabyte_never_reaches_the_device_and_the_connection_stays()
    {
        using var broker = new Mosquitto();
        using var relay = new Relay(broker.Port);
        using var setup = new LinkSetup(relay.Port);
        await setup.WatchAsync(broker.Port);
        var large = new byte[1_000_000];
        await setup.PublishAsync(setup.Bench.Topics.Offer, large, retain: true);
        setup.Start();
        LinkSetup.Await(() => setup.Link.IsConnected, "connection");
        await setup.PublishAsync(setup.Bench.Topics.Offer, large);
        await setup.PublishAsync(setup.Bench.Topics.Command, large);
        await setup.PublishAsync(setup.Bench.Topics.Offer, new byte[4095]);
        LinkSetup.Await(() => setup.Bench.Control.TakeAnnouncement() is { Length: 4095 }, "announcement of the largest size");
        Assert.AreEqual(1, setup.Link.Connections);
        Assert.AreEqual(0, setup.Bench.ReceiveQueue.Refused);
        Assert.IsLessThan(20_000L, relay.Bytes.Down, "the broker kept it back");
    }

    [TestMethod]
    public async Task A_report_of_the_largest_size_arrives_whole_and_is_not_retained()
    {
        using var broker = new Mosquitto();
        using var setup = new LinkSetup(broker.Port);
        await setup.WatchAsync(broker.Port);
        setup.Start();
        var text = "\"" + new string('x', SupportReport.MaxLength - 2) + "\"";
        setup.Bench.SendQueue.PutReport(System.Text.Encoding.ASCII.GetBytes(text), SupportReport.MaxLength);
        setup.AwaitMessage(setup.Bench.Topics.Report, _ => true);
        Assert.Contains((setup.Bench.Topics.Report, text, false), setup.Seen);
        LinkSetup.Await(() => !setup.Bench.SendQueue.HasReport, "end of the report");
        Assert.AreEqual(1, setup.Link.Connections);
    }

    [TestMethod]
    public async Task Invalid_UTF_8_in_a_topic_disconnects_its_sender_and_in_a_payload_is_refused()
    {
        using var broker = new Mosquitto();
        using var setup = new LinkSetup(broker.Port);
        await setup.WatchAsync(broker.Port);
        setup.Start();
        LinkSetup.Await(() => setup.Link.IsConnected, "connection");
        using (var raw = new TcpClient("127.0.0.1", broker.Port))
        {
            var stream = raw.GetStream();
            // CONNECT of MQTT 3.1.1 as "x", and a PUBLISH to the topic C3 28.
            stream.Write([0x10, 0x0D, 0, 4, (byte)'M', (byte)'Q', (byte)'T', (byte)'T', 4, 2, 0, 60, 0, 1, (byte)'x']);
            stream.ReadExactly(new byte[4]);
            stream.Write([0x30, 0x05, 0, 2, 0xC3, 0x28, 0]);
            Assert.AreEqual(0, stream.Read(new byte[1]), "the broker ends that connection");
        }

        await setup.PublishAsync(setup.Bench.Topics.Command, [0xC3, 0x28, 0xFF]);
        LinkSetup.Await(() =>
        {
            setup.Bench.Clock.Milliseconds += 1000;
            setup.Bench.Control.TakeCommand();
            return setup.Saw(setup.Bench.Topics.Answer, a => a.GetProperty("code").GetInt32() == (int)UpdateError.CommandMalformed);
        }, "refusal");
        Assert.AreEqual(1, setup.Link.Connections);
    }

    private static UpdateError Connect(int port, Action<MqttOptions> configure)
    {
        var options = new MqttOptions("127.0.0.1") { Port = port, ClientId = "test", WillTopic = "will" };
        configure(options);
        var broker = new MqttNetBroker();
        var error = broker.Connect(options, (_, _, _) => { });
        broker.Close();
        return error;
    }
}
