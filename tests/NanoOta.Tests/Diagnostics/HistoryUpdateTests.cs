using NanoOta.Tests.Mqtt;
using NanoOta.Tests.Simulation;
using NanoOta.VirtualDevice;

namespace NanoOta.Tests.Diagnostics;

/// <summary>The history of devices that live through updates.</summary>
[TestClass]
public sealed class HistoryUpdateTests
{
    private static readonly SimRelease First = SimRelease.Make("1.0.0", 1, 5);
    private static readonly SimRelease Second = SimRelease.Make("1.1.0", 2, 7);
    private static readonly SimRelease Third = SimRelease.Make("1.2.0", 3, 4);

    private static readonly int[] HistorySectors = [(SimDevice.Map.Records + FlashLayout.History) / 4096,
        (SimDevice.Map.Records + FlashLayout.History) / 4096 + 1];

    [TestMethod]
    public void A_good_and_a_failed_update_are_recorded_completely()
    {
        var device = SimDevice.Offered(First, Second);
        var sim = new SimHistory(device);
        Assert.IsTrue(device.RunUntilConfirmed("1.1.0"));
        device.Publish(Third with { Behaviour = Behaviour.Unhealthy });
        Assert.IsTrue(device.RunUntil(() => device.LastRefusal == UpdateError.Quarantined));
        string[] expected =
        [
            "start after PowerOn 1.0.0 #1 in 0", "staging 1.1.0 #2 in 1", "staged 1.1.0 #2 in 1", "activated 1.1.0 #2 in 1",
            "start after Sw 1.1.0 #2 in 1", "trial 1.1.0 #2 in 1", "confirmed 1.1.0 #2 in 1",
            "staging 1.2.0 #3 in 0", "staged 1.2.0 #3 in 0", "activated 1.2.0 #3 in 0",
            "start after Sw 1.2.0 #3 in 0", "trial 1.2.0 #3 in 0", "rejected 1.2.0 #3 in 0: 6004",
            "start after Sw  #0 in 1", "reverted 1.2.0 #3 in 0: 6004", "refused 1.2.0 #3 in 0: 4004",
        ];
        CollectionAssert.AreEqual(expected, sim.Lines, string.Join('\n', sim.Lines));
        var totals = sim.History.Totals;
        Assert.AreEqual((4, 1, 1, 0), (totals.Starts, totals.Updates, totals.Reverts, totals.Retries));
        Assert.AreEqual(device.Server.ImageBytesRead, totals.BytesFetched);
    }

    [TestMethod]
    public void Erases_and_bytes_are_those_of_flash_and_server_and_survive_resets()
    {
        var device = SimDevice.Offered(First, Second);
        var sim = new SimHistory(device);
        Assert.IsTrue(device.RunUntilConfirmed("1.1.0"));
        device.Server.BytesPerConnection = 5000;
        device.Publish(Third);
        Assert.IsTrue(device.RunUntilConfirmed("1.2.0"));
        device.Publish(SimRelease.Make("1.3.0", 4, 6));
        Assert.IsTrue(device.RunUntilConfirmed("1.3.0"));
        device.PowerCycle();
        Assert.IsTrue(device.RunOneCheck());
        var totals = sim.History.Totals;
        Assert.IsGreaterThan(0, totals.Retries);
        Assert.AreEqual(device.Count(UpdateEventKind.Error), totals.Retries);
        Assert.AreEqual((Erases(device, 0), Erases(device, 1)), (totals.Slot0Erases, totals.Slot1Erases));
        Assert.IsGreaterThan(0, totals.Slot1Erases);
        Assert.AreEqual(device.Server.ImageBytesRead, totals.BytesFetched);
        Assert.AreEqual(3, totals.Updates);
    }

    [TestMethod]
    public void An_update_costs_no_write_or_erase_more_but_its_own_records()
    {
        int[] plain = Writes(false), kept = Writes(true);
        foreach (int sector in HistorySectors) plain[sector] = kept[sector] = 0;
        CollectionAssert.AreEqual(plain, kept);

        static int[] Writes(bool hasHistory)
        {
            var device = SimDevice.Offered(First, Second);
            var sim = hasHistory ? new SimHistory(device) : null;
            Assert.IsTrue(device.RunUntilConfirmed("1.1.0"));
            Assert.IsTrue(device.RunOneCheck());
            Assert.AreEqual(hasHistory ? 7 : 0, HistorySectors.Sum(s => device.Flash.ProgramCounts[s]));
            return [.. device.Flash.ProgramCounts.Zip(device.Flash.EraseCounts, (a, b) => a * 100 + b)];
        }
    }

    [TestMethod]
    public void An_idle_sleeping_device_writes_no_byte_in_a_hundred_wakes()
    {
        var device = new SimDevice(First);
        var sim = new SimHistory(device);
        device.Publish(First);
        Assert.IsTrue(device.RunOneCheck());
        int operations = device.Flash.Operations;
        device.Application.Sleep = new SimSleep(AwakeMs: 2000, AsleepMs: 600_000);
        Assert.IsTrue(device.RunUntil(() => device.PlannedWakes == 100));
        Assert.AreEqual(operations, device.Flash.Operations);
        Assert.AreEqual(1, sim.History.Totals.Starts);
    }

    [TestMethod]
    public void A_supply_dip_is_in_the_next_record_and_in_that_one_alone()
    {
        var device = new SimDevice(First);
        device.Break = ports => ports.Supply = new Cell(() => device.Milliseconds is > 600_000 and < 720_000 ? 3100 : 4000);
        var sim = new SimHistory(device);
        device.Publish(First);
        Assert.IsTrue(device.RunUntil(() => device.Milliseconds > 1_000_000));
        device.Publish(Second);
        Assert.IsTrue(device.RunUntil(() => device.Count(UpdateEventKind.Activated) == 1 && device.Running != null));
        var record = new HistoryRecord();
        var lows = Enumerable.Range(0, 4).Select(i => sim.History.Read(i, record) ? record.LowestSupply : 0).ToArray();
        CollectionAssert.AreEqual(new[] { 4000, 3100, 4000, 4000 }, lows);
    }

    [TestMethod]
    [DataRow(true)]
    [DataRow(false)]
    public void The_set_up_order_of_MQTT_and_history_does_not_matter(bool isFirst)
    {
        var device = SimDevice.Offered(First, Second);
        History? history = null;
        RemoteLoop? loop = null;
        var options = new MqttOptions("127.0.0.1")
        {
            Product = "lamp",
            Board = "board-a",
            DeviceId = "lamp-17",
            MakeBroker = () => throw new InvalidOperationException("no broker"),
        };
        device.Break = ports =>
        {
            if (!isFirst) history = new History(ports);
            loop = new RemoteLoop(options, ports, () => false);
            if (isFirst) history = new History(ports);
        };
        device.BetweenSteps = agent => history!.Round(agent) | loop!.Round(agent);
        Assert.IsTrue(device.RunUntilConfirmed("1.1.0"));
        Assert.AreEqual(7, history!.Count);
        Assert.AreEqual(Erases(device, 1), history.Totals.Slot1Erases);
        Assert.IsTrue(device.RunOneCheck());
        Assert.AreEqual("1.1.0", loop!.Status.Offered, "it receives the events");
    }

    [TestMethod]
    public void With_an_older_native_module_updates_continue_without_the_area()
    {
        var device = SimDevice.Offered(First, Second);
        device.Break = ports => ports.Flash = new OldModule(ports.Flash);
        var sim = new SimHistory(device);
        Assert.IsTrue(device.RunUntilConfirmed("1.1.0"));
        Assert.AreEqual((0, false), (sim.History.Count, sim.History.IsKept));
        Assert.AreEqual(0, HistorySectors.Sum(s => device.Flash.ProgramCounts[s] + device.Flash.EraseCounts[s]));
    }

    private static int Erases(SimDevice device, int slot) =>
        device.Flash.EraseCounts.Skip(SimDevice.Map.Slot(slot) / 4096).Take(SimDevice.SlotSectors).Sum();

    private sealed class OldModule(IFlash flash) : IFlash
    {
        public int GetSize(FlashArea area) => area == FlashArea.History ? -1 : flash.GetSize(area);

        public bool Read(FlashArea area, int offset, byte[] buffer, int start, int count) =>
            area != FlashArea.History && flash.Read(area, offset, buffer, start, count);

        public bool Erase(FlashArea area, int offset) => area != FlashArea.History && flash.Erase(area, offset);

        public bool Write(FlashArea area, int offset, byte[] buffer, int start, int count) =>
            area != FlashArea.History && flash.Write(area, offset, buffer, start, count);
    }
}
