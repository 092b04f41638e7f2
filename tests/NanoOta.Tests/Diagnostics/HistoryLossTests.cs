using NanoOta.VirtualDevice;

namespace NanoOta.Tests.Diagnostics;

/// <summary>The history survives power cuts, worn sectors and foreign data.</summary>
[TestClass]
public sealed class HistoryLossTests
{
    private const int Events = 45, PerSector = 37, Spare = PerSector - History.MaxCount;

    [TestMethod]
    public void A_cut_at_any_operation_leaves_the_32_newest_records_in_order_and_their_totals()
    {
        // Both changes of sectors that erase one lie in what follows.
        var before = new HistoryBench();
        var held = Confirm(before, 70);
        var snapshot = before.Flash.Snapshot();
        Assert.HasCount(Events, Confirm(before, Events, first: 70));
        int operations = before.Flash.Operations - 70, cuts = 0;
        Assert.AreEqual(2, before.Flash.EraseCounts.Sum(), "a blank sector is not erased");
        for (int number = 1; number <= operations; number++)
            foreach (var (moment, tear) in new[] { (CutMoment.Before, 0), (CutMoment.After, 0), (CutMoment.Torn, 1), (CutMoment.Torn, 2) })
            {
                var bench = new HistoryBench(new NorFlash(snapshot));
                var cut = PowerCut.At(number, moment, tear);
                bench.Flash.Arm(cut);
                List<string> written = [.. held, .. Confirm(bench, Events, first: 70)];
                Assert.IsNotNull(cut.Fired);
                string where = $"{moment} operation {number}, tear {tear}";
                bench.Start();
                AssertHolds(bench, written, where);
                written = [.. bench.Versions, .. Confirm(bench, 40, first: 1000)];
                AssertHolds(bench, written, "later, " + where);
                cuts++;
            }

        Console.WriteLine($"{cuts} power cuts in {Events} records");
    }

    [TestMethod]
    public void Cut_writes_within_the_spare_room_of_a_sector_cost_none_of_the_32_newest()
    {
        var bench = new HistoryBench();
        var written = new List<string>();
        for (int i = 0; i < 300; i++)
        {
            // Of 37 writes five are torn, one in each row of seven.
            if (i % PerSector % 7 == 3 && i % PerSector < 7 * Spare)
            {
                bench.Flash.Arm(PowerCut.At(1, CutMoment.Torn, i));
                bool isWritten = Confirm(bench, 1, first: i).Count > 0;
                bench.Start();
                if (isWritten || bench.Versions.LastOrDefault() == "v" + i) written.Add("v" + i);
            }
            else written.AddRange(Confirm(bench, 1, first: i));

            AssertHolds(bench, written, $"after {i}");
        }
    }

    [TestMethod]
    public void Ten_thousand_random_events_and_resets_match_the_model()
    {
        int seed = Environment.TickCount;
        var random = new Random(seed);
        var bench = new HistoryBench();
        var model = new HistoryModel(bench);
        int cuts = 0;
        for (int i = 0; i < 10_000; i++)
        {
            string where = $"seed {seed}, event {i}";
            var cut = random.Next(40) == 0 ? PowerCut.At(1, (CutMoment)random.Next(1, 4), random.Next()) : null;
            bench.Flash.Arm(cut);
            try
            {
                model.Do(random, where);
            }
            catch (PowerLostException)
            {
                cuts++;
                bench.Flash.Arm(null);
                model.LosePower(where);
            }

            if (random.Next(30) == 0) model.Restart(where);
        }

        Console.WriteLine($"seed {seed}: {model.Written} records, {cuts} power cuts, {bench.Flash.EraseCounts.Sum()} erases");
        Assert.IsGreaterThan(1000, model.Written);
        Assert.IsGreaterThan(20, cuts);
    }

    [TestMethod]
    [DataRow(0)]
    [DataRow(1)]
    public void A_worn_sector_costs_records_and_nothing_else(int sector)
    {
        for (int before = 0; before < 80; before += 5)
        {
            var bench = new HistoryBench();
            Confirm(bench, before);
            bench.Flash.WearOut(sector * FlashLayout.SectorSize);
            int operations = bench.Flash.Operations;
            Assert.HasCount(300, Confirm(bench, 300, first: before));
            Assert.AreEqual(before + 300, bench.Received);
            Assert.IsTrue(bench.History.IsKept);
            Assert.AreEqual($"v{before + 299}", bench.Versions[^1], $"after {before}: the other sector goes on");
            Assert.IsLessThan(450, bench.Flash.Operations - operations);
            var versions = bench.Versions;
            var next = new HistoryBench(new NorFlash(bench.Flash.Snapshot()));
            CollectionAssert.AreEqual(versions, next.Versions.TakeLast(versions.Count).ToList(), "the next start finds them");
        }
    }

    [TestMethod]
    public void Two_worn_sectors_are_not_written_until_the_next_start()
    {
        var bench = new HistoryBench();
        Confirm(bench, 50);
        bench.Flash.WearOut(0);
        bench.Flash.WearOut(FlashLayout.SectorSize);
        int operations = bench.Flash.Operations;
        Assert.HasCount(1000, Confirm(bench, 1000, first: 50));
        Assert.IsFalse(bench.History.IsKept);
        Assert.IsLessThan(16, bench.Flash.Operations - operations);
        Assert.AreEqual(1050, bench.History.Totals.Updates, "they are counted nevertheless");
    }

    [TestMethod]
    public void A_history_starts_from_any_content_of_its_area()
    {
        int seed = Environment.TickCount;
        var random = new Random(seed);
        var good = new HistoryBench();
        Confirm(good, 60);
        for (int i = 0; i < 200; i++)
        {
            var bytes = i % 3 == 0 ? new byte[HistoryBench.Size] : good.Flash.Snapshot();
            if (i % 3 == 1) random.NextBytes(bytes);
            if (i % 3 == 2)
                for (int flip = random.Next(200); flip > 0; flip--) bytes[random.Next(bytes.Length)] ^= (byte)(1 << random.Next(8));
            var bench = new HistoryBench(new NorFlash(bytes));
            Assert.IsTrue(bench.History.Count <= History.MaxCount);
            var numbers = bench.All.Select(r => r.Number).ToList();
            CollectionAssert.AreEqual(numbers.Order().Distinct().ToList(), numbers, $"seed {seed}, {i}");
            Assert.HasCount(80, Confirm(bench, 80, first: 500));
            CollectionAssert.AreEqual(Enumerable.Range(548, 32).Select(v => "v" + v).ToList(), bench.Versions, $"seed {seed}, {i}");
        }
    }

    [TestMethod]
    public void Duplicate_records_count_once()
    {
        var bench = new HistoryBench();
        Confirm(bench, 20);
        var bytes = bench.Flash.Snapshot();
        bytes.AsSpan(0, FlashLayout.SectorSize).CopyTo(bytes.AsSpan(FlashLayout.SectorSize));
        var copied = new HistoryBench(new NorFlash(bytes));
        CollectionAssert.AreEqual(bench.Versions, copied.Versions);
        Assert.HasCount(80, Confirm(copied, 80, first: 500));
        CollectionAssert.AreEqual(Enumerable.Range(548, 32).Select(v => "v" + v).ToList(), copied.Versions);
    }

    [TestMethod]
    public void A_record_of_another_format_is_ignored()
    {
        var bench = new HistoryBench();
        Confirm(bench, 1);
        var bytes = bench.Flash.Snapshot();
        bytes[2] = 2;
        BitConverter.TryWriteBytes(bytes.AsSpan(104), Checksum.Crc32(bytes, 0, 104));
        Assert.AreEqual(0, new HistoryBench(new NorFlash(bytes)).History.Count);
        bytes[2] = 1;
        BitConverter.TryWriteBytes(bytes.AsSpan(104), Checksum.Crc32(bytes, 0, 104));
        Assert.AreEqual(1, new HistoryBench(new NorFlash(bytes)).History.Count, "only the format made the difference");
    }

    [TestMethod]
    public void Without_the_area_there_is_no_history_and_events_are_passed_on()
    {
        var bench = new HistoryBench { HasArea = false };
        Assert.HasCount(10, Confirm(bench, 10));
        Assert.AreEqual(10, bench.Received);
        Assert.AreEqual((0, false, 0), (bench.History.Count, bench.History.IsKept, bench.Flash.Operations));
        Assert.AreEqual(10, bench.History.Totals.Updates);
    }

    // Confirmations of releases, each another one, until power fails; what was written is given back. No start: a planned wake.
    private static List<string> Confirm(HistoryBench bench, int count, int first = 0)
    {
        bench.Kept = 1;
        var written = new List<string>();
        for (int i = first; i < first + count; i++)
        {
            try
            {
                bench.Publish(UpdateEventKind.Confirmed, "v" + i);
            }
            catch (PowerLostException)
            {
                return written;
            }

            written.Add("v" + i);
        }

        return written;
    }

    // The cut may have come after the record was written, before the listener received the event.
    private static void AssertHolds(HistoryBench bench, List<string> written, string where)
    {
        var versions = bench.Versions;
        if (versions.Count > 0 && (written.Count == 0 || versions[^1] != written[^1])) written = [.. written, versions[^1]];
        CollectionAssert.AreEqual(written.TakeLast(History.MaxCount).ToList(), versions, where);
        var numbers = bench.All.Select(r => r.Number).ToList();
        CollectionAssert.AreEqual(numbers.Order().Distinct().ToList(), numbers, where);
        if (numbers.Count > 0) Assert.AreEqual(bench.All[^1].Totals.Updates, bench.History.Totals.Updates, where);
    }
}
