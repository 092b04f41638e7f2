using NanoOta.Tests.Support;

namespace NanoOta.Tests.Simulation;

/// <summary>A device that has to wait does not miss its time, and does not send requests too often.</summary>
[TestClass]
public sealed class WaitingTests
{
    private const long Monday = 1_795_392_000; // 2026-11-23 00:00 UTC
    private static readonly SimRelease First = SimRelease.Make("1.0.0", 1, 5);
    private static readonly SimRelease Second = SimRelease.Make("1.1.0", 2, 7);

    [TestMethod]
    [DataRow(130)]
    [DataRow(150)]
    [DataRow(200)]
    [DataRow(300)]
    public void A_window_shorter_than_the_check_interval_is_not_missed(int start)
    {
        var device = SimDevice.Offered(First, Second);
        device.StartsAt = Monday;
        device.CheckIntervalMs = 7_200_000;
        device.Configure = options => options.Window = new MaintenanceWindow { StartMinute = start, Minutes = 45 };
        Assert.IsTrue(device.RunUntil(() => device.Count(UpdateEventKind.Activated) == 1, 60_000));
        Assert.IsInRange(Monday + start * 60, Monday + (start + 45) * 60, device.UnixSeconds);
    }

    [TestMethod]
    public void A_waiting_release_is_checked_once_per_interval_and_nothing_is_written()
    {
        var device = SimDevice.Offered(First, Second);
        device.StartsAt = Monday;
        device.Configure = options => options.Window = new MaintenanceWindow { StartMinute = 23 * 60 };
        Assert.IsTrue(device.RunUntil(() => device.Count(UpdateEventKind.Delayed) == 1));
        int offers = device.Count(UpdateEventKind.Offer);
        Assert.IsTrue(device.RunUntil(() => device.LastRefusal == UpdateError.OutsideWindow));
        int operations = device.Flash.Operations;
        Assert.IsTrue(device.RunUntil(() => device.UnixSeconds > Monday + 12 * 3600, 60_000));
        Assert.IsInRange(10, 13, device.Count(UpdateEventKind.Offer) - offers);
        Assert.IsLessThanOrEqualTo(14, device.Count(UpdateEventKind.Delayed), "reported once for each wait");
        Assert.AreEqual(operations, device.Flash.Operations);

        device.Server.OnOpen = (_, _) => UpdateError.FileNotFound;
        Assert.IsTrue(device.RunUntil(() => device.LastRefusal == UpdateError.FileNotFound));
        int refusals = device.Count(UpdateEventKind.Refused);
        long end = device.Milliseconds + 10 * 3_600_000L;
        Assert.IsTrue(device.RunUntil(() => device.Milliseconds > end));
        Assert.IsLessThanOrEqualTo(14, device.Count(UpdateEventKind.Refused) - refusals, "after other refusals it rests");
    }

    [TestMethod]
    public void The_longest_check_interval_does_not_overflow()
    {
        for (int number = 0; number < 8; number++)
        {
            var device = SimDevice.Offered(First, First);
            device.CheckIntervalMs = int.MaxValue;
            device.Configure = options => options.DeviceId = $"lamp {number}";
            long last = -1;
            var checks = new List<long>();
            device.Server.OnOpen = (_, _) =>
            {
                checks.Add(device.Milliseconds);
                return UpdateError.None;
            };
            device.OnStep = (_, _) =>
            {
                Assert.IsGreaterThan(last, device.Milliseconds, "time goes on");
                last = device.Milliseconds;
            };
            Assert.IsTrue(device.RunUntil(() => checks.Count == 3));
            foreach (long rest in new[] { checks[1] - checks[0], checks[2] - checks[1] })
                Assert.IsInRange(3L * (int.MaxValue / 4), 5L * (int.MaxValue / 4) + 86_400_000, rest);
        }
    }

    [TestMethod]
    public void Checks_are_drawn_between_three_and_five_quarters_of_the_interval()
    {
        var device = SimDevice.Offered(First, First);
        var checks = new List<long>();
        device.Server.OnOpen = (_, _) =>
        {
            checks.Add(device.Milliseconds);
            return UpdateError.None;
        };
        Assert.IsTrue(device.RunUntil(() => checks.Count == 41));
        var rests = checks.Skip(1).Zip(checks, (after, before) => after - before).ToList();
        Assert.IsTrue(rests.All(rest => rest is >= 2_700_000 and < 4_501_000));
        Assert.IsTrue(rests.Any(rest => rest < 3_300_000) && rests.Any(rest => rest > 3_900_000));
    }

    [TestMethod]
    public void A_device_whose_clock_is_set_back_into_its_window_or_out_of_it_follows_the_clock()
    {
        var device = SimDevice.Offered(First, Second);
        device.StartsAt = Monday + 12 * 3600;
        device.Configure = options => options.Window = new MaintenanceWindow { StartMinute = 0 };
        Assert.IsTrue(device.RunUntil(() => device.Count(UpdateEventKind.Delayed) == 1));
        device.StartsAt = 0;
        Assert.IsTrue(device.RunUntil(() => device.Events[^1] == (UpdateEventKind.Delayed, "1.1.0", UpdateError.ClockNotSet)));
        device.StartsAt = Monday - 12 * 3600;
        long before = device.Milliseconds;
        Assert.IsTrue(device.RunUntil(() => device.Events[^1] == (UpdateEventKind.Delayed, "1.1.0", UpdateError.OutsideWindow)));
        device.StartsAt = Monday - 86_400;
        Assert.IsTrue(device.RunUntil(() => device.Count(UpdateEventKind.Activated) == 1));
        Assert.IsLessThan(5_000, device.Milliseconds - before, "no wait is measured with the time of day");
    }

    [TestMethod]
    public void Retry_After_of_a_mirror_does_not_delay_requests_to_the_server()
    {
        var checks = ChecksWithoutIndex(UpdateError.FileNotFound, UpdateError.ServerFailed);
        Assert.IsLessThan(90_000, checks[1] - checks[0]);
    }

    [TestMethod]
    public void Retry_After_of_a_server_holds_although_a_mirror_was_tried_after_it()
    {
        var checks = ChecksWithoutIndex(UpdateError.ServerFailed, UpdateError.FileNotFound);
        Assert.IsGreaterThanOrEqualTo(7_200_000, checks[1] - checks[0]);
    }

    [TestMethod]
    public void Retry_After_of_a_server_holds_although_a_mirror_delivered()
    {
        var damaged = (byte[])Second.Image.Clone();
        damaged[3 * 4096] ^= 1;
        var checks = Checks(ServerFailed, device => device.Server.MirrorFiles["1.1.0/app.bin"] = damaged);
        Assert.IsGreaterThanOrEqualTo(7_190_000, checks[1] - checks[0], "blocks arrived, and the release was given up nevertheless");

        static UpdateError ServerFailed(string name) => name.EndsWith(".cose") ? UpdateError.None : UpdateError.ServerFailed;
    }

    private static List<long> ChecksWithoutIndex(UpdateError ofServer, UpdateError ofMirror) =>
        Checks(
            name => name.EndsWith(".cose") ? UpdateError.None : ofServer,
            device => device.Break = ports => ports.Source = new Mirrored(device.Server, ofMirror));

    // Moments of the first two checks for a release, one of which has one mirror.
    private static List<long> Checks(Func<string, UpdateError> answer, Action<SimDevice> change)
    {
        var manifest = TestManifest.For(Second.Image, "1.1.0", 2, TestManifest.SharedKey);
        manifest.Change = map => map.Add((10L, new object[] { Mirrored.Address }));
        var device = SimDevice.Offered(First, Second with { Manifest = manifest.Sign() });
        device.CheckIntervalMs = 60_000;
        device.Server.RetryAfterSeconds = 7200;
        device.Server.Mirror = Mirrored.Address;
        var checks = new List<long>();
        device.Server.OnOpen = (name, _) =>
        {
            if (name.EndsWith(".cose")) checks.Add(device.Milliseconds);
            return answer(name);
        };
        change(device);
        Assert.IsTrue(device.RunUntil(() => checks.Count == 2));
        return checks;
    }

    /// <summary>A mirror that has nothing.</summary>
    private sealed class Mirrored(SimServer server, UpdateError error) : IReleaseSource
    {
        public const string Address = "http://mirror.example/";

        public int Position => server.Position;

        public int RetryAfterSeconds => server.RetryAfterSeconds;

        public bool CanOpen(string address) => server.CanOpen(address);

        public UpdateError Open(string address, int offset, int length) =>
            address.StartsWith(Address) ? error : server.Open(address, offset, length);

        public int Read(byte[] buffer, int start, int count) => server.Read(buffer, start, count);

        public void Close() => server.Close();
    }
}
