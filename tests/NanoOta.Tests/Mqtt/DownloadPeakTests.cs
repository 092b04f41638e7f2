using NanoOta.Tests.Simulation;

namespace NanoOta.Tests.Mqtt;

/// <summary>How many devices of a fleet download at once after one announcement (SPEC.md, section 8.2), in virtual time.</summary>
[TestClass]
public sealed class DownloadPeakTests
{
    private const int Devices = 200, DownloadMs = 60_000, SpreadMs = 600_000;

    private static readonly SimRelease First = SimRelease.Make("1.0.0", 1, 5);
    private static readonly SimRelease Second = SimRelease.Make("1.1.0", 2, 7);

    [TestMethod]
    public void The_peak_of_downloads_follows_the_spread()
    {
        var (peak, mean) = Peak(SpreadMs);
        var (half, _) = Peak(2 * SpreadMs);
        Console.WriteLine($"at once {peak} with a spread of {SpreadMs / 1000} s, {mean:0} by the formula, {half} with twice that");
        Assert.IsInRange(mean, 2 * mean, peak);
        Assert.IsInRange(1.4, 2.8, (double)peak / half);
    }

    // The most at once, and n·d/s.
    private static (int Peak, double Mean) Peak(int spreadMs)
    {
        var all = Enumerable.Range(0, Devices).Select(i => Download($"lamp-{i}", spreadMs)).ToList();
        Assert.IsLessThan(spreadMs + 10_000, all.Max(download => download.Begin));
        return (all.Max(one => all.Count(other => other.Begin <= one.Begin && one.Begin < other.End)),
            Devices * all.Average(download => download.End - download.Begin) / spreadMs);
    }

    private static (long Begin, long End) Download(string id, int spreadMs)
    {
        var device = SimDevice.Offered(First, Second);
        device.Server.Remove("manifest.cose");
        device.CheckIntervalMs = int.MaxValue;
        device.Configure = options => (options.DeviceId, options.AnnounceSpreadMs) = (id, spreadMs);
        // Seven sectors of image, each in one piece, over a slow network.
        device.Server.PieceSize = 4096;
        device.Server.OnRead = count =>
        {
            if (device.Agent!.Phase == Phase.Stage) device.Pass(DownloadMs / 7);
            return count;
        };
        bool isAnnounced = false;
        device.BetweenSteps = agent =>
        {
            if (!isAnnounced && agent.Phase == Phase.Idle) agent.Announce(Second.Manifest, Second.Manifest.Length);
            return !isAnnounced && (isAnnounced = agent.Phase == Phase.Idle);
        };
        Assert.IsTrue(device.RunUntil(() => device.Count(UpdateEventKind.Staging) == 1));
        long begin = device.Milliseconds;
        Assert.IsTrue(device.RunUntil(() => device.Count(UpdateEventKind.Staged) == 1));
        return (begin, device.Milliseconds);
    }
}
