using NanoOta.VirtualDevice;

namespace NanoOta.Tests.Simulation;

/// <summary>Flash that has lost a bit of an image: in the slot that runs, in the one before, or in both.</summary>
[TestClass]
public sealed class DamageTests
{
    private static readonly SimRelease First = SimRelease.Make("1.0.0", 1, 5);
    private static readonly SimRelease Second = SimRelease.Make("1.1.0", 2, 7);
    private static readonly SimRelease Third = SimRelease.Make("1.2.0", 3, 4);

    [TestMethod]
    public void A_confirmed_image_with_a_flipped_bit_is_rolled_back_and_reinstalled()
    {
        var device = Updated();
        device.Damage(1, Second);
        Assert.IsTrue(device.RunUntil(() => device.Count(UpdateEventKind.Reverted) == 1));
        Assert.AreEqual(("1.0.0", false), (device.RunningVersion, device.IsSafeMode));
        Assert.Contains((UpdateEventKind.Reverted, "1.1.0", UpdateError.SlotNotBootable), device.Events);
        Assert.IsTrue(device.RunUntilConfirmed("1.1.0"), "nothing is held against it");
    }

    [TestMethod]
    public void With_both_images_damaged_the_device_keeps_resetting_and_wears_no_flash()
    {
        var device = Updated();
        device.Damage(0, First);
        device.Damage(1, Second);
        var before = device.Flash.Snapshot();
        int boots = device.Boots;
        device.RunUntil(() => device.Boots == boots + 50);
        Assert.AreEqual(boots + 50, device.Boots);
        CollectionAssert.AreEqual(before, device.Flash.Snapshot());
    }

    [TestMethod]
    [DataRow(Behaviour.Unhealthy, UpdateError.HealthCheckFailed)]
    [DataRow(Behaviour.Silent, UpdateError.HealthCheckTimedOut)]
    [DataRow(Behaviour.Restarts, UpdateError.TrialReset)]
    public void An_ended_trial_stays_in_safe_mode_when_the_previous_firmware_is_damaged(object behaviour, object error)
    {
        var device = SimDevice.Offered(First, Second with { Behaviour = (Behaviour)behaviour });
        Assert.IsTrue(device.RunUntil(() => device.Running?.Version == "1.1.0"));
        device.Damage(0, First);
        Assert.IsTrue(device.RunUntil(() => device.Count(UpdateEventKind.Reverted) == 1));
        Assert.Contains((UpdateEventKind.Reverted, "1.1.0", (UpdateError)error), device.Events, "the release that failed, and why");
        Assert.IsTrue(device.RunOneCheck());
        Assert.AreEqual(("1.1.0", true), (device.RunningVersion, device.IsSafeMode));
        device.PowerCycle();
        Assert.IsTrue(device.RunOneCheck());
        Assert.AreEqual((0, true), (device.Count(UpdateEventKind.Confirmed), device.IsSafeMode), "never taken for proven");
        device.Publish(Third);
        Assert.IsTrue(device.RunUntilConfirmed("1.2.0"));
        Assert.IsFalse(device.IsSafeMode);
    }

    [TestMethod]
    public void A_trial_that_sleeps_without_an_end_is_rolled_back()
    {
        var device = SimDevice.Offered(First, Second with { Behaviour = Behaviour.Silent });
        device.Application.Sleep = new SimSleep(5000, 0);
        Assert.IsTrue(device.RunUntil(() => device.Running?.Version == "1.1.0"));
        long began = device.Milliseconds;
        Assert.IsTrue(device.RunUntil(() => device.Count(UpdateEventKind.Reverted) == 1));
        Assert.IsLessThan(2L * SimDevice.TrialWatchdogMs * SimDevice.TrialWatchdogMs / 5000, device.Milliseconds - began);
        Assert.AreEqual("1.0.0", device.RunningVersion);
    }

    private static SimDevice Updated()
    {
        var device = SimDevice.Offered(First, Second);
        Assert.IsTrue(device.RunUntilConfirmed("1.1.0"));
        return device;
    }
}
