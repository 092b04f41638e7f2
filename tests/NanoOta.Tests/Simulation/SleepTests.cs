using NanoOta.Tests.Support;

namespace NanoOta.Tests.Simulation;

/// <summary>A device that sleeps more than it wakes is updated like any other, and sends no more requests.</summary>
[TestClass]
public sealed class SleepTests
{
    private const long Monday = 1_795_392_000; // 2026-11-23 00:00 UTC
    private const int Minute = 60_000, Hour = 3_600_000;

    private static readonly SimRelease First = SimRelease.Make("1.0.0", 1, 5);
    private static readonly SimRelease Second = SimRelease.Make("1.1.0", 2, 7);

    private readonly List<long> checks = [];

    [TestMethod]
    [DataRow(10 * Minute, 1000)]
    [DataRow(10 * Minute, 30_000)]
    [DataRow(7 * Minute, 5000)]
    [DataRow(Minute / 2, 200)]
    public void Checks_come_as_often_as_without_sleeps(int asleepMs, int awakeMs)
    {
        var device = Watched(SimDevice.Offered(First, First));
        var sleeper = new Sleeper(device);
        while (device.Milliseconds < 200L * Hour) sleeper.Doze(asleepMs, awakeMs);
        Assert.IsLessThan(2 * (asleepMs + awakeMs) + Minute, checks[0], "the first is not lost to the time in which a fleet spreads");
        var rests = checks.Skip(1).Zip(checks, (after, before) => after - before).ToList();
        Assert.IsInRange(130, 270, rests.Count);
        int grain = asleepMs + awakeMs + Minute / 6;
        Assert.IsTrue(rests.All(rest => rest >= Hour / 4 * 3 && rest <= Hour / 4 * 5 + grain), string.Join(' ', rests));
        Assert.IsTrue(rests.Any(rest => rest < Hour) && rests.Any(rest => rest > Hour), "drawn by lot");
    }

    [TestMethod]
    public void A_running_update_continues_at_once_after_the_wake()
    {
        var device = Watched(SimDevice.Offered(First, Second));
        var sleeper = new Sleeper(device);
        Assert.IsTrue(device.RunUntil(() => device.Count(UpdateEventKind.Progress) == 3));
        Assert.IsFalse(device.Agent!.IsResting);
        sleeper.Nap(10 * Minute);
        long woke = sleeper.WokeAt;
        Assert.IsTrue(device.RunUntilConfirmed("1.1.0"));
        Assert.IsLessThan(1000, checks[1] - woke);
        Assert.IsLessThanOrEqualTo(Second.Image.Length + BlockIndex.BlockSize, device.Server.ImageBytesRead);
    }

    [TestMethod]
    public void Retry_After_holds_over_every_sleep()
    {
        var device = Watched(SimDevice.Offered(First, First), UpdateError.ServerFailed);
        device.CheckIntervalMs = Minute;
        device.Server.RetryAfterSeconds = 7200;
        var sleeper = new Sleeper(device);
        while (device.Milliseconds < 20L * Hour) sleeper.Doze(10 * Minute, 1000);
        Assert.IsInRange(8, 10, checks.Count);
        Assert.IsTrue(checks.Skip(1).Zip(checks, (after, before) => after - before).All(rest => rest >= 2 * Hour));
    }

    [TestMethod]
    public void Retry_After_in_the_middle_of_an_update_survives_a_sleep_too()
    {
        const string mirror = "http://mirror.example/";
        var manifest = TestManifest.For(Second.Image, "1.1.0", 2, TestManifest.SharedKey);
        manifest.Change = map => map.Add((10L, new object[] { mirror }));
        var device = SimDevice.Offered(First, Second with { Manifest = manifest.Sign() });
        device.Server.Mirror = mirror;
        device.Server.RetryAfterSeconds = 7200;
        device.Server.OnOpen = (name, _) => name.EndsWith(".cose") ? RecordCheck(device, UpdateError.None) : UpdateError.ServerFailed;
        var sleeper = new Sleeper(device);
        Assert.IsTrue(device.RunUntil(() => device.Count(UpdateEventKind.Progress) == 3));
        sleeper.Nap(10 * Minute);
        Assert.IsTrue(device.RunUntil(() => checks.Count == 2));
        Assert.IsGreaterThanOrEqualTo(2 * Hour, checks[1] - checks[0]);
    }

    [TestMethod]
    public void A_release_that_waits_for_its_window_meets_it_without_a_check_in_each_wake()
    {
        var device = Watched(SimDevice.Offered(First, Second));
        device.StartsAt = Monday;
        device.CheckIntervalMs = 2 * Hour;
        device.Configure = options => options.Window = new MaintenanceWindow { StartMinute = 16 * 60 + 7, Minutes = 30 };
        var sleeper = new Sleeper(device);
        while (device.Count(UpdateEventKind.Activated) == 0 && device.Milliseconds < 24L * Hour) sleeper.Doze(10 * Minute, 20_000);
        Assert.IsInRange(Monday + (16 * 60 + 7) * 60, Monday + (16 * 60 + 37) * 60, device.UnixSeconds);
        Assert.IsInRange(6, 12, checks.Count);
    }

    [TestMethod]
    public void A_window_that_opened_since_the_last_check_is_used_before_the_next_sleep()
    {
        var device = Watched(SimDevice.Offered(First, Second));
        device.StartsAt = Monday;
        device.CheckIntervalMs = 2 * Hour;
        device.Configure = options => options.Window = new MaintenanceWindow { StartMinute = 60, Minutes = 10 };
        var sleeper = new Sleeper(device);
        Assert.IsTrue(device.RunUntil(() => device.Count(UpdateEventKind.Delayed) == 1));
        device.Pass((int)((Monday + 3600 - device.UnixSeconds) * 1000));
        sleeper.Nap(1000);
        Assert.IsTrue(device.RunUntil(() => device.Count(UpdateEventKind.Activated) == 1));
        Assert.IsInRange(Monday + 3600, Monday + 3660, device.UnixSeconds);
    }

    [TestMethod]
    public void The_awake_times_of_a_trial_add_up()
    {
        var device = OnTrial(Behaviour.Good, options => options.ShortestTrialMs = 30_000);
        var sleeper = new Sleeper(device);
        Assert.IsTrue(device.RunUntil(() => device.State == BootState.Trial));
        for (int wake = 1; wake <= 3; wake++) sleeper.Doze(10 * Minute, 9_000);
        Assert.AreEqual(BootState.Trial, device.State);
        Assert.IsTrue(device.RunUntilConfirmed("1.1.0"));
        Assert.IsInRange(2_000, 5_000, sleeper.AwakeMs, "27 seconds and these");
    }

    [TestMethod]
    public void A_trial_that_sleeps_has_no_more_time_for_its_health_than_another()
    {
        var device = OnTrial(Behaviour.Silent, options => options.HealthDeadlineMs = 30_000);
        var sleeper = new Sleeper(device);
        Assert.IsTrue(device.RunUntil(() => device.State == BootState.Trial));
        for (int wake = 1; wake <= 3; wake++) sleeper.Doze(10 * Minute, 9_000);
        Assert.AreEqual(0, device.Count(UpdateEventKind.Rejected));
        Assert.IsTrue(device.RunUntil(() => device.Count(UpdateEventKind.Rejected) == 1));
        Assert.IsInRange(2_000, 5_000, sleeper.AwakeMs);
    }

    [TestMethod]
    [DataRow(true)]
    [DataRow(false)]
    public void Probes_that_were_good_before_a_planned_sleep_count_after_it_and_only_then(bool isPlanned)
    {
        var device = OnTrial(Behaviour.Good, _ => { });
        int wakes = 0;
        device.Break = ports =>
        {
            wakes++;
            var score = new HealthScore();
            for (int i = 0; i < 3; i++) score.Add($"p{i}", new SingleWakeProbe(i + 2 == wakes), 1, true);
            ports.Health = score;
        };
        var sleeper = new Sleeper(device);
        for (int wake = 2; wake <= 3; wake++)
        {
            Assert.IsTrue(device.RunUntil(() => wakes == wake && device.Agent?.Phase == Phase.Trial && sleeper.AwakeMs > 5_000));
            Assert.IsTrue(sleeper.Sleep(Minute));
            if (!isPlanned) sleeper.Next = 0;
        }

        Assert.IsTrue(device.RunUntil(() => device.Count(UpdateEventKind.Health) == 1));
        Assert.AreEqual(isPlanned ? UpdateError.None : UpdateError.HealthCheckTimedOut, device.Events[^1].Code);
    }

    [TestMethod]
    [DataRow(Phase.Confirm)]
    [DataRow(Phase.Reject)]
    [DataRow(Phase.Reboot)]
    public void An_agent_about_to_decide_does_not_sleep(object phase)
    {
        var behaviour = (Phase)phase == Phase.Reject ? Behaviour.Unhealthy : Behaviour.Good;
        var device = SimDevice.Offered(First, Second with { Behaviour = behaviour });
        var sleeper = new Sleeper(device);
        Assert.IsTrue(device.RunUntil(() => device.Agent?.Phase == (Phase)phase));
        Assert.IsFalse(sleeper.Sleep(1000));
        Assert.AreEqual(0, sleeper.Asked);
    }

    [TestMethod]
    public void In_every_other_phase_a_sleep_costs_nothing_but_time()
    {
        foreach (var phase in Enum.GetValues<Phase>().Where(p => p is not (Phase.Confirm or Phase.Reject or Phase.Reboot)))
        {
            var device = SimDevice.Offered(First, Second);
            var sleeper = new Sleeper(device);
            Assert.IsTrue(device.RunUntil(() => device.Agent?.Phase == phase), $"{phase}");
            sleeper.Nap(Minute);
            Assert.IsTrue(device.RunUntilConfirmed("1.1.0"), $"{phase}");
            Assert.AreEqual(0, device.Count(UpdateEventKind.Reverted), $"{phase}");
        }
    }

    [TestMethod]
    public void A_refused_or_empty_sleep_leaves_the_agent_unchanged()
    {
        var device = SimDevice.Offered(First, Second);
        var sleeper = new Sleeper(device) { Refuses = true };
        Assert.IsTrue(device.RunUntil(() => device.Count(UpdateEventKind.Progress) == 3));
        Assert.IsFalse(sleeper.Sleep(Minute));
        Assert.IsFalse(sleeper.Sleep(-1));
        Assert.AreEqual(1, sleeper.Asked);
        Assert.IsTrue(device.RunUntilConfirmed("1.1.0"));
        Assert.AreEqual(Second.Image.Length, device.Server.ImageBytesRead);
    }

    [TestMethod]
    public void An_unrelated_sleep_state_means_an_ordinary_start()
    {
        var device = Watched(SimDevice.Offered(First, First));
        _ = new Sleeper(device) { Next = SleepState.OfTrial(Hour, 255) };
        Assert.IsTrue(device.RunUntil(() => checks.Count == 1));
        Assert.IsLessThan(Minute + 1000, checks[0]);

        device = OnTrial(Behaviour.Good, options => options.ShortestTrialMs = 20_000);
        var sleeper = new Sleeper(device);
        Assert.IsTrue(device.RunUntil(() => device.Agent?.Phase == Phase.Reboot));
        sleeper.Next = SleepState.OfRest(100L * Hour, 0);
        Assert.IsTrue(device.RunUntilConfirmed("1.1.0"));
        Assert.IsGreaterThanOrEqualTo(20_000, sleeper.AwakeMs);
    }

    [TestMethod]
    [DataRow(5 * Minute, 1000, 106)]
    [DataRow(Minute / 6, 300, 160)]
    public void A_sleeping_device_writes_refusals_to_its_journal_about_once_an_hour(int asleepMs, int awakeMs, int most)
    {
        var device = SimDevice.Offered(First, First);
        device.CheckIntervalMs = 10 * Minute;
        device.Server.OnOpen = (_, _) => RecordCheck(device, checks.Count % 2 == 0 ? UpdateError.Redirected : UpdateError.FileNotFound);
        var sleeper = new Sleeper(device);
        while (device.Milliseconds < 100L * Hour) sleeper.Doze(asleepMs, awakeMs);
        int journal = (SimDevice.Map.Records + FlashLayout.Journal) / 4096;
        int writes = device.Flash.ProgramCounts[journal] + device.Flash.ProgramCounts[journal + 1];
        Assert.IsGreaterThan(400, checks.Count);
        Assert.IsInRange(40, most, writes);
    }

    private UpdateError RecordCheck(SimDevice device, UpdateError answer)
    {
        checks.Add(device.Milliseconds);
        return answer;
    }

    private SimDevice Watched(SimDevice device, UpdateError answer = UpdateError.None)
    {
        checks.Clear();
        device.Server.OnOpen = (name, _) => name.EndsWith(".cose") ? RecordCheck(device, answer) : UpdateError.None;
        return device;
    }

    private static SimDevice OnTrial(Behaviour behaviour, Action<UpdateOptions> configure)
    {
        var device = SimDevice.Offered(First, Second with { Behaviour = behaviour });
        device.Configure = configure;
        return device;
    }
}
