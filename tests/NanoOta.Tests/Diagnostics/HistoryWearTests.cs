using NanoOta.VirtualDevice;

namespace NanoOta.Tests.Diagnostics;

/// <summary>What is worth a record, and what flash does not pay for.</summary>
[TestClass]
public sealed class HistoryWearTests
{
    private const long HourMs = 3_600_000;

    private readonly HistoryBench bench = new();

    private int Writes => bench.Flash.ProgramCounts.Sum();

    private int Erases => bench.Flash.EraseCounts.Sum();

    [TestMethod]
    public void Endless_power_cycles_write_eight_starts_and_no_more()
    {
        for (int i = 0; i < 1000; i++) StartWith(ResetReason.PowerOn);
        Assert.AreEqual((8, 0), (Writes, Erases));
    }

    [TestMethod]
    public void Normal_starts_and_starts_after_a_panic_take_eight_records_each()
    {
        for (int i = 0; i < 1000; i++) StartWith(i % 2 == 0 ? ResetReason.PowerOn : ResetReason.Sw);
        for (int i = 0; i < 1000; i++) StartWith(i % 2 == 0 ? ResetReason.Panic : ResetReason.Brownout);
        Assert.AreEqual((16, 0), (Writes, Erases));
        Assert.AreEqual(8, bench.All.Count(r => r.ResetReason == (int)ResetReason.Panic || r.ResetReason == (int)ResetReason.Brownout));
    }

    [TestMethod]
    public void A_planned_wake_writes_no_repeated_event()
    {
        bench.Publish(UpdateEventKind.Staging, "1.1.0");
        bench.Publish(UpdateEventKind.Trial, "1.1.0");
        bench.Publish(UpdateEventKind.Refused, "1.2.0", UpdateError.Expired);
        int writes = Writes;
        bench.Kept = 1;
        for (int i = 0; i < 1000; i++)
        {
            StartWith(ResetReason.DeepSleep);
            bench.Publish(UpdateEventKind.Trial, "1.1.0");
            bench.Publish(UpdateEventKind.Refused, "1.2.0", UpdateError.Expired);
        }

        Assert.AreEqual(writes, Writes);
        Assert.AreEqual(1, bench.History.Totals.Starts);
    }

    [TestMethod]
    public void A_repeated_fault_is_written_once_and_alternating_ones_evict_no_transition()
    {
        bench.Publish(UpdateEventKind.Confirmed, "1.1.0");
        for (int i = 0; i < 500; i++) Fail(UpdateError.Unreachable);
        Assert.AreEqual(3, Writes, "start, confirmed, and the fault");
        for (int i = 0; i < 5000; i++) Fail(i % 2 == 0 ? UpdateError.TimedOut : UpdateError.Unreachable, HourMs);
        Assert.AreEqual(10, Writes, "eight faults");
        Assert.AreEqual("1.1.0", bench.All[1].Version);
        Assert.AreEqual(5500, bench.History.Totals.Retries);
    }

    [TestMethod]
    public void Beyond_eight_a_fault_of_another_kind_is_written_once_an_hour_of_uptime()
    {
        var codes = Enum.GetValues<UpdateError>().Where(e => e != UpdateError.None).ToArray();
        Assert.IsGreaterThan(40, codes.Length);
        int checks = 0;
        for (; checks < 60_000; checks++) Fail(codes[checks % codes.Length], HourMs / 60);
        int hours = checks / 60;
        Assert.IsInRange(hours * 9 / 10, hours + 8, Writes, "there is always one that is not among the last 32");
        Assert.IsInRange(1, Writes / 37, Erases);
        int before = Writes;
        for (int i = 0; i < 1000; i++)
        {
            StartWith(ResetReason.PowerOn);
            for (int k = 0; k < 30; k++) Fail(codes[(i * 30 + k) % codes.Length], HourMs / 60);
        }

        Assert.IsLessThanOrEqualTo(before + 8 + 8 + 1, Writes, "half an hour of uptime each");
    }

    [TestMethod]
    public void The_hour_is_one_of_the_uptime_of_this_start()
    {
        bench.Milliseconds = 50 * HourMs;
        for (int i = 0; i < 8; i++) Fail(UpdateError.Unreachable + i);
        StartWith(ResetReason.PowerOn);
        int writes = Writes;
        Fail(UpdateError.Expired, HourMs - 1000);
        Assert.AreEqual(writes, Writes);
        Fail(UpdateError.Expired, 1000);
        Assert.AreEqual(writes + 1, Writes);
    }

    [TestMethod]
    public void Bytes_are_added_up_over_releases_and_agents_that_count_from_0_again()
    {
        foreach (int fetched in new[] { 0, 100, 250, 0, 40, 90, 30 }) bench.Publish(UpdateEventKind.Progress, "1.1.0", fetched: fetched);
        Assert.AreEqual(250 + 90 + 30, bench.History.Totals.BytesFetched);
    }

    [TestMethod]
    public void A_waiting_release_that_is_staged_repeatedly_is_written_once()
    {
        for (int i = 0; i < 1000; i++)
        {
            bench.Publish(UpdateEventKind.Staging, "1.1.0");
            bench.Publish(UpdateEventKind.Staged, "1.1.0");
            bench.Publish(UpdateEventKind.Delayed, "1.1.0", UpdateError.OutsideWindow);
            bench.Publish(UpdateEventKind.Refused, "1.1.0", UpdateError.OutsideWindow);
            bench.Milliseconds += HourMs;
        }

        Assert.AreEqual(4, Writes);
        bench.Publish(UpdateEventKind.Activated, "1.1.0");
        bench.Publish(UpdateEventKind.Staging, "1.1.0");
        Assert.AreEqual(6, Writes, "one more attempt after a trial is recorded");
    }

    [TestMethod]
    public void An_event_allocates_nothing_whether_it_is_written_or_not()
    {
        string[] versions = ["1.0.0", "1.1.0"];
        for (int i = 0; i < 200; i++) bench.Publish(UpdateEventKind.Confirmed, versions[i % 2]);
        int writes = Writes;
        long before = GC.GetAllocatedBytesForCurrentThread();
        for (int i = 0; i < 200; i++) bench.Publish(UpdateEventKind.Confirmed, versions[i % 2]);
        for (int i = 0; i < 200; i++) bench.Publish(UpdateEventKind.Error, versions[0], UpdateError.TimedOut);
        Assert.AreEqual(before, GC.GetAllocatedBytesForCurrentThread());
        Assert.AreEqual(writes + 201, Writes);
    }

    [TestMethod]
    public void Lowest_readings_cover_the_time_since_the_last_record_without_faulty_parts()
    {
        int millivolts = 4000;
        bench.Ports.Supply = new Simulation.Cell(() => millivolts > 0 ? millivolts : throw new InvalidOperationException("broken"));
        bench.Publish(UpdateEventKind.Staging, "1.1.0");
        millivolts = 3300;
        bench.Publish(UpdateEventKind.Progress, "1.1.0");
        bench.Publish(UpdateEventKind.Staged, "1.1.0");
        millivolts = 3900;
        bench.Publish(UpdateEventKind.Activated, "1.1.0");
        millivolts = 0;
        bench.Publish(UpdateEventKind.Trial, "1.1.0");
        CollectionAssert.AreEqual(new[] { 4000, 4000, 3300, 3900, -1 }, bench.All.Select(r => r.LowestSupply).ToArray());
        bench.Ports.Memory = new Simulation.Heap { Free = 5000 };
        bench.Publish(UpdateEventKind.Confirmed, "1.1.0");
        Assert.AreEqual((-1, 5000), (bench.All[^1].LowestSupply, bench.All[^1].LowestMemory), "the other one is measured nevertheless");
    }

    private void StartWith(ResetReason reason)
    {
        bench.Milliseconds = 0;
        bench.Start(reason);
        bench.Publish(UpdateEventKind.Idle, slot: 0);
    }

    private void Fail(UpdateError code, long afterMs = 0)
    {
        bench.Milliseconds += afterMs;
        bench.Publish(UpdateEventKind.Error, "1.2.0", code);
    }
}
