using NanoOta.Tests.Simulation;
using NanoOta.VirtualDevice;

namespace NanoOta.Tests.Settings;

/// <summary>Settings after the loss of a slot, or the revert of confirmed firmware, without a trial.</summary>
[TestClass]
public sealed class SettingsLossTests
{
    private static readonly SimRelease First = SimRelease.Make("1.0.0", 1, 5);
    private static readonly SimRelease Good = SettingsDevice.Release("1.1.0", 2, 7, Behaviour.Good);

    [TestMethod]
    [DataRow(UpdateError.SlotNotBootable)]
    [DataRow(UpdateError.CrashLoop)]
    public void A_fallback_restores_settings_that_the_old_firmware_cannot_read(object reason)
    {
        var setup = Lost(Good, (UpdateError)reason);
        Assert.AreEqual(SettingsDevice.Old, setup.Content);
    }

    [TestMethod]
    [DataRow(UpdateError.SlotNotBootable)]
    [DataRow(UpdateError.CrashLoop)]
    public void A_fallback_keeps_settings_that_the_old_firmware_can_read(object reason)
    {
        var setup = Lost(SimRelease.Make("1.1.0", 2, 7), (UpdateError)reason);
        Assert.AreEqual(SettingsDevice.New("1.1.0"), setup.Content);
    }

    [TestMethod]
    public void When_the_last_resort_starts_the_release_itself_nothing_is_put_back()
    {
        var setup = new SettingsDevice(First, Good);
        Assert.IsTrue(setup.Device.RunUntil(() => setup.Device.Agent?.Phase == Phase.Activate));
        // Power fails between journal and boot record, and the slot that ran is lost.
        var cut = PowerCut.At(1, CutMoment.After);
        setup.Device.Flash.Arm(cut);
        Assert.IsTrue(setup.Device.RunUntil(() => cut.Fired != null));
        Assert.AreEqual("1.0.0", setup.Device.RunningVersion);
        setup.Device.PowerCycle();
        setup.Device.Flash.EraseSector(SimDevice.Map.Slot(0));
        Assert.IsTrue(setup.Device.RunUntilConfirmed("1.1.0"));
        Assert.AreEqual(SettingsDevice.New("1.1.0"), setup.Content);
        Assert.IsTrue(setup.Disk.Files.ContainsKey("ota/label"));
    }

    private static SettingsDevice Lost(SimRelease release, UpdateError reason)
    {
        var setup = new SettingsDevice(First, release);
        Assert.IsTrue(setup.Device.RunUntilConfirmed("1.1.0"));
        setup.Break = ports => ports.Boot = new WithReason(ports.Boot, reason);
        setup.Device.PowerCycle();
        setup.Device.Flash.EraseSector(SimDevice.Map.Slot(1));
        Assert.IsTrue(setup.Device.RunUntil(() => setup.Device.Count(UpdateEventKind.Reverted) == 1));
        Assert.AreEqual((UpdateEventKind.Reverted, "1.1.0", reason), setup.Device.Events.Last(e => e.Kind == UpdateEventKind.Reverted));
        return setup;
    }

    /// <summary>A boot record that gives another reason for its revert.</summary>
    private sealed class WithReason(IBootControl boot, UpdateError reason) : IBootControl
    {
        public BootState State => boot.State;

        public int RunningSlot => boot.RunningSlot;

        public UpdateError RevertReason => reason;

        public bool IsSafeMode => boot.IsSafeMode;

        public int Kept => boot.Kept;

        public int TrialLimitSeconds => boot.TrialLimitSeconds;

        public int CrashLimit => boot.CrashLimit;

        public ResetReason ResetReason => boot.ResetReason;

        public int TrialBoots => boot.TrialBoots;

        public int PowerBlips => boot.PowerBlips;

        public int Crashes => boot.Crashes;

        public void Guard(int seconds) => boot.Guard(seconds);

        public void ForgetCrashes() => boot.ForgetCrashes();

        public bool Activate() => boot.Activate();

        public bool ReleaseRuntime() => boot.ReleaseRuntime();

        public bool ActivateRuntime(bool withApp) => boot.ActivateRuntime(withApp);

        public bool Confirm() => boot.Confirm();

        public bool Reject(UpdateError why) => boot.Reject(why);

        public bool Sleep(int milliseconds, int kept) => boot.Sleep(milliseconds, kept);

        public void Restart() => boot.Restart();
    }
}
