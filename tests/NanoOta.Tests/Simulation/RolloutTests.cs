using NanoOta.Tests.Support;

namespace NanoOta.Tests.Simulation;

/// <summary>When a device takes a release that is for it.</summary>
[TestClass]
public sealed class RolloutTests
{
    private const long Monday = 1_795_392_000; // 2026-11-23 00:00 UTC
    private static readonly SimRelease First = SimRelease.Make("1.0.0", 1, 5);
    private static readonly SimRelease Second = SimRelease.Make("1.1.0", 2, 7);

    private static SimRelease With(params (long Key, object Value)[] fields) => Second with
    {
        Manifest = Manifest(fields).Sign(),
    };

    private static TestManifest Manifest(params (long Key, object Value)[] fields)
    {
        var manifest = TestManifest.For(Second.Image, "1.1.0", 2, TestManifest.SharedKey);
        manifest.Change = map => map.AddRange(fields.Select(field => ((object)field.Key, field.Value)));
        return manifest;
    }

    private static UpdateError RefusalOf(SimDevice device)
    {
        Assert.IsTrue(device.RunOneCheck());
        Assert.AreEqual(0, device.Server.ImageBytesRead, "nothing of the image is fetched");
        return device.LastRefusal;
    }

    [TestMethod]
    public void An_offer_is_taken_until_it_expires_and_not_after()
    {
        var release = With((7L, Monday + 7200));
        var device = SimDevice.Offered(First, release);
        device.StartsAt = Monday;
        Assert.IsTrue(device.RunUntilConfirmed("1.1.0"));

        device = SimDevice.Offered(First, release);
        device.StartsAt = Monday + 7201;
        Assert.AreEqual(UpdateError.Expired, RefusalOf(device));
    }

    [TestMethod]
    public void Without_a_clock_an_offer_with_an_expiry_is_taken_and_reported()
    {
        var device = SimDevice.Offered(First, With((7L, 1L)));
        Assert.IsTrue(device.RunUntilConfirmed("1.1.0"));
        CollectionAssert.Contains(device.Events, (UpdateEventKind.Notice, "1.1.0", UpdateError.ClockNotSet));
    }

    [TestMethod]
    public void A_release_that_needs_an_intermediate_one_waits_for_it()
    {
        var device = SimDevice.Offered(First, With((8L, 2L)));
        Assert.AreEqual(UpdateError.NeedsEarlierRelease, RefusalOf(device));
        device = SimDevice.Offered(First, With((8L, 1L)));
        Assert.IsTrue(device.RunUntilConfirmed("1.1.0"));
    }

    [TestMethod]
    public void A_wave_takes_a_stable_share_of_the_fleet_and_a_wider_one_includes_it()
    {
        bool Takes(int number, long percent)
        {
            var device = SimDevice.Offered(First, With((9L, percent)));
            device.Configure = options => options.DeviceId = $"24:6f:28:00:00:{number:x2}";
            device.Server.OnOpen = (name, _) => name.EndsWith(".idx") ? UpdateError.FileNotFound : UpdateError.None;
            Assert.IsTrue(device.RunOneCheck());
            return device.LastRefusal != UpdateError.NotInWave;
        }

        var tenth = Enumerable.Range(0, 200).Where(n => Takes(n, 10)).ToList();
        var half = Enumerable.Range(0, 200).Where(n => Takes(n, 50)).ToList();
        Assert.IsInRange(8, 36, tenth.Count, "10 % of 200, four standard deviations to each side");
        Assert.IsInRange(72, 128, half.Count);
        CollectionAssert.AreEqual(tenth, Enumerable.Range(0, 200).Where(n => Takes(n, 10)).ToList());
        CollectionAssert.IsSubsetOf(tenth, half);
        Assert.IsTrue(tenth.All(n => Takes(n, 100)));
        Assert.IsFalse(tenth.Any(n => Takes(n, 0)), "no device installs a stopped release");
    }

    [TestMethod]
    public void A_device_without_an_id_comes_last()
    {
        Assert.AreEqual(UpdateError.NotInWave, RefusalOf(SimDevice.Offered(First, With((9L, 99L)))));
        Assert.IsTrue(SimDevice.Offered(First, With((9L, 100L))).RunUntilConfirmed("1.1.0"));
    }

    [TestMethod]
    public void A_release_that_is_stopped_while_it_waits_for_its_window_is_not_activated()
    {
        var device = SimDevice.Offered(First, Second);
        device.StartsAt = Monday;
        device.Configure = options => options.Window = new MaintenanceWindow { StartMinute = 23 * 60 };
        Assert.IsTrue(device.RunUntil(() => device.Count(UpdateEventKind.Delayed) == 1));
        device.Server.Put("manifest.cose", With((9L, 0L)).Manifest);
        Assert.IsTrue(device.RunUntil(() => device.LastRefusal == UpdateError.NotInWave));
        Assert.IsTrue(device.RunUntil(() => device.UnixSeconds > Monday + 86_400, 200_000));
        Assert.AreEqual(0, device.Count(UpdateEventKind.Activated));
    }

    [TestMethod]
    public void A_staged_release_is_activated_only_in_the_maintenance_window()
    {
        var device = SimDevice.Offered(First, Second);
        device.StartsAt = Monday + 20 * 3600;
        long activatedAt = 0;
        device.OnStep = (phase, _) => activatedAt = phase == Phase.Activate ? device.UnixSeconds : activatedAt;
        device.Configure = options => options.Window = new MaintenanceWindow { StartMinute = 60, Minutes = 120, UtcOffsetMinutes = 60 };
        Assert.IsTrue(device.RunUntil(() => device.RunningVersion == "1.1.0", 200_000));
        Assert.IsInRange(Monday + 24 * 3600, Monday + 26 * 3600, activatedAt, "01:00 to 03:00 an hour east of Greenwich");
        Assert.AreEqual(Second.Image.Length, device.Server.ImageBytesRead, "staged once, however long it waited");
        CollectionAssert.Contains(device.Events, (UpdateEventKind.Delayed, "1.1.0", UpdateError.OutsideWindow));
    }

    [TestMethod]
    public void A_device_with_a_window_and_without_a_clock_waits_and_reports_it()
    {
        var device = SimDevice.Offered(First, Second);
        device.Configure = options => options.Window = new MaintenanceWindow();
        Assert.IsTrue(device.RunUntil(() => device.LastRefusal == UpdateError.ClockNotSet));
        Assert.AreEqual(0, device.Count(UpdateEventKind.Activated));
    }

    [TestMethod]
    public void A_busy_application_postpones_each_block_and_the_reset_and_loses_nothing()
    {
        var device = SimDevice.Offered(First, Second);
        var consent = new AlternatingConsent(device);
        device.Break = ports => ports.Preflight.Add(new Consent(consent.MayDo));
        Assert.IsTrue(device.RunUntilConfirmed("1.1.0"));
        Assert.AreEqual(Second.Image.Length, device.Server.ImageBytesRead);
        Assert.IsGreaterThan(2, device.Count(UpdateEventKind.Delayed));
        CollectionAssert.Contains(device.Events, (UpdateEventKind.Delayed, "1.1.0", UpdateError.ApplicationBusy));
        Assert.AreEqual(0, consent.BlocksWhileBusy);
    }

    private sealed class AlternatingConsent(SimDevice device)
    {
        public int BlocksWhileBusy { get; private set; }

        private int calls, read = -1;

        // Busy every other time that it is asked.
        public bool MayDo(UpdateStep step)
        {
            if (read >= 0 && device.Server.ImageBytesRead != read) BlocksWhileBusy++;
            bool isBusy = calls++ % 2 == 0;
            read = isBusy ? device.Server.ImageBytesRead : -1;
            return !isBusy;
        }
    }

    [TestMethod]
    public void An_overloaded_server_gets_no_request_during_its_Retry_After()
    {
        var device = SimDevice.Offered(First, Second);
        device.CheckIntervalMs = 60_000;
        device.Server.RetryAfterSeconds = 7200;
        var opens = new List<long>();
        device.Server.OnOpen = (_, _) =>
        {
            opens.Add(device.Milliseconds);
            return opens.Count == 1 ? UpdateError.ServerFailed : UpdateError.None;
        };
        Assert.IsTrue(device.RunUntilConfirmed("1.1.0"));
        Assert.IsGreaterThanOrEqualTo(7_200_000, opens[1] - opens[0]);
    }

    [TestMethod]
    public void A_long_Retry_After_is_reported_with_the_seconds_until_the_next_request()
    {
        var device = SimDevice.Offered(First, Second);
        device.CheckIntervalMs = 60_000;
        device.Server.RetryAfterSeconds = 7200;
        device.Server.OnOpen = (_, _) => UpdateError.ServerFailed;
        Assert.IsTrue(device.RunUntil(() => device.LastRefusal == UpdateError.ServerFailed));
        Assert.AreEqual("asked again in 7200 s", device.LastDetail);
    }

    [TestMethod]
    public void Checks_of_a_fleet_that_was_switched_on_together_are_spread()
    {
        long FirstCheck(int number)
        {
            var device = SimDevice.Offered(First, Second);
            device.Configure = options => options.DeviceId = "lamp " + number;
            Assert.IsTrue(device.RunUntil(() => device.Server.Opens > 0));
            return device.Milliseconds;
        }

        var moments = Enumerable.Range(0, 60).Select(FirstCheck).ToList();
        Assert.IsTrue(moments.All(m => m <= 61_000), "within a sixtieth of the interval");
        for (int part = 0; part < 4; part++)
            Assert.IsInRange(5, 27, moments.Count(m => m / 15_000 == part), $"quarter {part} of the minute");
    }

    [TestMethod]
    public void A_mirror_delivers_what_the_first_server_lacks()
    {
        var device = SimDevice.Offered(First, With((10L, new object[] { "http://nowhere.example/", "http://mirror.example/l/" })));
        device.Server.Mirror = "http://mirror.example/l/";
        device.Server.OnOpen = (name, _) => name.EndsWith(".cose") ? UpdateError.None : UpdateError.Unreachable;
        device.Server.DeadHosts.Add("http://nowhere.example/");
        Assert.IsTrue(device.RunUntilConfirmed("1.1.0"));
        Assert.AreEqual(Second.Image.Length, device.Server.ImageBytesRead);
    }

    [TestMethod]
    public void A_mirror_with_right_files_replaces_a_server_with_damaged_ones()
    {
        var damaged = (byte[])Second.Image.Clone();
        damaged[3 * 4096] ^= 1;
        var device = SimDevice.Offered(First, With((10L, new object[] { "http://mirror.example/" })));
        device.Server.Mirror = "http://mirror.example/";
        device.Server.Put("1.1.0/app.bin", damaged);
        device.Server.MirrorFiles["1.1.0/app.bin"] = Second.Image;
        Assert.IsTrue(device.RunUntilConfirmed("1.1.0"));

        device = SimDevice.Offered(First, With((10L, new object[] { "http://mirror.example/" })));
        device.Server.Mirror = "http://mirror.example/";
        device.Server.Put("1.1.0/app.idx", new byte[TestImage.Index(Second.Image).Length]);
        device.Server.MirrorFiles["1.1.0/app.idx"] = TestImage.Index(Second.Image);
        Assert.IsTrue(device.RunUntilConfirmed("1.1.0"));
    }

    [TestMethod]
    public void An_offer_that_no_mirror_serves_is_dropped_with_a_reason_until_the_next_check()
    {
        var device = SimDevice.Offered(First, With((10L, new object[] { "http://mirror.example/" })));
        device.Server.DeadHosts.Add("http://mirror.example/");
        device.Server.OnOpen = (name, _) => name.EndsWith(".cose") ? UpdateError.None : UpdateError.FileNotFound;
        Assert.IsTrue(device.RunOneCheck());
        Assert.AreEqual(UpdateError.Unreachable, device.LastRefusal, "that of the last one tried");
        device.Server.OnOpen = (_, _) => UpdateError.None;
        Assert.IsTrue(device.RunUntilConfirmed("1.1.0"));
    }

    [TestMethod]
    public void An_app_that_needs_other_native_code_than_the_runtime_has_is_refused_by_name()
    {
        var needs = new object[] { new object[] { "mscorlib", 0x8C0F1A2BL }, new object[] { "System.Net", 0xFFFFFFFFL } };
        string? Detail(params (string Name, long Checksum)[] natives)
        {
            var device = SimDevice.Offered(First, With((11L, needs)));
            device.Break = ports => ports.Runtime = new Natives(natives);
            return RefusalOf(device) == UpdateError.WrongRuntime ? device.LastDetail : null;
        }

        Assert.AreEqual("mscorlib: 0x8c0f1a2b needed, not there", Detail());
        Assert.AreEqual("System.Net: 0xffffffff needed, 0x00000001 is there", Detail(("mscorlib", 0x8C0F1A2B), ("System.Net", 1)));
        var fit = SimDevice.Offered(First, With((11L, needs)));
        fit.Break = ports => ports.Runtime = new Natives(("System.Net", 0xFFFFFFFF), ("mscorlib", 0x8C0F1A2B));
        Assert.IsTrue(fit.RunUntilConfirmed("1.1.0"));
    }

    [TestMethod]
    public void Optional_fields_out_of_range_are_refused()
    {
        void Refuses(UpdateError expected, long key, object value) =>
            Assert.AreEqual(expected, RefusalOf(SimDevice.Offered(First, With((key, value)))), $"{key}: {value}");

        Refuses(UpdateError.ManifestBadValue, 7, 0L);
        Refuses(UpdateError.ManifestBadValue, 8, 0L);
        Refuses(UpdateError.ManifestBadValue, 9, 101L);
        Refuses(UpdateError.ManifestWrongType, 9, "10");
        Refuses(UpdateError.ManifestBadValue, 10, Array.Empty<object>());
        Refuses(UpdateError.ManifestBadValue, 10, Enumerable.Repeat((object)"http://a/", 5).ToArray());
        foreach (var bad in new[] { "a/", "http:///", "https://", "http://a", "ftp://a/", "http://u@a/", "http://a/?b/", "http://a b/", "//a/",
            "http://" + new string('a', 121) + "/" })
            Refuses(UpdateError.ManifestBadLocation, 10, new object[] { bad });
        Refuses(UpdateError.ManifestBadValue, 11, Array.Empty<object>());
        Refuses(UpdateError.ManifestBadValue, 11, new object[] { new object[] { "mscorlib" } });
        Refuses(UpdateError.ManifestBadValue, 11, new object[] { new object[] { "a/b", 1L } });
        Refuses(UpdateError.ManifestBadValue, 11, new object[] { new object[] { "mscorlib", 0x100000000L } });
    }
}
