namespace NanoOta.Tests.Simulation;

/// <summary>Updates over a metered link: so many bytes a day.</summary>
[TestClass]
public sealed class ByteLimitTests
{
    private const int Limit = 10_000;
    private const long DayMs = 86_400_000;

    private static readonly SimRelease First = SimRelease.Make("1.0.0", 1, 5);
    private static readonly SimRelease Second = SimRelease.Make("1.1.0", 2, 9);

    [TestMethod]
    public void An_update_larger_than_the_limit_takes_as_many_days_as_it_needs()
    {
        var device = SimDevice.Offered(First, Second);
        device.Configure = options => options.MaxBytesPerDay = Limit;
        var days = new Dictionary<long, int>();
        device.Server.OnRead = count =>
        {
            days[device.Milliseconds / DayMs] = days.GetValueOrDefault(device.Milliseconds / DayMs) + count;
            return count;
        };
        Assert.IsTrue(device.RunUntil(() => device.Count(UpdateEventKind.Activated) == 1, 2_000_000));
        Assert.IsGreaterThanOrEqualTo(Second.Image.Length / (Limit + BlockIndex.BlockSize), days.Count);
        foreach (var (day, bytes) in days) Assert.IsLessThanOrEqualTo(Limit + BlockIndex.BlockSize, bytes, $"day {day}");
        Assert.Contains((UpdateEventKind.Delayed, "1.1.0", UpdateError.ByteLimitReached), device.Events);
    }

    [TestMethod]
    public void The_event_states_when_the_update_continues()
    {
        var device = SimDevice.Offered(First, Second);
        device.Configure = options => options.MaxBytesPerDay = Limit;
        Assert.IsTrue(device.RunUntil(() => device.Events.Exists(e => e.Code == UpdateError.ByteLimitReached)));
        StringAssert.Matches(device.LastDetail, new System.Text.RegularExpressions.Regex(@"^continues in 8[56]\d{3} s$"));
    }

    [TestMethod]
    [DataRow(3_000, 600_000)]
    [DataRow(40_000, 1_200_000)]
    public void A_device_that_sleeps_keeps_to_the_limit_on_average_and_is_updated(int awakeMs, int asleepMs)
    {
        var device = SimDevice.Offered(First, Second);
        device.Configure = options => options.MaxBytesPerDay = Limit;
        long fetched = 0;
        device.Server.OnRead = count =>
        {
            fetched += count;
            return count;
        };
        var sleeper = new Sleeper(device);
        while (device.Count(UpdateEventKind.Activated) == 0)
        {
            sleeper.Doze(asleepMs, awakeMs);
            long most = Limit + BlockIndex.BlockSize + device.Milliseconds * Limit / DayMs;
            Assert.IsLessThanOrEqualTo(most, fetched, $"after {device.Milliseconds / 3_600_000} hours");
            Assert.IsLessThan(30 * DayMs, device.Milliseconds, "it comes to no end");
        }
    }

    [TestMethod]
    public void Without_a_limit_nothing_waits()
    {
        var device = SimDevice.Offered(First, Second);
        Assert.IsTrue(device.RunUntilConfirmed("1.1.0"));
        Assert.AreEqual(0, device.Count(UpdateEventKind.Delayed));
    }
}
