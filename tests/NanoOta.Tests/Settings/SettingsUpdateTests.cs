using NanoOta.Tests.Simulation;
using NanoOta.VirtualDevice;

namespace NanoOta.Tests.Settings;

/// <summary>Settings through whole updates of a simulated device, whose disk fails or loses power at each of its operations.</summary>
[TestClass]
public sealed class SettingsUpdateTests
{
    private static readonly SimRelease First = SimRelease.Make("1.0.0", 1, 5);
    private static readonly SimRelease Good = SettingsDevice.Release("1.1.0", 2, 7, Behaviour.Good);
    private static readonly SimRelease Bad = SettingsDevice.Release("1.1.0", 2, 7, Behaviour.Unhealthy);
    private static readonly SimRelease Next = SettingsDevice.Release("1.2.0", 3, 4, Behaviour.Good);

    [TestMethod]
    public void A_failed_trial_restores_the_settings_and_restarts_the_application()
    {
        var setup = new SettingsDevice(First, Bad);
        Assert.IsTrue(setup.Device.RunUntil(() => setup.Device.Count(UpdateEventKind.Reverted) == 1));
        int boots = setup.Device.Boots;
        Assert.AreEqual(SettingsDevice.Old, setup.Content);
        Assert.IsTrue(setup.Device.RunUntilConfirmed("1.0.0"));
        Assert.AreEqual(boots + 1, setup.Device.Boots, "it may have read them before they were put back");
        Assert.AreEqual(SettingsDevice.Old, setup.Content);
        Assert.IsTrue(setup.Device.RunOneCheck());
        Assert.AreEqual(UpdateError.Quarantined, setup.Device.LastRefusal);
        Assert.AreEqual(boots + 1, setup.Device.Boots, "once");
    }

    [TestMethod]
    public void Confirmed_firmware_keeps_the_settings_that_it_has_written()
    {
        var setup = new SettingsDevice(First, Good);
        Assert.IsTrue(setup.Device.RunUntilConfirmed("1.1.0"));
        setup.Device.PowerCycle();
        Assert.IsTrue(setup.Device.RunUntilConfirmed("1.1.0"));
        Assert.AreEqual(SettingsDevice.New("1.1.0"), setup.Content);
    }

    [TestMethod]
    public void A_failed_settings_backup_refuses_the_activation_and_changes_nothing()
    {
        int operations = CountOperations(Good);
        for (int number = 1; number <= operations; number++)
            foreach (var mishap in new[] { DiskFault.Fails, DiskFault.StaysFull })
            {
                string where = $"{mishap} at {number} of {operations}";
                var setup = new SettingsDevice(First, Good);
                setup.Disk.Plan(number, mishap);
                Assert.IsTrue(setup.Device.RunUntil(() => setup.Disk.HasHappened || setup.Device.RunningVersion == "1.1.0"), where);
                if (setup.Device.RunUntil(() => setup.Device.Count(UpdateEventKind.Refused) == 1, 50))
                {
                    Assert.AreEqual(UpdateError.SettingsNotKept, setup.Device.LastRefusal, where);
                    Assert.AreEqual("1.0.0", setup.Device.RunningVersion, where);
                    Assert.AreEqual(BootState.Confirmed, setup.Device.State, where);
                    Assert.AreEqual(SettingsDevice.Old, setup.Content, where);
                    Assert.IsTrue(Bytes.All(setup.Journal, 16, 32, 0xFF) || Bytes.All(setup.Journal, 16, 32, 0), $"none in hand, {where}");
                }

                setup.Disk.Plan(0, mishap);
                Assert.IsTrue(setup.Device.RunUntilConfirmed("1.1.0"), where);
            }
    }

    [TestMethod]
    public void A_cut_at_any_disk_operation_does_not_change_the_outcome_of_an_update()
    {
        int cuts = 0, operations = CountOperations(Good);
        for (int number = 1; number <= operations; number++)
            foreach (var mishap in Cuts)
            {
                var setup = new SettingsDevice(First, Good);
                setup.Disk.Plan(number, mishap);
                Assert.IsTrue(setup.Device.RunUntilConfirmed("1.1.0"), $"{mishap} at {number}");
                Assert.IsTrue(setup.Disk.HasHappened, $"{mishap} at {number}");
                Assert.AreEqual(SettingsDevice.New("1.1.0"), setup.Content, $"{mishap} at {number}");
                cuts++;
            }

        Console.WriteLine($"{cuts} power cuts of the disk in one update");
    }

    [TestMethod]
    public void A_cut_at_any_operation_of_the_disk_in_a_revert_leaves_the_old_settings_whole()
    {
        int cuts = 0, operations = CountOperations(Bad);
        for (int number = 1; number <= operations; number++)
            foreach (var mishap in Cuts)
            {
                var setup = new SettingsDevice(First, Bad);
                setup.Disk.Plan(number, mishap);
                EndsWithOld(setup, $"{mishap} at {number} of {operations}");
                Assert.IsTrue(setup.Disk.HasHappened, $"{mishap} at {number}");
                cuts++;
            }

        Console.WriteLine($"{cuts} power cuts of the disk in one revert");
    }

    [TestMethod]
    public void A_cut_at_any_flash_operation_of_a_revert_leaves_the_old_settings_whole()
    {
        var counted = new SettingsDevice(First, Bad);
        EndsWithOld(counted, "no cut");
        for (int number = 1; number <= counted.Device.Flash.Operations; number++)
            foreach (var moment in new[] { CutMoment.Before, CutMoment.Torn, CutMoment.After })
            {
                var setup = new SettingsDevice(First, Bad);
                setup.Device.Flash.Arm(PowerCut.At(number, moment, number));
                EndsWithOld(setup, $"{moment} flash operation {number}");
            }
    }

    [TestMethod]
    public void Settings_that_cannot_be_put_back_at_first_are_put_back_an_hour_later()
    {
        var setup = Reverted();
        setup.Disk.Plan(1, DiskFault.Fails);
        long since = setup.Device.Milliseconds;
        Assert.IsTrue(setup.Device.RunUntil(() => setup.Device.Count(UpdateEventKind.Reverted) == 1));
        Assert.AreEqual(SettingsDevice.Old, setup.Content);
        Assert.IsInRange(3_600_000, 3_700_000, setup.Device.Milliseconds - since);
        Assert.IsFalse(setup.HasFailed(2));
    }

    [TestMethod]
    public void Settings_that_fail_to_restore_twice_do_not_block_updates()
    {
        var setup = Reverted();
        setup.Disk.Plan(1, DiskFault.StaysFull);
        Assert.IsTrue(setup.Device.RunUntilConfirmed("1.0.0"));
        Assert.IsTrue(setup.HasFailed(2));
        Assert.AreEqual(1, setup.Device.Count(UpdateEventKind.Reverted));
        setup.Disk.Plan(0, DiskFault.Fails);
        setup.Device.Publish(Next);
        Assert.IsTrue(setup.Device.RunUntilConfirmed("1.2.0"));
    }

    [TestMethod]
    public void A_device_reset_within_the_hour_abandons_the_restore_at_its_second_boot()
    {
        var setup = Reverted();
        setup.Disk.Plan(1, DiskFault.StaysFull);
        Assert.IsTrue(setup.Device.RunUntil(() => setup.HasFailed(1)));
        setup.Device.PowerCycle(ResetReason.DeepSleep);
        long since = setup.Device.Milliseconds;
        Assert.IsTrue(setup.Device.RunUntil(() => setup.Device.Count(UpdateEventKind.Reverted) == 1));
        Assert.IsTrue(setup.HasFailed(2));
        Assert.IsLessThan(60_000, setup.Device.Milliseconds - since);
    }

    [TestMethod]
    public void Settings_that_throw_are_settings_that_fail()
    {
        var setup = new SettingsDevice(First, Good);
        setup.Port = new Throwing();
        Assert.IsTrue(setup.Device.RunOneCheck());
        Assert.AreEqual(UpdateError.SettingsNotKept, setup.Device.LastRefusal);
        setup = Reverted();
        setup.Port = new Throwing();
        Assert.IsTrue(setup.Device.RunUntilConfirmed("1.0.0"));
        Assert.IsTrue(setup.HasFailed(2));
    }

    [TestMethod]
    public void After_a_deployment_by_cable_in_a_trial_the_settings_stay_as_they_are()
    {
        var setup = new SettingsDevice(First, SettingsDevice.Release("1.1.0", 2, 7, Behaviour.Silent));
        Assert.IsTrue(setup.Device.RunUntil(() => setup.Device.Count(UpdateEventKind.Trial) == 1));
        var cable = SimRelease.Make("0.0.1", 9, 3);
        setup.Device.Know(cable);
        setup.Device.Deploy(0, cable);
        setup.Device.Server.Put("manifest.cose", SettingsDevice.Release("1.1.0", 2, 7, Behaviour.Silent, (9L, 0L)).Manifest);
        Assert.IsTrue(setup.Device.RunUntilConfirmed("0.0.1"));
        Assert.AreEqual(SettingsDevice.New("0.0.1"), setup.Content);
    }

    private static IEnumerable<DiskFault> Cuts => [DiskFault.CutBefore, DiskFault.CutInside, DiskFault.CutAfter];

    private static void EndsWithOld(SettingsDevice setup, string where)
    {
        Assert.IsTrue(setup.Device.RunUntil(() => setup.Device.LastRefusal == UpdateError.Quarantined), where);
        Assert.AreEqual("1.0.0", setup.Device.RunningVersion, where);
        Assert.AreEqual(SettingsDevice.Old, setup.Content, where);
    }

    private static SettingsDevice Reverted()
    {
        var setup = new SettingsDevice(First, Bad);
        Assert.IsTrue(setup.Device.RunUntil(() => setup.Device.Count(UpdateEventKind.Rejected) == 1));
        return setup;
    }

    private static int CountOperations(SimRelease release)
    {
        var setup = new SettingsDevice(First, release);
        setup.Disk.Plan(0, DiskFault.Fails);
        var end = release == Good ? UpdateEventKind.Confirmed : UpdateEventKind.Reverted;
        Assert.IsTrue(setup.Device.RunUntil(() => setup.Device.Count(end) == 1));
        Assert.IsGreaterThan(5, setup.Disk.Operations);
        return setup.Disk.Operations;
    }

    private sealed class Throwing : ISettings
    {
        public bool Keep(byte[] release, int schema, int nextSchema) => throw new InvalidOperationException("no settings today");

        public RestoreOutcome Restore(byte[] release, bool onlyIfUnreadable) => throw new InvalidOperationException("no settings today");
    }
}
