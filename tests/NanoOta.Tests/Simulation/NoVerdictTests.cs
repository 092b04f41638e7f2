namespace NanoOta.Tests.Simulation;

/// <summary>A boot record that cannot store a verdict ends a trial without a loop, and without blame for a good release.</summary>
[TestClass]
public sealed class NoVerdictTests
{
    private static readonly SimRelease First = SimRelease.Make("1.0.0", 1, 5);
    private static readonly SimRelease Second = SimRelease.Make("1.1.0", 2, 7);

    [TestMethod]
    public void A_confirmation_that_flash_refuses_is_abandoned_without_blame()
    {
        var (device, boot) = Offered(Second);
        Assert.IsTrue(device.RunUntil(() => device.Count(UpdateEventKind.Reverted) == 1));
        Assert.AreEqual(5, boot().Confirm);
        Assert.IsInRange(1, 10, boot().Reject);
        Assert.AreEqual(2, device.Boots - 1, "the trial, and the reset by its watchdog");
        Assert.Contains((UpdateEventKind.Error, "1.1.0", UpdateError.BootRecordFailed), device.Events);
        Assert.AreEqual(UpdateError.BootRecordFailed, device.Events.Find(e => e.Kind == UpdateEventKind.Reverted).Code);

        device.Break = _ => { };
        Assert.IsTrue(device.RunUntilConfirmed("1.1.0"), "it is tried again");
    }

    [TestMethod]
    public void A_release_that_was_excused_once_is_blamed_for_later_crashes()
    {
        var (device, _) = Offered(Second);
        Assert.IsTrue(device.RunUntil(() => device.Count(UpdateEventKind.Reverted) == 1));
        device.Break = _ => { };
        Assert.IsTrue(device.RunUntil(() => device.Count(UpdateEventKind.Trial) == 2));
        device.PowerCycle(ResetReason.Wdt);
        Assert.IsTrue(device.RunUntil(() => device.Count(UpdateEventKind.Reverted) == 2));
        Assert.AreEqual(UpdateError.TrialWatchdog, device.Events.FindLast(e => e.Kind == UpdateEventKind.Reverted).Code);
        Assert.IsTrue(device.RunOneCheck());
        Assert.AreEqual(UpdateError.Quarantined, device.LastRefusal);
    }

    [TestMethod]
    public void A_rejection_that_flash_refuses_causes_no_reset_and_no_busy_loop()
    {
        var (device, boot) = Offered(Second with { Behaviour = Behaviour.Unhealthy });
        Assert.IsTrue(device.RunUntil(() => boot().Reject == 1));
        long first = device.Milliseconds;
        int boots = device.Boots, steps = 0;
        device.OnStep = (_, _) => steps++;
        Assert.IsTrue(device.RunUntil(() => device.Boots > boots));
        Assert.AreEqual(ResetReason.Wdt, device.LastShutdown, "the trial watchdog decides, not the agent");
        Assert.IsLessThanOrEqualTo(10, steps);
        Assert.IsGreaterThan(first, device.Milliseconds);
        Assert.AreEqual(0, device.Count(UpdateEventKind.Rejected));
        Assert.Contains((UpdateEventKind.Error, "1.1.0", UpdateError.BootRecordFailed), device.Events);
        Assert.IsTrue(device.RunUntil(() => device.LastRefusal == UpdateError.Quarantined), "its health was bad: it is quarantined");
    }

    private static (SimDevice Device, Func<(int Confirm, int Reject)> Asked) Offered(SimRelease release)
    {
        var device = SimDevice.Offered(First, release);
        var boots = new List<NoVerdict>();
        device.Break = ports =>
        {
            var boot = new NoVerdict(ports.Boot);
            boots.Add(boot);
            ports.Boot = boot;
        };
        return (device, () => (boots.Sum(b => b.Asked.Confirm), boots.Sum(b => b.Asked.Reject)));
    }
}
