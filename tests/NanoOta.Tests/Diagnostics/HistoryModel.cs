namespace NanoOta.Tests.Diagnostics;

/// <summary>What a history must hold, kept in lists: all records that it has shown, and the totals of the newest.</summary>
internal sealed class HistoryModel(HistoryBench bench)
{
    private static readonly UpdateEventKind[] Kinds = Enum.GetValues<UpdateEventKind>();
    private static readonly UpdateError[] Codes = [.. Enum.GetValues<UpdateError>().Take(13)];

    private readonly List<string> records = [];
    private int newest, updates, savedUpdates, retries, savedRetries;

    /// <summary>Records so far.</summary>
    public int Written => records.Count;

    /// <summary>One event, and what it must have left.</summary>
    public void Do(Random random, string where)
    {
        var kind = Kinds[random.Next(Kinds.Length)];
        bench.Milliseconds += random.Next(600_000);
        // Counted before it is written, as the history has it.
        if (kind == UpdateEventKind.Confirmed) updates++;
        if (kind == UpdateEventKind.Error) retries++;
        bench.Publish(kind, "v" + random.Next(4), Codes[random.Next(Codes.Length)], random.Next(2));
        Learn(where);
        if (bench.Received % 8 == 0) Compare(where);
    }

    /// <summary>The firmware starts anew: what was counted since the newest record is lost.</summary>
    public void Restart(string where)
    {
        (updates, retries) = (savedUpdates, savedRetries);
        bench.Start((ResetReason)(new[] { 1, 3, 4, 9 }[bench.Received % 4]));
        Compare(where);
    }

    /// <summary>As Restart; the record that was about to be written may be there or not.</summary>
    public void LosePower(string where)
    {
        bench.Start();
        Learn(where);
        (updates, retries) = (savedUpdates, savedRetries);
        Compare(where);
    }

    // An event may write two records: first that of the start.
    private void Learn(string where)
    {
        var record = new HistoryRecord();
        for (int i = Math.Max(0, bench.History.Count - 2); i < bench.History.Count; i++)
        {
            Assert.IsTrue(bench.History.Read(i, record), where);
            if (record.Number <= newest) continue;
            Assert.AreEqual(newest + 1, record.Number, where);
            newest = record.Number;
            records.Add(TextOf(record));
            Assert.IsTrue(record.Totals.Updates >= savedUpdates && record.Totals.Updates <= updates, where);
            (savedUpdates, savedRetries) = (record.Totals.Updates, record.Totals.Retries);
        }
    }

    private void Compare(string where)
    {
        var held = bench.All.Select(TextOf).ToList();
        // Torn writes may have cost some of the older ones, no more than the sector could not spare.
        Assert.IsTrue(held.Count >= Math.Min(records.Count, 24), $"{where}: {held.Count} of {records.Count}");
        CollectionAssert.AreEqual(records.TakeLast(held.Count).ToList(), held, where);
        Assert.AreEqual((updates, retries), (bench.History.Totals.Updates, bench.History.Totals.Retries), where);
    }

    private static string TextOf(HistoryRecord r) => $"{r.Number} {r.Kind} {r.Slot} {r.Version} {r.Code} {r.Uptime} {r.ResetReason}";
}
