using NanoOta.VirtualDevice;

namespace NanoOta.Tests.Simulation;

/// <summary>Firmware that sleeps deeply most of the time: a planned sleep is neither a failure nor a power blip.</summary>
[TestClass]
public sealed class SleeperTests
{
    private const int Minute = 60_000;

    private static readonly SimRelease First = SimRelease.Make("1.0.0", 1, 5);
    private static readonly SimRelease Second = SimRelease.Make("1.1.0", 2, 7);

    [TestMethod]
    public void A_sleeping_device_finishes_an_update_over_many_wakes_without_a_blip()
    {
        var device = Sleeper(new SimSleep(AwakeMs: 10_000, AsleepMs: Minute));
        device.Server.PieceSize = 50;
        int most = 0;
        device.OnStep = (_, _) => most = device.State == BootState.Trial ? Math.Max(most, device.Record.PowerBlips) : most;
        Assert.IsTrue(device.RunUntilConfirmed("1.1.0"));
        Assert.AreEqual(0, most);
        Assert.AreEqual(0, device.Count(UpdateEventKind.Reverted));
        Assert.IsGreaterThan(0, device.Application.Sleeps);
    }

    [TestMethod]
    [DataRow(true, 0)]
    [DataRow(false, 1)]
    public void An_announced_sleep_in_a_trial_is_no_blip_and_an_unannounced_one_is(bool isAnnounced, int blips)
    {
        var device = SimDevice.Offered(First, Second);
        Assert.IsTrue(device.RunUntil(() => device.Count(UpdateEventKind.Trial) == 1));
        device.Application.Sleep = new SimSleep(0, Minute, isAnnounced);
        Assert.IsTrue(device.RunUntil(() => device.Application.Sleeps == 1));
        device.Application.Sleep = null;
        Assert.IsTrue(device.RunUntil(() => device.Running != null));
        Assert.AreEqual((BootState.Trial, blips), (device.State, device.Record.PowerBlips));
        Assert.IsTrue(device.RunUntilConfirmed("1.1.0"));
    }

    [TestMethod]
    public void A_trial_that_sleeps_endlessly_is_ended_by_the_watchdog()
    {
        var device = SimDevice.Offered(First, Second);
        Assert.IsTrue(device.RunUntil(() => device.Count(UpdateEventKind.Activated) == 1));
        device.Application.Sleep = new SimSleep(0, Minute);
        bool isBack = device.RunUntil(() => device.RunningVersion == "1.0.0" && device.Application.Sleeps > 0);
        Assert.IsTrue(isBack, "it sleeps for ever");
        Assert.AreEqual(UpdateError.TrialWatchdog, device.Record.Reason);
        Assert.IsInRange(30, 60, device.Application.Sleeps, "a minute of trial, a second for each boot at least");
    }

    [TestMethod]
    public void A_power_failure_during_a_sleep_is_a_blip()
    {
        var device = SimDevice.Offered(First, Second);
        Assert.IsTrue(device.RunUntil(() => device.Count(UpdateEventKind.Trial) == 1));
        device.Application.Sleep = new SimSleep(0, Minute, EndedBy: ResetReason.PowerOn);
        Assert.IsTrue(device.RunUntil(() => device.Application.Sleeps == 1));
        device.Application.Sleep = null;
        Assert.IsTrue(device.RunUntil(() => device.Running != null));
        Assert.AreEqual((BootState.Trial, 1), (device.State, device.Record.PowerBlips));
    }

    [TestMethod]
    public void The_reason_of_a_wait_is_in_the_journal_and_written_once_an_hour_at_most()
    {
        var device = Sleeper(new SimSleep(AwakeMs: 5000, AsleepMs: 7 * Minute));
        device.Break = ports => ports.Preflight.Add(new Consent(_ => false));
        Assert.IsTrue(device.RunUntil(() => device.Milliseconds > 20L * 60 * Minute));
        Assert.AreEqual(0, device.Count(UpdateEventKind.Refused), "it sleeps before a check interval of waiting is over");
        Assert.AreEqual(UpdateError.ApplicationBusy, FaultSafetyChecks.ReadJournal(device));
        int journal = (SimDevice.Map.Records + FlashLayout.Journal) / 4096;
        Assert.IsInRange(1, 21, device.Flash.ProgramCounts[journal] + device.Flash.ProgramCounts[journal + 1]);
    }

    private static SimDevice Sleeper(SimSleep sleep)
    {
        var device = SimDevice.Offered(First, Second);
        device.Application.Sleep = sleep;
        return device;
    }
}
