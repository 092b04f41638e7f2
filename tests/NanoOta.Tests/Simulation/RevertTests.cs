using NanoOta.Tests.Settings;
using NanoOta.VirtualDevice;

namespace NanoOta.Tests.Simulation;

/// <summary>An operator rejects confirmed firmware: the previous firmware boots, whole, or nothing changes.</summary>
[TestClass]
public sealed class RevertTests
{
    private static readonly SimRelease First = SimRelease.Make("1.0.0", 1, 5);
    private static readonly SimRelease Second = SimRelease.Make("1.1.0", 2, 7);
    private static readonly SimRelease Third = SimRelease.Make("1.2.0", 3, 4);

    [TestMethod]
    public void A_revert_restores_the_previous_firmware_and_a_new_release_is_taken()
    {
        var device = Updated();
        long asked = device.Milliseconds;
        Assert.AreEqual(UpdateError.None, device.Agent!.Revert());
        Assert.AreEqual((UpdateEventKind.Rejected, "1.1.0", UpdateError.RevertedByOperator), device.Events[^1]);
        Assert.AreEqual((BootState.Activated, Phase.Reboot), (device.State, device.Agent.Phase));
        Assert.IsFalse(device.Agent.Sleep(1000), "it is about to reset");
        Assert.AreEqual(UpdateError.CommandNotPossible, device.Agent.Revert(), "once");

        Assert.IsTrue(device.RunUntilConfirmed("1.0.0"));
        Assert.IsInRange(3000, 10_000, device.Milliseconds - asked, "the answer has its time, and no more");
        Assert.AreEqual(ResetReason.Sw, device.LastShutdown);
        Assert.Contains((UpdateEventKind.Reverted, "1.1.0", UpdateError.RevertedByOperator), device.Events);
        Assert.AreEqual(UpdateError.RevertedByOperator, device.Agent!.LastError);
        device.PowerCycle();
        for (int i = 0; i < 2; i++) Assert.IsTrue(device.RunOneCheck());
        Assert.AreEqual(UpdateError.Quarantined, device.LastRefusal);
        Assert.AreEqual(3 + 1, device.Boots, "two of the update, the revert, the power failure");
        Assert.AreEqual(UpdateError.CommandNotPossible, device.Agent!.Revert(), "the rejected firmware is not proven");

        device.Publish(Third);
        Assert.IsTrue(device.RunUntilConfirmed("1.2.0"));
        Assert.AreEqual(UpdateError.None, device.Agent!.Revert());
        Assert.IsTrue(device.RunUntilConfirmed("1.0.0"));
    }

    [TestMethod]
    public void A_power_loss_right_after_the_command_does_not_undo_a_revert()
    {
        var device = Updated();
        Assert.AreEqual(UpdateError.None, device.Agent!.Revert());
        device.PowerCycle();
        EndsReverted(device, "power failed");
    }

    [TestMethod]
    public void A_requested_restart_after_a_revert_resets_at_once()
    {
        var device = Updated();
        Assert.AreEqual(UpdateError.None, device.Agent!.Revert());
        Assert.ThrowsExactly<RestartException>(() => device.Agent.Restart());
        Assert.AreEqual((UpdateEventKind.Reboot, "1.1.0", UpdateError.None), device.Events[^1]);
        device.PowerCycle(ResetReason.Sw);
        EndsReverted(device, "reset");
    }

    [TestMethod]
    public void A_cut_at_any_operation_of_a_revert_leaves_the_new_or_the_old_firmware()
    {
        int operations = CountOperations(), kept = 0, cuts = 0;
        Assert.IsGreaterThan(4, operations);
        for (int number = 1; number <= operations; number++)
            foreach (var (moment, tear) in Moments())
            {
                string where = $"{moment} operation {number} of {operations}, tear {tear}";
                var device = Updated();
                var cut = PowerCut.At(number, moment, tear);
                device.Flash.Arm(cut);
                bool isDead = IsCutDuring(device);
                if (isDead) device.PowerCycle();
                Assert.IsTrue(device.RunUntil(() => cut.Fired != null && device.Agent?.Phase == Phase.Idle), where);
                cuts++;
                if (device.RunningVersion == "1.0.0")
                {
                    EndsReverted(device, where);
                    continue;
                }

                kept++;
                Assert.IsTrue(isDead, $"the command was answered and then lost: {where}");
                Assert.AreEqual("1.1.0", device.RunningVersion, where);
                Assert.AreEqual(UpdateError.None, device.Agent!.Revert(), $"not possible any more: {where}");
                EndsReverted(device, where);
            }

        Console.WriteLine($"{cuts} power cuts in one revert by command, {kept} before it counted");
        Assert.IsInRange(1, cuts - 1, kept);
    }

    [TestMethod]
    public void A_revert_in_any_phase_completes_or_changes_nothing()
    {
        var done = new HashSet<Phase>();
        for (int step = 0; step < 200; step++)
        {
            var device = Updated();
            device.Publish(Third);
            device.PowerCycle();
            int left = step;
            Assert.IsTrue(device.RunUntil(() => device.Agent != null && left-- <= 0));
            var phase = device.Agent!.Phase;
            if (device.RunningVersion != "1.1.0") break;
            int operations = device.Flash.Operations;
            if (device.Agent!.Revert() == UpdateError.None)
            {
                done.Add(phase);
                Assert.IsTrue(device.RunUntil(() => device.Count(UpdateEventKind.Reverted) == 1), $"{phase}");
                Assert.AreEqual("1.0.0", device.RunningVersion, $"{phase}");
            }
            else
            {
                Assert.AreEqual((operations, phase), (device.Flash.Operations, device.Agent.Phase), $"step {step}");
            }

            Assert.IsTrue(device.RunUntilConfirmed("1.2.0"), $"step {step}, {phase}");
        }

        CollectionAssert.AreEquivalent(new[] { Phase.Idle, Phase.Offer }, done.ToArray());
    }

    [TestMethod]
    public void A_revert_on_trial_is_refused()
    {
        var device = SimDevice.Offered(First, Second);
        Assert.IsTrue(device.RunUntil(() => device.Count(UpdateEventKind.Trial) == 1));
        Assert.AreEqual(UpdateError.CommandNotPossible, device.Agent!.Revert());
        Assert.IsTrue(device.RunUntilConfirmed("1.1.0"));
    }

    [TestMethod]
    public void A_revert_without_previous_firmware_is_refused()
    {
        var device = new SimDevice(First);
        device.Publish(First);
        Assert.IsTrue(device.RunOneCheck());
        Refuses(device);
    }

    [TestMethod]
    [DataRow(0, DisplayName = "into the other slot")]
    [DataRow(1, DisplayName = "into the slot that runs")]
    public void A_revert_after_a_deployment_by_cable_is_refused(int slot)
    {
        var device = Updated();
        device.Server.OnOpen = (_, _) => UpdateError.Unreachable;
        var cable = SimRelease.Make("9.9.9-debug", 9, 3);
        device.Know(cable);
        device.Deploy(slot, cable);
        Assert.IsTrue(device.RunOneCheck());
        Refuses(device);
    }

    [TestMethod]
    public void A_revert_to_damaged_previous_firmware_is_refused()
    {
        var device = Updated();
        DamageSlot0(device);
        Refuses(device);
    }

    [TestMethod]
    public void A_revert_is_refused_once_a_release_is_staged_over_the_previous_firmware()
    {
        var device = Updated();
        device.Break = ports => ports.Boot = new FixedSlotBoot(ports.Boot);
        device.Publish(Third);
        device.PowerCycle();
        Assert.IsTrue(device.RunUntil(() => device.LastRefusal == UpdateError.ActivateFailed && device.Agent?.Phase == Phase.Idle));
        Refuses(device);
    }

    [TestMethod]
    public void The_pending_release_is_not_blamed_for_the_reverted_one()
    {
        var device = Updated();
        var again = First with { Version = "1.0.1", Sequence = 9 };
        device.Publish(again with { Manifest = Support.TestManifest.For(First.Image, "1.0.1", 9, Support.TestManifest.SharedKey).Sign() });
        device.Break = ports => ports.Boot = new FixedSlotBoot(ports.Boot);
        device.PowerCycle();
        Assert.IsTrue(device.RunUntil(() => device.LastRefusal == UpdateError.ActivateFailed && device.Agent?.Phase == Phase.Idle));
        Assert.IsTrue(device.SlotHolds(0, First.Image), "the slot holds what ran before, and it is the release in hand");
        Assert.AreEqual(UpdateError.None, device.Agent!.Revert());
        Assert.IsTrue(device.RunUntil(() => device.Count(UpdateEventKind.Reverted) == 1));
        device.Publish(Second);
        Assert.IsTrue(device.RunUntil(() => device.LastRefusal == UpdateError.Quarantined));
    }

    [TestMethod]
    public void A_revert_that_flash_refuses_changes_nothing()
    {
        var device = Updated();
        foreach (int sector in new[] { 0, 4096 }) device.Flash.WearOut(SimDevice.Map.Records + FlashLayout.BootRecord + sector);
        Assert.AreEqual(UpdateError.CommandNotPossible, device.Agent!.Revert());
        Assert.AreEqual((Phase.Idle, BootState.Confirmed), (device.Agent.Phase, device.State));
        device.PowerCycle();
        Assert.IsTrue(device.RunUntilConfirmed("1.1.0"));
    }

    [TestMethod]
    public void A_revert_restores_only_settings_that_the_old_firmware_cannot_read()
    {
        foreach (bool isReadable in new[] { false, true })
        {
            var setup = new SettingsDevice(First, isReadable ? Second : SettingsDevice.Release("1.1.0", 2, 7, Behaviour.Good));
            Assert.IsTrue(setup.Device.RunUntilConfirmed("1.1.0"));
            Assert.AreEqual(UpdateError.None, setup.Device.Agent!.Revert());
            Assert.IsTrue(setup.Device.RunUntilConfirmed("1.0.0"));
            Assert.AreEqual(isReadable ? SettingsDevice.New("1.1.0") : SettingsDevice.Old, setup.Content, $"readable: {isReadable}");
        }
    }

    private static SimDevice Updated()
    {
        var device = SimDevice.Offered(First, Second);
        Assert.IsTrue(device.RunUntilConfirmed("1.1.0"));
        return device;
    }

    private static void DamageSlot0(SimDevice device)
    {
        byte[] damaged = [.. First.Image];
        damaged[AssemblyHeader.Length + 1] ^= 1;
        SimFlash.Deploy(device.Flash, 0, First with { Image = damaged });
    }

    private static void Refuses(SimDevice device)
    {
        var (version, boots, operations) = (device.RunningVersion, device.Boots, device.Flash.Operations);
        Assert.AreEqual(UpdateError.CommandNotPossible, device.Agent!.Revert());
        Assert.AreEqual((BootState.Confirmed, operations, Phase.Idle), (device.State, device.Flash.Operations, device.Agent.Phase));
        long until = device.Milliseconds + 60_000;
        Assert.IsTrue(device.RunUntil(() => device.Milliseconds >= until));
        Assert.AreEqual((version, boots), (device.RunningVersion, device.Boots));
    }

    private static bool IsCutDuring(SimDevice device)
    {
        try
        {
            Assert.AreEqual(UpdateError.None, device.Agent!.Revert());
            return false;
        }
        catch (PowerLostException)
        {
            device.Flash.PowerOn();
            return true;
        }
    }

    private static void EndsReverted(SimDevice device, string where)
    {
        Assert.IsTrue(device.RunUntilConfirmed("1.0.0"), where);
        Assert.IsTrue(device.RunOneCheck(), where);
        Assert.AreEqual(UpdateError.Quarantined, device.LastRefusal, where);
        Assert.IsTrue(device.SlotHolds(0, First.Image), where);
        Assert.AreEqual("1.0.0", device.RunningVersion, where);
    }

    private static int CountOperations()
    {
        var device = Updated();
        int before = device.Flash.Operations;
        Assert.AreEqual(UpdateError.None, device.Agent!.Revert());
        Assert.IsTrue(device.RunUntilConfirmed("1.0.0"));
        return device.Flash.Operations - before;
    }

    private static IEnumerable<(CutMoment Moment, int Tear)> Moments()
    {
        yield return (CutMoment.Before, 0);
        yield return (CutMoment.After, 0);
        for (int tear = 0; tear < 6; tear++) yield return (CutMoment.Torn, tear);
    }
}
