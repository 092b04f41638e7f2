using NanoOta.Tests.Support;
using NanoOta.VirtualDevice;

namespace NanoOta.Tests.Simulation;

/// <summary>Parts of a device that fail without a reset: each has its number, and the running firmware stays.</summary>
[TestClass]
public sealed class FaultyPartsTests
{
    private static readonly SimRelease First = SimRelease.Make("1.0.0", 1, 5);
    private static readonly SimRelease Second = SimRelease.Make("1.1.0", 2, 7);

    [TestMethod]
    [DataRow(FlashArea.InactiveIndex, Phase.Stage)]
    [DataRow(FlashArea.InactiveSlot, Phase.Verify)]
    public void Unreadable_flash_ends_the_attempt_and_the_next_check_continues(object area, object phase)
    {
        var device = SimDevice.Offered(First, Second);
        bool isBroken = true;
        device.Break = ports => ports.Flash = new UnreadableFlash(ports.Flash, (FlashArea)area,
            () => isBroken && device.Agent?.Phase == (Phase)phase && device.Server.ImageBytesRead > 0);
        Assert.IsTrue(device.RunOneCheck());
        Assert.AreEqual(UpdateError.FlashReadFailed, device.LastRefusal);
        Assert.AreEqual("1.0.0", device.RunningVersion);
        isBroken = false;
        Assert.IsTrue(device.RunUntilConfirmed("1.1.0"));
    }

    [TestMethod]
    public void A_boot_record_that_cannot_be_switched_is_refused_each_time_without_wear()
    {
        var device = SimDevice.Offered(First, Second);
        device.Break = ports => ports.Boot = new FixedSlotBoot(ports.Boot);
        Assert.IsTrue(device.RunOneCheck());
        Assert.AreEqual(UpdateError.ActivateFailed, device.LastRefusal);
        Assert.AreEqual(0, device.Count(UpdateEventKind.Activated));
        int operations = device.Flash.Operations;
        for (int i = 0; i < 10; i++) Assert.IsTrue(device.RunOneCheck());
        Assert.AreEqual(operations, device.Flash.Operations);
        device.Break = _ => { };
        device.PowerCycle();
        Assert.IsTrue(device.RunUntilConfirmed("1.1.0"));
    }

    [TestMethod]
    public void No_release_is_activated_before_the_journal_has_stored_it()
    {
        var device = SimDevice.Offered(First, Second);
        WearOutJournal(device);
        Assert.IsTrue(device.RunOneCheck());
        Assert.AreEqual(UpdateError.JournalFailed, device.LastRefusal);
        Assert.AreEqual(0, device.Count(UpdateEventKind.Activated));
        Assert.AreEqual(BootState.Confirmed, device.State);
    }

    [TestMethod]
    public void A_revert_that_the_journal_cannot_store_is_not_acknowledged()
    {
        var device = SimDevice.Offered(First, Second with { Behaviour = Behaviour.Unhealthy });
        Assert.IsTrue(device.RunUntil(() => device.Count(UpdateEventKind.Rejected) == 1));
        WearOutJournal(device);
        long start = device.Milliseconds;
        Assert.IsTrue(device.RunUntil(() => device.Milliseconds - start > 24 * 3_600_000L));
        Assert.AreEqual((BootState.Reverted, "1.0.0"), (device.State, device.RunningVersion));
        CollectionAssert.Contains(device.Events, (UpdateEventKind.Error, "1.0.0", UpdateError.JournalFailed));
        Assert.AreEqual(1, device.Count(UpdateEventKind.Activated));
    }

    [TestMethod]
    public void Mirrors_that_all_have_the_same_damage_end_the_attempt()
    {
        var manifest = TestManifest.For(Second.Image, "1.1.0", 2, TestManifest.SharedKey);
        manifest.Change = map => map.Add((10L, new object[] { "http://mirror.example/", "http://mirror.example/b/" }));
        var device = SimDevice.Offered(First, Second with { Manifest = manifest.Sign() });
        var damaged = (byte[])Second.Image.Clone();
        damaged[3 * 4096] ^= 1;
        device.Server.Mirror = "http://mirror.example/";
        device.Server.Put("1.1.0/app.bin", damaged);
        device.Server.MirrorFiles["b/1.1.0/app.bin"] = damaged;
        Assert.IsTrue(device.RunUntil(() => device.LastRefusal == UpdateError.BlockCorrupt, 500));
        Assert.AreEqual(8, device.Events.Count(e => e is (UpdateEventKind.Error, _, UpdateError.BlockCorrupt)), "three tries with each");
        Assert.IsLessThan(20 * 4096, device.Server.ImageBytesRead);
    }

    private static void WearOutJournal(SimDevice device)
    {
        foreach (int sector in new[] { 0, 4096 }) device.Flash.WearOut(SimDevice.Map.Records + FlashLayout.Journal + sector);
    }
}
