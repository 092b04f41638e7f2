using NanoOta.Tests.Support;

namespace NanoOta.Tests.Simulation;

/// <summary>What a device does between a wait and the next look for a release.</summary>
[TestClass]
public sealed class WaitingTests
{
    private const long Monday = 1_795_392_000; // 2026-11-23 00:00 UTC
    private const string Mirror = "http://mirror.example/";
    private static readonly SimRelease First = SimRelease.Make("1.0.0", 1, 5);
    private static readonly SimRelease Second = SimRelease.Make("1.1.0", 2, 7);

    [TestMethod]
    public void A_window_that_is_shorter_than_a_check_interval_is_never_slept_through()
    {
        for (int hour = 2; hour < 24; hour++)
        {
            var device = SimDevice.Offered(First, Second);
            device.StartsAt = Monday;
            int start = hour * 60 + hour;
            device.Configure = options => options.Window = new MaintenanceWindow { StartMinute = start, Minutes = 5 };
            Assert.IsTrue(device.RunUntilConfirmed("1.1.0", 200_000));
            Assert.IsLessThanOrEqualTo(Monday + (start + 6) * 60, device.UnixSeconds, $"the window at {hour}:{hour:D2}");
        }
    }

    [TestMethod]
    public void A_server_that_wants_to_be_left_alone_is_not_asked_for_the_next_release_because_a_mirror_helped_out()
    {
        var manifest = SomeManifest.For(Second.Image, "1.1.0", 2, SomeManifest.SharedKey);
        manifest.Change = map => map.Add((10L, new object[] { Mirror }));
        var device = SimDevice.Offered(First, Second with { Manifest = manifest.Sign() });
        device.CheckIntervalMs = 60_000;
        device.Server.Mirror = Mirror;
        device.Server.RetryAfterSeconds = 7200;
        device.Server.MirrorFiles["1.1.0/app.bin"] = [];
        var checks = new List<long>();
        long turnedAway = 0;
        device.Server.OnOpen = (name, _) =>
        {
            if (name.EndsWith(".cose")) checks.Add(device.Milliseconds);
            if (!name.EndsWith(".idx") || turnedAway > 0) return name.EndsWith(".bin") ? UpdateError.FileNotFound : UpdateError.None;
            turnedAway = device.Milliseconds;
            return UpdateError.ServerFailed;
        };
        Assert.IsTrue(device.RunUntil(() => checks.Count == 2));
        Assert.AreEqual(1, device.Count(UpdateEventKind.Staging), "the mirror gave the index");
        Assert.IsGreaterThanOrEqualTo(7_200_000, checks[1] - turnedAway);
    }
}
