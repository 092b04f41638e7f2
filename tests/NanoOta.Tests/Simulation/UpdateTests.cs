using NanoOta.Tests.Support;
using NanoOta.VirtualDevice;

namespace NanoOta.Tests.Simulation;

[TestClass]
public sealed class UpdateTests
{
    private static readonly SimRelease First = SimRelease.Make("1.0.0", 1, 5);
    private static readonly SimRelease Second = SimRelease.Make("1.1.0", 2, 7);
    private static readonly SimRelease Third = SimRelease.Make("1.2.0", 3, 4);

    [TestMethod]
    public void A_good_release_is_staged_tried_and_confirmed()
    {
        var device = SimDevice.Offered(First, Second);
        Assert.IsTrue(device.RunUntilConfirmed("1.1.0"));
        Assert.IsTrue(device.SlotHolds(1, Second.Image));
        Assert.IsTrue(device.SlotHolds(0, First.Image));
        UpdateEventKind[] expected =
        [
            UpdateEventKind.Offer, UpdateEventKind.Staging, UpdateEventKind.Progress, UpdateEventKind.Staged,
            UpdateEventKind.Activated, UpdateEventKind.Reboot, UpdateEventKind.Trial, UpdateEventKind.Health, UpdateEventKind.Confirmed,
        ];
        CollectionAssert.AreEqual(expected, device.Events.Select(e => e.Kind).Distinct().ToArray());
        Assert.AreEqual(2, device.Boots);
    }

    [TestMethod]
    public void The_running_release_is_not_downloaded_again()
    {
        var device = SimDevice.Offered(First, Second);
        Assert.IsTrue(device.RunUntilConfirmed("1.1.0"));
        Assert.IsTrue(device.RunOneCheck());
        int bytes = device.Server.ImageBytesRead, operations = device.Flash.Operations;
        Assert.IsTrue(device.RunOneCheck());
        Assert.AreEqual(bytes, device.Server.ImageBytesRead);
        Assert.AreEqual(operations, device.Flash.Operations);
    }

    [TestMethod]
    public void Successive_releases_alternate_slots_and_leave_no_remains_of_longer_ones()
    {
        var device = SimDevice.Offered(First, Second);
        Assert.IsTrue(device.RunUntilConfirmed("1.1.0"));
        device.Publish(Third);
        Assert.IsTrue(device.RunUntilConfirmed("1.2.0"));
        Assert.IsTrue(device.SlotHolds(0, Third.Image));
    }

    [TestMethod]
    [DataRow(Behaviour.CrashesAtStart, UpdateError.TrialPanic)]
    [DataRow(Behaviour.Hangs, UpdateError.TrialWatchdog)]
    [DataRow(Behaviour.Restarts, UpdateError.TrialReset)]
    [DataRow(Behaviour.Unhealthy, UpdateError.HealthCheckFailed)]
    [DataRow(Behaviour.TrustsNoKey, UpdateError.NoTrustedKey)]
    public void A_bad_release_is_reverted_and_never_fetched_again(object behaviour, object reason)
    {
        var bad = Second with { Behaviour = (Behaviour)behaviour };
        var device = SimDevice.Offered(First, bad);
        Assert.IsTrue(device.RunUntil(() => device.Count(UpdateEventKind.Reverted) == 1));
        Assert.AreEqual((UpdateError)reason, device.Events.Find(e => e.Kind == UpdateEventKind.Reverted).Code);
        Assert.AreEqual("1.0.0", device.RunningVersion);
        Assert.AreEqual(BootState.Confirmed, device.State);

        Assert.IsTrue(device.RunOneCheck());
        int bytes = device.Server.ImageBytesRead, operations = device.Flash.Operations;
        for (int i = 0; i < 10; i++) Assert.IsTrue(device.RunOneCheck());
        Assert.AreEqual(UpdateError.Quarantined, device.LastRefusal);
        Assert.AreEqual(bytes, device.Server.ImageBytesRead);
        Assert.AreEqual(operations, device.Flash.Operations, "a refusal that repeats must not wear the flash");

        device.PowerCycle();
        Assert.IsTrue(device.RunOneCheck());
        Assert.AreEqual(UpdateError.Quarantined, device.LastRefusal);

        device.Publish(Third);
        Assert.IsTrue(device.RunUntilConfirmed("1.2.0"));
    }

    [TestMethod]
    public void A_release_of_unknown_health_gets_three_trials_and_one_download()
    {
        var device = SimDevice.Offered(First, Second with { Behaviour = Behaviour.Silent });
        Assert.IsTrue(device.RunUntil(() => device.LastRefusal == UpdateError.TooManyTrials));
        Assert.AreEqual(3, device.Events.Count(e => e is { Kind: UpdateEventKind.Reverted, Code: UpdateError.HealthCheckTimedOut }));
        Assert.AreEqual(Second.Image.Length, device.Server.ImageBytesRead);
        for (int i = 0; i < 3; i++) Assert.IsTrue(device.RunOneCheck());
        Assert.AreEqual(UpdateError.Quarantined, device.LastRefusal);
        device.Publish(Third);
        Assert.IsTrue(device.RunUntilConfirmed("1.2.0"));
    }

    [TestMethod]
    public void Power_blips_during_the_trial_do_not_count_against_the_release()
    {
        var device = SimDevice.Offered(First, Second);
        Assert.IsTrue(device.RunUntil(() => device.Count(UpdateEventKind.Trial) == 1));
        for (int i = 2; i <= 4; i++)
        {
            device.PowerCycle();
            Assert.IsTrue(device.RunUntil(() => device.Count(UpdateEventKind.Trial) == i));
        }

        Assert.IsTrue(device.RunUntilConfirmed("1.1.0"));
        Assert.AreEqual(0, device.Count(UpdateEventKind.Reverted));
    }

    [TestMethod]
    public void Endless_blips_end_with_the_old_firmware_and_a_stated_reason()
    {
        var device = SimDevice.Offered(First, Second);
        for (int i = 0; i < 100 && device.LastRefusal != UpdateError.TooManyTrials; i++)
        {
            int trials = device.Count(UpdateEventKind.Trial), idles = device.Count(UpdateEventKind.Idle);
            Assert.IsTrue(device.RunUntil(
                () => device.Count(UpdateEventKind.Trial) > trials || device.Count(UpdateEventKind.Idle) > idles));
            if (device.State == BootState.Trial) device.PowerCycle();
        }

        Assert.AreEqual(UpdateError.TooManyTrials, device.LastRefusal);
        Assert.AreEqual("1.0.0", device.RunningVersion);
        Assert.AreEqual(Second.Image.Length, device.Server.ImageBytesRead, "what is whole in the slot is not fetched again");
        Assert.IsTrue(device.RunOneCheck());
        Assert.AreEqual(UpdateError.Quarantined, device.LastRefusal);
    }

    [TestMethod]
    public void Staging_goes_on_after_a_reset_at_the_first_block_that_is_missing()
    {
        var device = SimDevice.Offered(First, Second);
        Assert.IsTrue(device.RunUntil(() => device.Count(UpdateEventKind.Progress) == 4));
        device.PowerCycle();
        Assert.IsTrue(device.RunUntilConfirmed("1.1.0"));
        Assert.IsLessThanOrEqualTo(Second.Image.Length + BlockIndex.BlockSize, device.Server.ImageBytesRead);
    }

    [TestMethod]
    public void A_lost_connection_costs_no_byte_twice()
    {
        var device = SimDevice.Offered(First, Second);
        device.Server.BytesPerConnection = 5000;
        Assert.IsTrue(device.RunUntilConfirmed("1.1.0"));
        Assert.AreEqual(Second.Image.Length, device.Server.ImageBytesRead);
        Assert.IsGreaterThan(3, device.Count(UpdateEventKind.Error));
    }

    [TestMethod]
    public void A_server_that_ignores_ranges_can_serve_an_update()
    {
        var device = SimDevice.Offered(First, Second);
        device.Server.KnowsRanges = false;
        Assert.IsTrue(device.RunUntil(() => device.Count(UpdateEventKind.Progress) == 3));
        device.PowerCycle();
        Assert.IsTrue(device.RunUntilConfirmed("1.1.0"));
    }

    [TestMethod]
    public void A_lower_version_with_a_higher_sequence_is_taken()
    {
        var device = SimDevice.Offered(First, SimRelease.Make("0.9.0", 7, 6));
        Assert.IsTrue(device.RunUntilConfirmed("0.9.0"));
    }

    [TestMethod]
    public void Nothing_is_staged_during_a_trial()
    {
        var device = SimDevice.Offered(First, Second with { Behaviour = Behaviour.Silent });
        Assert.IsTrue(device.RunUntil(() => device.Count(UpdateEventKind.Trial) == 1));
        device.Publish(Third);
        int opens = device.Server.Opens;
        Assert.IsTrue(device.RunUntil(() => device.Count(UpdateEventKind.Rejected) == 1));
        Assert.AreEqual(opens, device.Server.Opens);
    }

    [TestMethod]
    public void A_slot_that_lost_its_first_sector_is_never_booted_and_is_repaired_over_the_air()
    {
        var device = SimDevice.Offered(First, Second);
        Assert.IsTrue(device.RunUntilConfirmed("1.1.0"));
        device.Flash.EraseSector(SimDevice.Map.Slot(1));
        device.PowerCycle();
        Assert.IsTrue(device.RunUntil(() => device.Count(UpdateEventKind.Reverted) == 1));
        Assert.AreEqual("1.0.0", device.RunningVersion);
        Assert.IsTrue(device.RunUntilConfirmed("1.1.0"));
    }
}
