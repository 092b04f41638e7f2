using System.Diagnostics;

namespace NanoOta.Tests.Mqtt;

/// <summary>The bytes of SPEC.md, section 8.7, on the wire to a real broker, headers of TCP and IP not counted.</summary>
[TestClass]
public sealed class TrafficTests
{
    // Fixed header, length of the topic, packet id, properties.
    private const int PublishHead = 3 + 2 + 2 + 1, Ping = 2, KeepAliveSeconds = 5;

    [TestMethod]
    public void A_status_costs_its_topic_its_bytes_and_fourteen_more_at_most()
    {
        using var broker = new Mosquitto();
        using var relay = new Relay(broker.Port);
        using var setup = new LinkSetup(relay.Port, l => l.KeepAliveSeconds = 600);
        setup.Start();
        Settle(setup, relay);
        var before = relay.Bytes;
        setup.PublishStatus();
        Settle(setup, relay);
        var after = relay.Bytes;
        int length = LastStatusLength(setup);
        Assert.AreEqual(setup.Bench.Topics.Status.Length + length + PublishHead, after.Up - before.Up);
        Assert.IsInRange(4L, 6L, after.Down - before.Down, "with or without a reason, which the broker may give");
    }

    [TestMethod]
    public void Silence_costs_two_bytes_each_way_in_each_keep_alive_period()
    {
        using var broker = new Mosquitto();
        using var relay = new Relay(broker.Port);
        using var setup = new LinkSetup(relay.Port, l => l.KeepAliveSeconds = KeepAliveSeconds);
        setup.Start();
        Settle(setup, relay);
        var before = relay.Bytes;
        var time = Stopwatch.StartNew();
        long up = 0, down = 0;
        LinkSetup.Await(() =>
        {
            (up, down) = (relay.Bytes.Up - before.Up, relay.Bytes.Down - before.Down);
            return up >= 3 * Ping && up == down;
        }, "third ping that is answered");
        Assert.IsTrue(setup.Link.IsConnected);
        Assert.AreEqual(0, up % Ping);
        double periods = time.Elapsed.TotalSeconds / KeepAliveSeconds;
        Assert.IsLessThanOrEqualTo(1 + 1.1 * periods, up / Ping, "a ping in each keep-alive period, and nothing else");
    }

    private static void Settle(LinkSetup setup, Relay relay)
    {
        LinkSetup.Await(() => setup.Link.IsConnected && setup.Bench.SendQueue.Count == 0, "connection");
        long last = -1;
        LinkSetup.Await(() =>
        {
            var now = relay.Bytes;
            bool isStill = now.Up + now.Down == last;
            last = now.Up + now.Down;
            Thread.Sleep(200);
            return isStill;
        }, "silence");
    }

    private static int LastStatusLength(LinkSetup setup)
    {
        setup.Stop(inOrder: false);
        var message = new OutgoingMessage();
        setup.Bench.SendQueue.RepeatStatus();
        Assert.IsTrue(setup.Bench.SendQueue.Peek(message));
        return message.Length;
    }
}
