namespace NanoOta.Tests.Mqtt;

/// <summary>The times and sizes of a device's telemetry.</summary>
[TestClass]
public sealed class TelemetryTests
{
    private const int Size = 800_000;

    [TestMethod]
    public void The_largest_status_has_all_fields_and_at_most_512_bytes()
    {
        var bench = new MqttBench();
        Fill(bench.Control.Status);
        bench.Clock.Milliseconds = 0x7FFF_FFFF_FFFFL;
        bench.Control.Report();
        var (kind, json, length) = bench.Next();
        Assert.AreEqual(MessageKind.Status, kind);
        Assert.IsLessThanOrEqualTo(512, length);
        CollectionAssert.AreEqual(
            "on,ver,seq,slot,state,phase,offer,err,why,pause,boots,lvl,reset,mv,ext,mem,up,drop,flood".Split(','),
            json.EnumerateObject().Select(p => p.Name).ToArray());
        Console.WriteLine($"the largest status has {length} bytes");
    }

    [TestMethod]
    public void An_overlong_reset_reason_is_omitted_and_nothing_else()
    {
        var bench = new MqttBench();
        Fill(bench.Control.Status);
        bench.Control.Status.ResetReason = new string('"', 1000);
        bench.Control.Report();
        var json = bench.Next().Json;
        Assert.IsFalse(json.TryGetProperty("reset", out _));
        Assert.IsTrue(json.TryGetProperty("up", out _));
    }

    [TestMethod]
    public void Changed_texts_are_published_at_once_and_numbers_once_an_hour()
    {
        var bench = new MqttBench();
        var control = bench.Control;
        for (int second = 0; second < 3 * 3600; second++)
        {
            control.Status.SupplyMillivolts = 3000 + second % 100;
            control.Report();
            bench.Clock.Milliseconds += 1000;
        }

        Assert.AreEqual(0, bench.SendQueue.Dropped);
        var messages = bench.All(MessageKind.Status);
        Assert.HasCount(1, messages, "the latest only");
        control.Status.Phase = Phase.Stage;
        control.Report();
        Assert.AreEqual("stage", bench.Next().Json.GetProperty("phase").GetString());
        control.Report();
        Assert.AreEqual(0, bench.SendQueue.Count);
    }

    [TestMethod]
    public void An_idle_device_publishes_its_status_24_times_a_day()
    {
        var bench = new MqttBench();
        int messages = 0;
        for (int second = 0; second < 86_400; second++)
        {
            bench.Control.Status.FreeMemory = 90_000 + second % 1000;
            bench.Control.Report();
            messages += bench.All(MessageKind.Status).Count;
            bench.Clock.Milliseconds += 1000;
        }

        Assert.AreEqual(24, messages);
    }

    [TestMethod]
    public void The_largest_progress_has_all_fields_and_at_most_160_bytes()
    {
        var bench = new MqttBench();
        var e = Event(UpdateEventKind.Staging, 0);
        e.Version = new string('9', 32);
        e.ImageSize = e.BytesFetched = int.MaxValue;
        bench.Control.On(e);
        bench.All(MessageKind.Progress);
        e.Kind = UpdateEventKind.Progress;
        e.BytesStaged = int.MaxValue / 2;
        for (int i = 0; i < 3; i++)
        {
            bench.Clock.Milliseconds += 1000;
            bench.Control.On(e);
            e.BytesStaged += int.MaxValue / 10;
        }

        var (_, json, length) = bench.Next();
        Assert.IsLessThanOrEqualTo(160, length);
        CollectionAssert.AreEqual("ver,done,size,got,bps,left,by,try".Split(','), json.EnumerateObject().Select(p => p.Name).ToArray());
        Console.WriteLine($"a large progress has {length} bytes");
    }

    [TestMethod]
    public void The_largest_event_and_the_largest_answer_fit()
    {
        var bench = new MqttBench();
        foreach (var kind in Enum.GetValues<UpdateEventKind>())
        {
            var e = Event(kind, int.MaxValue);
            e.Version = new string('9', 32);
            e.Code = (UpdateError)65535;
            e.ImageSize = int.MaxValue;
            bench.Control.On(e);
        }

        Assert.IsTrue(bench.All(MessageKind.Event).All(j => j.TryGetProperty("size", out _)));
        foreach (var error in Enum.GetValues<UpdateError>())
            bench.Control.Answer(new RemoteCommand { Kind = CommandKind.RejectTrial, Counter = 0x1FFFFFFFFFFFFF }, error);
        Assert.IsTrue(bench.All(MessageKind.Answer).All(j => j.TryGetProperty("text", out _)));
    }

    [TestMethod]
    public void A_download_starts_with_its_size_and_the_estimate_of_the_last_rate()
    {
        var bench = new MqttBench();
        bench.Control.On(Event(UpdateEventKind.Staging, 100_000));
        var first = bench.All(MessageKind.Progress).Single();
        Assert.AreEqual(700_000, first.GetProperty("size").GetInt32() - first.GetProperty("done").GetInt32());
        Assert.AreEqual("none", first.GetProperty("by").GetString());
        Assert.IsFalse(first.TryGetProperty("left", out _));
        Stage(bench, 100_000, bytesPerSecond: 20_000, seconds: 10);
        bench.Control.On(Event(UpdateEventKind.Staging, 300_000));
        var second = bench.All(MessageKind.Progress)[^1];
        Assert.AreEqual("last", second.GetProperty("by").GetString());
        Assert.AreEqual(25, second.GetProperty("left").GetInt32());
        Assert.AreEqual(2, second.GetProperty("try").GetInt32());
    }

    [TestMethod]
    public void A_packed_download_is_estimated_by_the_bytes_of_the_packed_file()
    {
        var bench = new MqttBench();
        var e = Event(UpdateEventKind.Staging, 0);
        e.PackedSize = 30_000;
        for (int second = 0; second <= 10; second++)
        {
            (e.PackedStaged, e.BytesFetched, e.BytesStaged) = (second * 1000, second * 1000 + 4096, second * 40_000);
            bench.Control.On(e);
            e.Kind = UpdateEventKind.Progress;
            bench.Clock.Milliseconds += 1000;
        }

        var progress = bench.All(MessageKind.Progress)[^1];
        Assert.AreEqual((10_000, 30_000, 14_096), (Number("done"), Number("size"), Number("got")));
        Assert.AreEqual((1000, 20), (Number("bps"), Number("left")));
        int Number(string name) => progress.GetProperty(name).GetInt32();
    }

    [TestMethod]
    public void The_rate_covers_the_last_ten_seconds_and_a_silent_link_has_no_estimate()
    {
        var bench = new MqttBench();
        bench.Control.On(Event(UpdateEventKind.Staging, 0));
        Stage(bench, 0, bytesPerSecond: 1_000, seconds: 100);
        int staged = Stage(bench, 100_000, bytesPerSecond: 10_000, seconds: 11);
        var fast = bench.All(MessageKind.Progress)[^1];
        Assert.AreEqual(10_000, fast.GetProperty("bps").GetInt32());
        Assert.AreEqual((Size - staged + 9_999) / 10_000, fast.GetProperty("left").GetInt32());
        bench.Clock.Milliseconds += 600_000;
        bench.Control.On(Event(UpdateEventKind.Progress, staged + Size / 50));
        var after = bench.All(MessageKind.Progress)[^1];
        Assert.IsFalse(after.TryGetProperty("bps", out _), "a minute without a byte is no rate");
        Assert.AreEqual("last", after.GetProperty("by").GetString());
    }

    [TestMethod]
    public void Progress_is_published_once_a_second_and_once_a_percent_at_most()
    {
        Assert.IsInRange(8, 12, Messages(msPerBlock: 50), "800 kB in ten seconds: by time");
        Assert.IsInRange(90, 101, Messages(msPerBlock: 5000), "in 1000 seconds: by percent");
        static int Messages(int msPerBlock)
        {
            var bench = new MqttBench();
            int messages = 0;
            for (int staged = 0; staged <= Size; staged += 4000)
            {
                bench.Control.On(Event(staged == 0 ? UpdateEventKind.Staging : UpdateEventKind.Progress, staged));
                var progress = bench.All(MessageKind.Progress);
                messages += progress.Count;
                if (staged == Size) Assert.AreEqual(Size, progress.Single().GetProperty("done").GetInt32());
                bench.Clock.Milliseconds += msPerBlock;
            }

            return messages - 1;
        }
    }

    [TestMethod]
    public void Beyond_sixteen_events_the_oldest_are_dropped_and_their_numbers_missing()
    {
        var bench = new MqttBench();
        for (int i = 0; i < 50; i++) bench.Control.On(Event(UpdateEventKind.Notice, 0));
        Assert.AreEqual(34, bench.SendQueue.Dropped);
        CollectionAssert.AreEqual(Enumerable.Range(35, 16).ToArray(),
            bench.All(MessageKind.Event).Select(e => e.GetProperty("n").GetInt32()).ToArray());
        bench.Control.Report();
        Assert.AreEqual(34, bench.Next().Json.GetProperty("drop").GetInt32());
    }

    [TestMethod]
    public void Events_use_the_terms_of_the_status()
    {
        var bench = new MqttBench();
        var offer = Event(UpdateEventKind.Offer, 0);
        offer.Version = "2.0.0";
        bench.Control.On(offer);
        var delayed = Event(UpdateEventKind.Delayed, 0);
        delayed.Code = UpdateError.OutsideWindow;
        bench.Control.On(delayed);
        Assert.AreEqual("2.0.0", bench.Control.Status.Offered);
        Assert.AreEqual(UpdateError.OutsideWindow, bench.Control.Status.WaitsFor);
        var refused = Event(UpdateEventKind.Refused, 0);
        refused.Code = UpdateError.Expired;
        bench.Control.On(refused);
        Assert.AreEqual(UpdateError.None, bench.Control.Status.WaitsFor);
        Assert.AreEqual(UpdateError.Expired, bench.Control.Status.LastError);
        bench.Control.On(Event(UpdateEventKind.Confirmed, 0));
        Assert.AreEqual(UpdateError.None, bench.Control.Status.LastError);
    }

    private static int Stage(MqttBench bench, int staged, int bytesPerSecond, int seconds)
    {
        for (int i = 0; i < seconds; i++)
        {
            bench.Clock.Milliseconds += 1000;
            staged += bytesPerSecond;
            bench.Control.On(Event(UpdateEventKind.Progress, staged));
            if (i < seconds - 1) bench.All(MessageKind.Progress);
        }

        return staged;
    }

    private static UpdateEvent Event(UpdateEventKind kind, int staged) => new()
    {
        Kind = kind,
        Slot = 1,
        Version = "1.1.0",
        Detail = "",
        BytesFetched = staged,
        BytesStaged = staged,
        ImageSize = Size,
    };

    private static void Fill(DeviceStatus status)
    {
        status.Version = new string('9', 32);
        status.Sequence = 0x1FFFFFFFFFFFFF;
        status.Slot = 1;
        status.Phase = Phase.Activate;
        status.Offered = new string('9', 32);
        status.LastError = status.WaitsFor = (UpdateError)65535;
        status.IsPaused = status.IsSupplyExternal = true;
        status.SupplyMillivolts = status.FreeMemory = status.AgentLevel = int.MaxValue;
        status.TrialBoots = 255;
        status.ResetReason = "reset reason 2147483647";
    }
}
