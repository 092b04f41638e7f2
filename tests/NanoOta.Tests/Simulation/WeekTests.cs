using NanoOta.Tests.Support;

namespace NanoOta.Tests.Simulation;

/// <summary>The costs of a fault that lasts for a week: bytes, writes, events.</summary>
[TestClass]
public sealed class WeekTests
{
    private const long DayMs = 86_400_000;

    private static readonly SimRelease First = SimRelease.Make("1.0.0", 1, 5);
    private static readonly SimRelease Second = SimRelease.Make("1.1.0", 2, 9);

    [TestMethod]
    [DataRow(false, DisplayName = "always awake")]
    [DataRow(true, DisplayName = "asleep but for a minute in ten")]
    public void A_bad_image_on_the_server_costs_at_most_600_KB_a_day(bool sleeps)
    {
        var device = SimDevice.Offered(First, Second);
        var damaged = (byte[])Second.Image.Clone();
        damaged[6 * 4096] ^= 1;
        device.Server.Put("1.1.0/app.bin", damaged);
        if (sleeps) device.Application.Sleep = new SimSleep(60_000, 540_000);
        Assert.IsTrue(device.RunUntil(() => device.LastRefusal == UpdateError.BlockCorrupt));
        long before = device.Server.BytesRead.Values.Sum(), start = device.Milliseconds;
        int operations = device.Flash.Operations;
        Assert.IsTrue(device.RunUntil(() => device.Milliseconds - start > 7 * DayMs, 1_000_000));
        long perDay = (device.Server.BytesRead.Values.Sum() - before) / 7;
        Console.WriteLine($"{perDay} bytes a day, {device.Flash.Operations - operations} flash operations in a week");
        Assert.IsInRange(1, 600_000, perDay);
        Assert.AreEqual(operations, device.Flash.Operations, "nothing is written again");
    }

    [TestMethod]
    public void A_veto_for_a_week_writes_nothing_and_is_reported_once_per_check_interval()
    {
        var device = SimDevice.Offered(First, Second);
        device.Break = ports => ports.Preflight.Add(new Consent(step => step == UpdateStep.Download));
        Assert.IsTrue(device.RunUntil(() => device.LastRefusal == UpdateError.ApplicationBusy));
        long start = device.Milliseconds;
        int operations = device.Flash.Operations, events = device.Events.Count;
        Assert.IsTrue(device.RunUntil(() => device.Milliseconds - start > 7 * DayMs, 1_000_000));
        Assert.AreEqual(operations, device.Flash.Operations);
        Assert.IsLessThanOrEqualTo(5 * 7 * 24 + 5, device.Events.Count - events, "offer, staging, delayed, refused and idle in each hour");
    }
}
