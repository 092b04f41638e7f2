using NanoOta.Releases;

namespace NanoOta.Tests.Mqtt;

/// <summary>Ten thousand messages to one device over a real broker. Measures memory, so nothing else may run beside it.</summary>
[TestClass]
[DoNotParallelize]
public sealed class FloodTests
{
    [TestMethod]
    public async Task A_flood_takes_no_memory_delays_no_step_and_commands_still_work()
    {
        using var broker = new Mosquitto();
        using var setup = new LinkSetup(broker.Port);
        await setup.WatchAsync(broker.Port);
        setup.Start();
        LinkSetup.Await(() => setup.Link.IsConnected, "connection");
        await FloodAsync(setup, 500);
        long before = GC.GetTotalMemory(forceFullCollection: true), slowest = 0;
        var flood = FloodAsync(setup, 10_000);
        while (!flood.IsCompleted)
        {
            var watch = System.Diagnostics.Stopwatch.StartNew();
            setup.Bench.Control.TakeAnnouncement();
            Assert.IsNull(setup.Bench.Control.TakeCommand());
            setup.Bench.Control.On(new UpdateEvent { Kind = UpdateEventKind.Notice, Version = "", Detail = "" });
            slowest = Math.Max(slowest, watch.ElapsedMilliseconds);
            Thread.Sleep(1);
        }

        await flood;
        var good = OutgoingCommand.Now(MqttBench.DeviceId, CommandKind.Check).Sign(MqttBench.Key);
        LinkSetup.Await(() =>
        {
            setup.PublishAsync(setup.Bench.Topics.Command, good).Wait();
            setup.Bench.Clock.Milliseconds += 1000;
            return setup.Bench.Control.TakeCommand() != null;
        }, "command after the flood");
        setup.Forget();
        long grown = GC.GetTotalMemory(forceFullCollection: true) - before;
        Console.WriteLine($"grown by {grown} bytes; slowest call {slowest} ms; refused {setup.Bench.ReceiveQueue.Refused}, "
            + $"dropped {setup.Bench.ReceiveQueue.Dropped}");
        Assert.IsLessThan(500_000L, grown);
        Assert.IsLessThan(1000L, slowest);
        Assert.IsGreaterThan(3000, setup.Bench.ReceiveQueue.Dropped + setup.Bench.ReceiveQueue.Refused);
        Assert.AreEqual(1, setup.Link.Connections);
    }

    private static async Task FloodAsync(LinkSetup setup, int messages)
    {
        var random = new Random(1);
        for (int i = 0; i < messages; i++)
        {
            var payload = new byte[random.Next(1, i % 3 == 0 ? 900 : 400)];
            random.NextBytes(payload);
            await setup.PublishAsync(i % 2 == 0 ? setup.Bench.Topics.Command : setup.Bench.Topics.Offer, payload, qos: i % 20 == 1 ? 1 : 0);
            if (i % 100 == 0) setup.Forget();
        }
    }
}
