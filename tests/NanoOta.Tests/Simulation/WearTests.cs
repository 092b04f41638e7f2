using NanoOta.Tests.Support;
using NanoOta.VirtualDevice;

namespace NanoOta.Tests.Simulation;

/// <summary>Flash that fails, and networks that would wear it out.</summary>
[TestClass]
public sealed class WearTests
{
    private const int BootRecord = FlashLayout.BootRecord, Journal = FlashLayout.Journal;

    private static readonly SimRelease First = SimRelease.Make("1.0.0", 1, 5);
    private static readonly SimRelease Second = SimRelease.Make("1.1.0", 2, 7);
    private static readonly SimRelease Third = SimRelease.Make("1.2.0", 3, 4);

    private static int Records(int offset) => SimDevice.Map.Records + offset;

    private static int JournalErases(SimDevice device) =>
        device.Flash.EraseCounts[Records(Journal) / 4096] + device.Flash.EraseCounts[Records(Journal) / 4096 + 1];

    [TestMethod]
    public void A_half_staged_slot_never_boots_even_when_the_running_one_is_lost()
    {
        for (int blocks = 1; blocks <= 6; blocks++)
        {
            var device = SimDevice.Offered(First, Second);
            Assert.IsTrue(device.RunUntil(() => device.Count(UpdateEventKind.Progress) == blocks));
            device.Flash.EraseSector(SimDevice.Map.Slot(0));
            var boot = BootSelector.Boot(device.Flash, SimDevice.Map, device.Memory, ResetReason.PowerOn);
            Assert.IsNull(boot.Slot, $"{blocks} blocks");
        }
    }

    [TestMethod]
    public void A_slot_is_unsealed_before_its_index_or_any_of_its_blocks_is_changed()
    {
        var device = SimDevice.Offered(First, Second);
        Assert.IsTrue(device.RunUntilConfirmed("1.1.0"));
        device.Publish(Third);
        int writes = device.Flash.ProgramCounts[SimDevice.Map.Index(0) / 4096];
        Assert.IsTrue(device.RunUntil(() => device.Flash.ProgramCounts[SimDevice.Map.Index(0) / 4096] > writes));
        Assert.IsFalse(SimDevice.Map.IsPlausible(device.Flash, 0), "the index is changed");

        Assert.IsTrue(device.RunUntil(() => device.Agent?.Phase == Phase.Verify));
        device.Flash.EraseSector(SimDevice.Map.Slot(0) + 2 * 4096);
        device.PowerCycle();
        int progress = device.Count(UpdateEventKind.Progress);
        Assert.IsTrue(device.RunUntil(() => device.Count(UpdateEventKind.Progress) > progress));
        Assert.IsFalse(SimDevice.Map.IsPlausible(device.Flash, 0), "a block is changed");
        Assert.IsTrue(device.RunUntilConfirmed("1.2.0"));
    }

    [TestMethod]
    public void A_slot_changed_by_cable_is_not_identified_by_its_descriptor()
    {
        var device = SimDevice.Offered(First, Second);
        Assert.IsTrue(device.RunUntilConfirmed("1.1.0"));
        var cable = SimRelease.Make("0.0.1", 1, 3);
        device.Know(cable);
        device.Deploy(1, cable);
        Assert.IsTrue(device.RunOneCheck());
        Assert.IsTrue(device.RunUntil(() => device.RunningVersion == "1.1.0" && device.State == BootState.Confirmed));
        Assert.AreEqual(2, device.Count(UpdateEventKind.Confirmed));
    }

    [TestMethod]
    [DataRow(0)]
    [DataRow(4096)]
    public void A_dead_boot_record_sector_does_not_wear_the_journal(int sector)
    {
        var device = SimDevice.Offered(First, Second with { Behaviour = Behaviour.Unhealthy });
        Assert.IsTrue(device.RunUntil(() => device.Count(UpdateEventKind.Rejected) == 1));
        device.Flash.WearOut(Records(BootRecord + sector));
        int before = JournalErases(device);
        long start = device.Milliseconds;
        device.RunUntil(() => device.Milliseconds - start > 24 * 3_600_000L);
        Assert.IsLessThanOrEqualTo(3, JournalErases(device) - before, "the quarantine to both copies, and the refusal of what is offered still");
        Assert.AreEqual("1.0.0", device.RunningVersion);
    }

    [TestMethod]
    [DataRow(0)]
    [DataRow(4096)]
    public void A_dead_journal_sector_does_not_end_updates(int sector)
    {
        var device = SimDevice.Offered(First, Second);
        Assert.IsTrue(device.RunUntil(() => device.Count(UpdateEventKind.Trial) == 1));
        device.Flash.WearOut(Records(Journal + sector));
        Assert.IsTrue(device.RunUntilConfirmed("1.1.0"));
        foreach (var release in new[] { Third, SimRelease.Make("1.3.0", 4, 5) })
        {
            device.PowerCycle();
            device.Publish(release);
            Assert.IsTrue(device.RunUntilConfirmed(release.Version), release.Version);
        }

        device.Publish(SimRelease.Make("1.4.0", 5, 5, Behaviour.Unhealthy));
        Assert.IsTrue(device.RunUntil(() => device.Count(UpdateEventKind.Reverted) == 1));
        device.PowerCycle();
        Assert.IsTrue(device.RunOneCheck());
        Assert.AreEqual(UpdateError.Quarantined, device.LastRefusal);
    }

    [TestMethod]
    [DataRow(0)]
    [DataRow(4096)]
    public void A_wrong_bit_in_either_copy_of_the_journal_frees_no_release_that_failed(int copy)
    {
        var device = SimDevice.Offered(First, Second with { Behaviour = Behaviour.Unhealthy });
        Assert.IsTrue(device.RunUntil(() => device.Count(UpdateEventKind.Reverted) == 1));
        device.Flip(Records(Journal) + copy + 70);
        device.PowerCycle();
        for (int i = 0; i < 2; i++) Assert.IsTrue(device.RunOneCheck());
        Assert.AreEqual((UpdateError.Quarantined, 1), (device.LastRefusal, device.Count(UpdateEventKind.Activated)));
    }

    [TestMethod]
    public void A_journal_that_cannot_be_read_for_a_while_frees_no_release_that_failed()
    {
        var device = SimDevice.Offered(First, Second with { Behaviour = Behaviour.Unhealthy });
        Assert.IsTrue(device.RunUntil(() => device.LastRefusal == UpdateError.Quarantined));
        bool isBroken = true;
        device.Break = ports => ports.Flash = new UnreadableFlash(ports.Flash, FlashArea.Journal, () => isBroken);
        device.PowerCycle();
        int operations = device.Flash.Operations;
        for (int i = 0; i < 3; i++) Assert.IsTrue(device.RunOneCheck());
        Assert.Contains((UpdateEventKind.Error, "1.0.0", UpdateError.JournalFailed), device.Events);
        Assert.AreEqual((UpdateError.JournalFailed, 1), (device.LastRefusal, device.Count(UpdateEventKind.Activated)));
        isBroken = false;
        for (int i = 0; i < 3; i++) Assert.IsTrue(device.RunOneCheck());
        Assert.AreEqual((UpdateError.Quarantined, 1), (device.LastRefusal, device.Count(UpdateEventKind.Activated)));
        Assert.IsGreaterThan(operations, device.Flash.Operations);
        device.Publish(Third);
        Assert.IsTrue(device.RunUntilConfirmed("1.2.0"));
    }

    [TestMethod]
    public void A_sector_that_does_not_store_its_data_is_refused()
    {
        var device = SimDevice.Offered(First, Second);
        device.Flash.WearOut(SimDevice.Map.Slot(1) + 3 * 4096);
        Assert.IsTrue(device.RunOneCheck());
        Assert.AreEqual(UpdateError.FlashWriteFailed, device.LastRefusal);
        Assert.AreEqual("1.0.0", device.RunningVersion);
    }

    [TestMethod]
    public void Refusals_that_change_at_every_check_are_written_once_an_hour_at_most()
    {
        var device = SimDevice.Offered(First, Second);
        int check = 0;
        device.CheckIntervalMs = 60_000;
        device.Server.OnOpen = (_, _) => check++ % 2 == 0 ? UpdateError.FileNotFound : UpdateError.Redirected;
        Assert.IsTrue(device.RunUntil(() => device.Milliseconds > 10 * 3_600_000L));
        Assert.IsGreaterThan(500, device.Count(UpdateEventKind.Refused));
        Assert.IsLessThanOrEqualTo(11, device.Flash.ProgramCounts[Records(Journal) / 4096] + device.Flash.ProgramCounts[Records(Journal) / 4096 + 1]);
    }

    [TestMethod]
    public void Data_behind_a_short_last_block_is_cleared()
    {
        var device = SimDevice.Offered(First, Second);
        Assert.IsTrue(device.RunUntil(() => device.Agent?.Phase == Phase.Verify));
        int end = SimDevice.Map.Slot(1) + (Second.Image.Length + 3) / 4 * 4;
        device.Flash.Program(end, new byte[8]);
        device.PowerCycle();
        Assert.IsTrue(device.RunUntilConfirmed("1.1.0"));
        Assert.IsTrue(device.SlotHolds(1, Second.Image));
    }

    [TestMethod]
    public void A_step_erases_one_sector_of_slot_or_index_at_most()
    {
        var device = SimDevice.Offered(First, SimRelease.Make("1.1.0", 2, 11));
        Assert.IsTrue(device.RunUntilConfirmed("1.1.0"));
        device.Publish(Third);
        Assert.IsTrue(device.RunUntilConfirmed("1.2.0"));
        device.Publish(SimRelease.Make("1.3.0", 4, 2));
        int before = 0, most = 0;
        device.OnStep = (_, _) =>
        {
            int erases = Erases();
            most = Math.Max(most, erases - before);
            before = erases;
        };
        before = Erases();
        Assert.IsTrue(device.RunUntilConfirmed("1.3.0"));
        Assert.AreEqual(1, most);

        // Boot record and journal are the first four sectors of the partition.
        int Erases() => device.Flash.EraseCounts.Where((_, sector) => sector < Records(0) / 4096 || sector >= Records(0) / 4096 + 4).Sum();
    }

    [TestMethod]
    public void A_quarantine_survives_any_power_cut_of_a_later_one()
    {
        var bad = Second with { Behaviour = Behaviour.Unhealthy };
        var worse = Third with { Behaviour = Behaviour.Unhealthy };
        for (int number = 1; number <= 60; number++)
        {
            var device = SimDevice.Offered(First, bad);
            Assert.IsTrue(device.RunUntil(() => device.Count(UpdateEventKind.Reverted) == 1));
            device.Publish(worse);
            device.Flash.Arm(PowerCut.At(number, CutMoment.Torn, number));
            Assert.IsTrue(device.RunUntil(() => device.LastRefusal == UpdateError.Quarantined), $"cut {number}");
            int activated = device.Count(UpdateEventKind.Activated);
            foreach (var release in new[] { bad, worse })
            {
                device.Publish(release);
                device.PowerCycle();
                Assert.IsTrue(device.RunOneCheck());
                Assert.AreEqual(UpdateError.Quarantined, device.LastRefusal, $"{release.Version} after cut {number}");
            }

            Assert.AreEqual(activated, device.Count(UpdateEventKind.Activated), $"tried again after cut {number}");
        }
    }
}
