using NanoOta.VirtualDevice;

namespace NanoOta.Tests.Simulation;

/// <summary>Firmware that fails after it was confirmed: what ran before comes back, or the agent runs alone.</summary>
[TestClass]
public sealed class CrashLoopTests
{
    private static readonly SimRelease First = SimRelease.Make("1.0.0", 1, 5);
    private static readonly SimRelease Second = SimRelease.Make("1.1.0", 2, 7, Behaviour.CrashesLater);
    private static readonly SimRelease Third = SimRelease.Make("1.2.0", 3, 4);

    [TestMethod]
    public void Confirmed_firmware_in_a_crash_loop_is_rolled_back_and_not_taken_again()
    {
        var device = SimDevice.Offered(First, Second);
        Assert.IsTrue(device.RunUntil(() => device.Count(UpdateEventKind.Reverted) == 1));
        var (_, version, code) = device.Events.Find(e => e.Kind == UpdateEventKind.Reverted);
        Assert.AreEqual(("1.1.0", UpdateError.CrashLoop), (version, code));
        Assert.AreEqual(1, device.Count(UpdateEventKind.Confirmed));
        Assert.AreEqual(("1.0.0", BootState.Confirmed, false), (device.RunningVersion, device.State, device.IsSafeMode));
        Assert.AreEqual(1 + 5 + 1, device.Boots, "the old firmware, five starts that ended in a failure, the old one");

        Assert.IsTrue(device.RunOneCheck());
        Assert.AreEqual(UpdateError.Quarantined, device.LastRefusal);
        device.PowerCycle();
        Assert.IsTrue(device.RunOneCheck());
        Assert.AreEqual(UpdateError.Quarantined, device.LastRefusal);
        device.Publish(Third);
        Assert.IsTrue(device.RunUntilConfirmed("1.2.0"));
    }

    [TestMethod]
    public void Confirmed_firmware_that_hangs_after_each_start_updates_in_safe_mode()
    {
        var device = SimDevice.Offered(First, Second with { Behaviour = Behaviour.HangsLater });
        Assert.IsTrue(device.RunUntil(() => device.Running != null && device.IsSafeMode));
        Assert.AreEqual("1.1.0", device.RunningVersion);
        Assert.AreEqual(1 + 5 + 1, device.Boots, "the old firmware, five starts that ended in a hang, safe mode");
        Assert.IsTrue(device.RunOneCheck());
        Assert.AreEqual(0, device.Count(UpdateEventKind.Reverted));
        device.Publish(Third);
        Assert.IsTrue(device.RunUntilConfirmed("1.2.0"));
        Assert.IsFalse(device.IsSafeMode);
    }

    [TestMethod]
    public void A_release_damaged_by_bit_rot_is_repaired_by_a_new_installation()
    {
        var device = SimDevice.Offered(First, Second);
        device.Application.IsFailing = false;
        Assert.IsTrue(device.RunUntilConfirmed("1.1.0"));
        byte[] damaged = [.. Second.Image];
        damaged[AssemblyHeader.Length + 1] ^= 1;
        var damagedRelease = Second with { Image = damaged };
        device.Know(damagedRelease);
        device.Deploy(1, damagedRelease);
        device.Application.IsFailing = true;
        device.Server.OnOpen = (_, _) => UpdateError.Unreachable;
        Assert.IsTrue(device.RunUntil(() => device.Count(UpdateEventKind.Reverted) == 1));
        device.Server.OnOpen = (_, _) => UpdateError.None;
        Assert.AreEqual(UpdateError.SlotNotBootable, device.Events.Find(e => e.Kind == UpdateEventKind.Reverted).Code);
        device.Application.IsFailing = false;
        Assert.IsTrue(device.RunUntil(() => device.Count(UpdateEventKind.Confirmed) == 2));
        Assert.IsTrue(device.SlotHolds(1, Second.Image));
    }

    [TestMethod]
    public void The_pending_release_is_not_blamed_for_crashes_of_the_running_one()
    {
        var device = SimDevice.Offered(First, Second);
        device.Application.IsFailing = false;
        Assert.IsTrue(device.RunUntilConfirmed("1.1.0"));
        var again = First with { Version = "1.0.1", Sequence = 9 };
        device.Publish(again with { Manifest = Support.TestManifest.For(First.Image, "1.0.1", 9, Support.TestManifest.SharedKey).Sign() });
        device.Break = ports => ports.Boot = new FixedSlotBoot(ports.Boot);
        device.PowerCycle();
        Assert.IsTrue(device.RunUntil(() => device.LastRefusal == UpdateError.ActivateFailed));
        Assert.IsTrue(device.SlotHolds(0, First.Image), "the slot holds what ran before, and it is the release in hand");
        device.Application.IsFailing = true;
        Assert.IsTrue(device.RunUntil(() => device.Count(UpdateEventKind.Reverted) == 1));
        device.Publish(Second);
        Assert.IsTrue(device.RunUntil(() => device.LastRefusal == UpdateError.Quarantined));
    }

    [TestMethod]
    public void With_a_half_staged_slot_a_crash_loop_ends_in_safe_mode_until_an_update()
    {
        var device = PartlyStaged();
        Assert.IsTrue(device.RunUntil(() => device.Running != null && device.IsSafeMode));
        Assert.AreEqual("1.1.0", device.RunningVersion);
        Assert.IsTrue(device.RunUntil(() => device.Count(UpdateEventKind.Notice) == 1));
        Assert.AreEqual((UpdateEventKind.Notice, "1.1.0", UpdateError.SafeMode), device.Events.Find(e => e.Kind == UpdateEventKind.Notice));
        device.Server.OnOpen = (_, _) => UpdateError.None;
        Assert.IsTrue(device.RunUntilConfirmed("1.2.0"));
        Assert.IsFalse(device.IsSafeMode);
        Assert.AreEqual(1, device.Count(UpdateEventKind.Notice));
        Assert.AreEqual(0, device.Count(UpdateEventKind.Reverted));
        Assert.IsTrue(device.RunOneCheck());
    }

    [TestMethod]
    public void Safe_mode_restarts_the_application_every_hour()
    {
        var device = PartlyStaged();
        Assert.IsTrue(device.RunUntil(() => device.Running != null && device.IsSafeMode));
        device.Application.IsFailing = false;
        device.Server.OnOpen = (_, _) => UpdateError.FileNotFound;
        long begin = device.Milliseconds;
        Assert.IsTrue(device.RunUntil(() => device.Running != null && !device.IsSafeMode));
        Assert.AreEqual("1.1.0", device.RunningVersion);
        Assert.IsInRange(3_600_000, 2 * 3_600_000, device.Milliseconds - begin);
    }

    [TestMethod]
    public void When_both_firmwares_crash_the_agent_runs_alone_until_the_next_update()
    {
        var device = SimDevice.Offered(First with { Behaviour = Behaviour.CrashesLater }, Second);
        device.Application.IsFailing = false;
        Assert.IsTrue(device.RunUntilConfirmed("1.1.0"));
        device.Application.IsFailing = true;
        Assert.IsTrue(device.RunUntil(() => device.Count(UpdateEventKind.Reverted) == 1));
        Assert.IsTrue(device.RunUntil(() => device.Running != null && device.IsSafeMode));
        Assert.AreEqual("1.0.0", device.RunningVersion);
        device.Publish(Third);
        Assert.IsTrue(device.RunUntilConfirmed("1.2.0"));
        Assert.IsFalse(device.IsSafeMode);
    }

    [TestMethod]
    public void Rare_crashes_change_nothing()
    {
        var device = SimDevice.Offered(First, Second);
        device.Application.FailsAfterMs = FirmwareGuard.StableMs + FirmwareGuard.RoundMs;
        Assert.IsTrue(device.RunUntil(() => device.Boots == 30));
        Assert.AreEqual("1.1.0", device.Find(1)!.Version);
        Assert.IsTrue(device.RunUntil(() => device.RunningVersion == "1.1.0" && !device.IsSafeMode));
        Assert.AreEqual(0, device.Count(UpdateEventKind.Reverted));
    }

    [TestMethod]
    public void Power_failures_between_crashes_restart_the_count()
    {
        var device = SimDevice.Offered(First, Second);
        for (int i = 0; i < 10; i++)
        {
            int boots = device.Boots + 3;
            Assert.IsTrue(device.RunUntil(() => device.Running != null && device.Boots >= boots));
            device.PowerCycle();
        }

        Assert.AreEqual(0, device.Count(UpdateEventKind.Reverted));
    }

    /// <summary>The second release runs and crashes; the third has begun to take the place of the first.</summary>
    private static SimDevice PartlyStaged()
    {
        var device = SimDevice.Offered(First, Second);
        device.Application.IsFailing = false;
        Assert.IsTrue(device.RunUntilConfirmed("1.1.0"));
        device.Publish(Third);
        device.Server.OnOpen = (name, _) => name.EndsWith(".bin") ? UpdateError.Unreachable : UpdateError.None;
        device.PowerCycle();
        Assert.IsTrue(device.RunUntil(() => device.Count(UpdateEventKind.Staging) == 2));
        device.Application.IsFailing = true;
        return device;
    }
}
