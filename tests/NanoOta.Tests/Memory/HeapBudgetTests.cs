using NanoOta.Tests.Diagnostics;
using NanoOta.Tests.Mqtt;
using NanoOta.Tests.Simulation;
using NanoOta.Tests.Support;

namespace NanoOta.Tests.Memory;

/// <summary>
/// What agent, history and remote part hold in a device's managed heap, at rest and in each phase of an update, by the block sizes of a
/// 32-bit CLR. The bounds are those of docs/platform/memory.md.
/// </summary>
[TestClass]
public sealed class HeapBudgetTests
{
    private static readonly SimRelease First = SimRelease.Make("1.0.0", 1, 5);
    private static readonly SimRelease Second = SimRelease.Make("1.1.0", 2, 9);

    [TestMethod]
    public void The_agent_holds_8_KB_at_rest_and_one_more_in_an_update()
    {
        var device = SimDevice.Offered(First, Second);
        var peaks = Measure(device, agent => [agent]);
        Assert.IsLessThanOrEqualTo(8_000, peaks[Phase.Idle], "at rest");
        Assert.IsLessThanOrEqualTo(8_800, peaks.Values.Max(), "whatever it does");
    }

    [TestMethod]
    public void A_trial_with_the_servers_probe_holds_no_second_block()
    {
        var device = SimDevice.Offered(First, Second);
        ServerProbe? probe = null;
        device.Break = ports => probe = new ServerProbe(ports, new UpdateOptions
        {
            Address = SimServer.Address,
            Product = "lamp",
            Board = "board-a",
            TrustedKeys = [TestManifest.SharedKey.Base64],
        }, () => true);
        int most = 0;
        device.BetweenSteps = agent =>
        {
            if (agent.Phase == Phase.Trial && probe!.Check() != Health.Good) most = Math.Max(most, DeviceHeap.BytesOf(agent, probe));
            return false;
        };
        Assert.IsTrue(device.RunUntilConfirmed("1.1.0"));
        Console.WriteLine($"agent and probe in a trial: {most}");
        Assert.IsInRange(6_000, 9_000, most);
    }

    [TestMethod]
    [DataRow(false, 13_900)]
    [DataRow(true, 14_000)]
    public void With_MQTT_and_history_the_agent_holds_waiting_messages_only(bool isOffline, int most)
    {
        var device = SimDevice.Offered(First, Second);
        var remote = new SimMqtt(device);
        var round = device.BetweenSteps!;
        var history = new SimHistory(device);
        device.BetweenSteps = agent =>
        {
            history.History.Round(agent);
            return round(agent);
        };
        remote.IsStalled = isOffline;
        var peaks = Measure(device, agent => [agent, remote.Loop, remote.Link, history.History]);
        Assert.IsLessThanOrEqualTo(most, peaks[Phase.Idle], "at rest");
        Assert.IsLessThanOrEqualTo(most + 900, peaks.Values.Max(), "whatever it does");
    }

    [TestMethod]
    public void A_flood_leaves_one_announcement_and_four_commands()
    {
        var topics = new Topics("lamp", "board-a", "d");
        var receiveQueue = new ReceiveQueue(topics);
        int empty = DeviceHeap.BytesOf(receiveQueue);
        for (int i = 0; i < 1000; i++)
        {
            receiveQueue.Receive(topics.Offer, [.. BitConverter.GetBytes(i), .. new byte[4000]], 4004);
            receiveQueue.Receive(topics.Command, new byte[512], 512);
            receiveQueue.Receive(topics.Event, new byte[100_000], 100_000);
        }

        Assert.IsLessThanOrEqualTo(4_100 + 4 * 540, DeviceHeap.BytesOf(receiveQueue) - empty);
    }

    // The most in each phase, between the steps of one update and its trial.
    private static SortedDictionary<Phase, int> Measure(SimDevice device, Func<UpdateAgent, object?[]> roots)
    {
        var most = new SortedDictionary<Phase, int>();
        SortedDictionary<string, int>? atMost = null;
        var before = device.BetweenSteps;
        device.BetweenSteps = agent =>
        {
            var table = DeviceHeap.Table(roots(agent));
            int bytes = table.Values.Sum();
            if (bytes > most.GetValueOrDefault(agent.Phase)) most[agent.Phase] = bytes;
            if (bytes > 0 && bytes == most.Values.Max()) atMost = table;
            return before?.Invoke(agent) ?? false;
        };
        Assert.IsTrue(device.RunUntilConfirmed("1.1.0"));
        Console.WriteLine(string.Join(", ", most.Select(entry => $"{entry.Key} {entry.Value}")));
        Console.WriteLine(string.Join(", ", atMost!.OrderByDescending(entry => entry.Value).Select(entry => $"{entry.Key} {entry.Value}")));
        return most;
    }
}
