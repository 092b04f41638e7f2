using NanoOta.VirtualDevice;

namespace NanoOta.Tests.Simulation;

/// <summary>A device is downgraded only by cable, or by a revert: not by one wrong bit.</summary>
[TestClass]
public sealed class DowngradeTests
{
    private static readonly SimRelease First = SimRelease.Make("1.0.0", 1, 5);
    private static readonly SimRelease Older = SimRelease.Make("1.1.0", 2, 6);
    private static readonly SimRelease Third = SimRelease.Make("1.2.0", 3, 7);
    private static readonly SimRelease Fourth = SimRelease.Make("1.3.0", 4, 4);

    [TestMethod]
    [DataRow(1)]
    [DataRow(2)]
    public void A_hash_of_the_running_image_that_fails_is_computed_again(int failures)
    {
        var device = Updated();
        int left = failures;
        device.Break = ports => ports.Crypto = new FaultyHash(ports.Crypto, () => device.Agent?.Phase == Phase.Settle && left-- > 0);
        device.Publish(Older);
        device.PowerCycle();
        Assert.IsTrue(device.RunOneCheck());
        Assert.AreEqual(UpdateError.NotNewer, device.LastRefusal);
        Assert.AreEqual("1.2.0", device.Agent!.RunningVersion);
    }

    [TestMethod]
    public void With_an_image_that_cannot_be_hashed_older_releases_are_refused()
    {
        var device = Updated();
        device.Break = ports => ports.Crypto = new FaultyHash(ports.Crypto, () => device.Agent?.Phase == Phase.Settle);
        RefusesOlder(device, UpdateError.HashFailed);
    }

    [TestMethod]
    public void With_a_damaged_running_image_older_releases_fail_and_its_own_repairs_it()
    {
        var device = Updated();
        device.FlipBit(1, Third);
        RefusesOlder(device, UpdateError.RunningUnknown);
        device.Publish(Third);
        Assert.IsTrue(device.RunUntil(() => device.Record.Chosen == 0 && device.State == BootState.Confirmed && device.Agent?.Phase == Phase.Idle));
        Assert.AreEqual("1.2.0", device.Agent!.RunningVersion);
    }

    [TestMethod]
    public void With_a_lost_descriptor_older_releases_are_refused()
    {
        var device = Updated();
        device.Flip(SimDevice.Map.Index(1) + 20);
        RefusesOlder(device, UpdateError.RunningUnknown);
    }

    [TestMethod]
    public void Firmware_from_the_factory_is_protected_before_its_first_update()
    {
        var device = new SimDevice(Third);
        Assert.IsTrue(device.RunUntil(() => device.Agent?.Phase == Phase.Idle));
        device.FlipBit(0, Third);
        RefusesOlder(device, UpdateError.RunningUnknown);
    }

    [TestMethod]
    public void With_either_copy_of_the_journal_lost_older_releases_are_refused()
    {
        for (int copy = 0; copy < 2; copy++)
        {
            var device = Updated();
            device.FlipBit(1, Third);
            device.Flip(SimDevice.Map.Records + FlashLayout.Journal + copy * 4096 + 40);
            RefusesOlder(device, UpdateError.RunningUnknown);
        }
    }

    [TestMethod]
    public void After_a_deployment_by_cable_an_older_release_is_taken()
    {
        var cable = SimRelease.Make("9.9.9-debug", 9, 3);
        var device = Updated();
        device.Know(cable);
        device.Deploy(1, cable);
        device.Publish(Older);
        Assert.IsTrue(device.RunUntilConfirmed("1.1.0"));
        Assert.Contains((UpdateEventKind.Notice, "", UpdateError.RunningUnknown), device.Events);
    }

    [TestMethod]
    public void After_a_deployment_by_cable_on_trial_an_older_release_is_taken()
    {
        var cable = SimRelease.Make("9.9.9-debug", 9, 3);
        var device = Updated();
        device.Know(cable);
        device.Publish(Fourth);
        Assert.IsTrue(device.RunUntil(() => device.State == BootState.Trial));
        device.Deploy(0, cable);
        device.Publish(Older);
        Assert.IsTrue(device.RunUntilConfirmed("1.1.0"));
    }

    [TestMethod]
    public void After_a_revert_a_release_between_is_refused_and_a_later_one_taken()
    {
        var device = Updated();
        Assert.AreEqual(UpdateError.None, device.Agent!.Revert());
        Assert.IsTrue(device.RunUntilConfirmed("1.0.0"));
        device.Publish(Older);
        Assert.IsTrue(device.RunOneCheck());
        Assert.AreEqual(UpdateError.Downgrade, device.LastRefusal);
        Assert.AreEqual("sequence 2, 3 was confirmed", device.LastDetail);
        int refusals = device.Count(UpdateEventKind.Refused);
        device.Publish(First);
        Assert.IsTrue(device.RunOneCheck());
        Assert.AreEqual(refusals, device.Count(UpdateEventKind.Refused), "what runs is up to date");
        device.Publish(Fourth);
        Assert.IsTrue(device.RunUntilConfirmed("1.3.0"));
    }

    private static SimDevice Updated()
    {
        var device = SimDevice.Offered(First, Third);
        Assert.IsTrue(device.RunUntilConfirmed("1.2.0"));
        return device;
    }

    private static void RefusesOlder(SimDevice device, UpdateError notice)
    {
        device.Publish(Older);
        device.PowerCycle();
        Assert.IsTrue(device.RunUntil(() => device.Agent?.Phase == Phase.Idle));
        Assert.AreEqual("", device.Agent!.RunningVersion);
        Assert.Contains((UpdateEventKind.Notice, "", notice), device.Events);
        Assert.IsTrue(device.RunOneCheck());
        Assert.AreEqual(UpdateError.Downgrade, device.LastRefusal);
        Assert.AreEqual(0, device.Events.Count(e => e is (UpdateEventKind.Activated, "1.1.0", _)));
    }
}
