using NanoOta.Cli.Device;
using NanoOta.VirtualDevice;

namespace NanoOta.Tests.Cli;

/// <summary>A run of a device ends by the state of its board, not by the claims of its firmware.</summary>
[TestClass]
public sealed class GoalTests
{
    private static readonly RunningFirmware Whole = new(1, "1.1.0", false, BootState.Confirmed, false);

    private static readonly DeviceEvent Confirmed = new() { By = DeviceEvent.ByAgent, Event = "confirmed", Slot = 1, Version = "1.1.0" };

    [TestMethod]
    public void A_version_is_confirmed_when_agent_boot_record_and_hash_agree()
    {
        Assert.IsTrue(IsConfirmed(Confirmed, Whole));
        Assert.IsTrue(IsConfirmed(Confirmed, Whole with { State = BootState.Trial }), "in the boot of its trial");
        Assert.IsTrue(IsConfirmed(Confirmed with { By = DeviceEvent.ByBoard, Event = "boot" }, Whole),
            "a boot whose agent feeds the guard");
        Assert.IsFalse(IsConfirmed(Confirmed, Whole with { Version = "" }), "one flipped bit, or a deployment by cable");
        Assert.IsFalse(IsConfirmed(Confirmed, Whole with { Version = "1.0.0" }), "another version runs");
        Assert.IsFalse(IsConfirmed(Confirmed, Whole with { IsSafeMode = true }), "safe mode");
        Assert.IsFalse(IsConfirmed(Confirmed, Whole, BootState.Trial), "an event without the boot state");
        Assert.IsFalse(IsConfirmed(Confirmed, Whole, null), "nothing runs");
        Assert.IsFalse(IsConfirmed(Confirmed with { Event = "idle" }, Whole), "another event");
    }

    [TestMethod]
    public void A_revert_counts_only_when_the_boot_state_is_reverted()
    {
        var reverted = Confirmed with { Event = "reverted" };
        Assert.IsTrue(new Goal("reverted").IsReached(reverted, Whole with { State = BootState.Reverted }, BootState.Confirmed));
        Assert.IsFalse(new Goal("reverted").IsReached(reverted, Whole, BootState.Confirmed));
    }

    [TestMethod]
    public void A_version_is_known_when_its_slot_matches_its_descriptor()
    {
        byte[] content = NanoOta.Releases.FlashImage.Create(NanoOta.Tests.Releases.TestInput.Order());
        var map = FlashMap.Of(NanoOta.Tests.Releases.TestInput.Board);
        Assert.AreEqual(("1.2.3", false), Read(content, map));

        content[map.Slot0 + 200] ^= 1;
        Assert.AreEqual(("", true), Read(content, map), "one flipped bit");
        content.AsSpan(map.Index(0), 128).Fill(0xFF);
        Assert.AreEqual(("", false), Read(content, map), "no descriptor, as after a first deployment by cable");
    }

    private static (string, bool) Read(byte[] content, FlashMap map)
    {
        var flash = new NorFlash(content.AsSpan());
        var boot = BootSelector.Boot(flash, map, new RetainedMemory(), ResetReason.PowerOn);
        var running = RunningFirmware.Read(flash, map, new BoardEvent.Booted(0, boot.Record.State, ResetReason.PowerOn, boot));
        return (running.Version, running.IsOther);
    }

    private static bool IsConfirmed(DeviceEvent e, RunningFirmware running, BootState? now = BootState.Confirmed) =>
        new Goal("confirmed", "1.1.0").IsReached(e, running, now);
}
