using NanoOta.Native;
using NanoOta.Tests.Simulation;
using NanoOta.Tests.VirtualDevice;
using NanoOta.VirtualDevice;

namespace NanoOta.Tests.AgentThread;

/// <summary>The calls of the native module by firmware that runs (SPEC.md, section 5.4).</summary>
[TestClass]
public sealed class FirmwareGuardTests : IClock
{
    private const int Minute = 60_000;

    private readonly RetainedMemory memory = new();
    private readonly List<int> guards = [];

    public long Milliseconds { get; private set; } = 1_000_000;

    public long UnixSeconds => 0;

    [TestMethod]
    public void Confirmed_firmware_is_guarded_from_its_first_round_on()
    {
        Start(TestFlash.With(null, 0), crashes: 0).Round(false);
        CollectionAssert.AreEqual(new[] { FirmwareGuard.GuardSeconds }, guards);
    }

    [TestMethod]
    public void The_crash_count_is_cleared_after_ten_minutes_and_not_before()
    {
        var guard = Start(TestFlash.With(null, 0), crashes: 2);
        Milliseconds += 10 * Minute - 1;
        guard.Round(false);
        Assert.AreEqual(2, NativeModule.GetValue(NativeModule.ValueCrashes));
        Milliseconds++;
        guard.Round(true);
        Assert.AreEqual(0, NativeModule.GetValue(NativeModule.ValueCrashes));
    }

    [TestMethod]
    [DataRow(ResetReason.Wdt, 1, true)]
    [DataRow(ResetReason.Wdt, 4, false, DisplayName = "safe mode: nothing else runs")]
    [DataRow(ResetReason.Panic, 1, false)]
    [DataRow(ResetReason.Sw, 4, false)]
    public void Only_after_a_hang_must_firmware_be_stable_before_the_first_check(ResetReason reset, int before, bool isExpected)
    {
        var guard = Start(TestFlash.With(null, 0), (byte)before, reset);
        Assert.AreEqual(isExpected, guard.IsOnProbation);
        Milliseconds += 10 * Minute;
        guard.Round(false);
        Assert.IsFalse(guard.IsOnProbation);
    }

    [TestMethod]
    public void After_a_hung_trial_the_previous_firmware_checks_at_once()
    {
        var boot = TestFlash.Boot(TestFlash.With(TestFlash.Trial(), 0, 1), ResetReason.Wdt, memory);
        Assert.AreEqual((0, UpdateError.TrialWatchdog), (boot.Slot, boot.Record.Reason));
        new NativePort(TestFlash.With(null, 0), TestFlash.Map, boot).Attach();
        Assert.IsFalse(new FirmwareGuard(new NativeBootControl(), this).IsOnProbation);
    }

    [TestMethod]
    public void Safe_mode_after_crashes_ends_by_reset_after_an_hour_outside_an_update()
    {
        var guard = Start(TestFlash.With(null, 0), crashes: 5);
        Assert.IsTrue(new NativeBootControl().IsSafeMode);
        Milliseconds += 60 * Minute - 1;
        guard.Round(false);
        Milliseconds += Minute;
        guard.Round(true);
        Assert.AreEqual(5, memory.Load().Crashes);
        Assert.ThrowsExactly<RestartException>(() => guard.Round(false));
        Assert.AreEqual(0, memory.Load().Crashes);
        Assert.IsFalse(TestFlash.Boot(TestFlash.With(null, 0), ResetReason.Sw, memory).IsSafeMode);
    }

    [TestMethod]
    public void The_loop_ends_safe_mode_when_the_current_update_is_over()
    {
        var release = SimRelease.Make("1.0.0", 1, 5);
        var device = SimDevice.Offered(release, SimRelease.Make("1.1.0", 2, 7));
        Assert.IsTrue(device.RunUntil(() => device.Agent != null));
        Start(TestFlash.With(null, 0), crashes: 5);
        var loop = new AgentLoop(() => device.Agent!, new NativeBootControl(), device, () => true);
        while (device.Agent!.Phase <= Phase.Idle) device.Pass(loop.Step() + 1);
        device.Pass(FirmwareGuard.SafeModeMs);
        loop.Step();
        Assert.AreEqual(5, memory.Load().Crashes);
        Assert.ThrowsExactly<RestartException>(() =>
        {
            for (int i = 0; i < 10_000; i++) device.Pass(loop.Step() + 1);
        });
        Assert.AreEqual(Phase.Idle, device.Agent.Phase);
    }

    [TestMethod]
    public void Safe_mode_that_the_boot_record_requires_stays()
    {
        var flash = TestFlash.With(TestFlash.Trial() with { State = BootState.Confirmed }, 0); // slot 1 is lost
        var guard = Start(flash, crashes: 0);
        Assert.IsTrue(new NativeBootControl().IsSafeMode);
        Milliseconds += 24 * 60 * Minute;
        guard.Round(false);
        Assert.IsTrue(TestFlash.Boot(flash, ResetReason.Sw, memory).IsSafeMode);
    }

    [TestMethod]
    public void On_trial_nothing_is_guarded_beside_the_trial_watchdog()
    {
        var guard = Start(TestFlash.With(TestFlash.Trial(boots: 0), 0, 1), crashes: 0);
        guard.Round(false);
        Assert.IsEmpty(guards);
        Assert.AreEqual(NativeModule.Ok, NativeModule.Confirm());
        guard.Round(false);
        CollectionAssert.AreEqual(new[] { FirmwareGuard.GuardSeconds }, guards);
    }

    private FirmwareGuard Start(NorFlash flash, byte crashes, ResetReason reset = ResetReason.Sw)
    {
        uint fingerprint = new BootImage(flash, TestFlash.Map, 0).Fingerprint;
        memory.Save(new Retained { Fingerprint = fingerprint, Crashes = crashes });
        var boot = TestFlash.Boot(flash, reset, memory);
        new NativePort(flash, TestFlash.Map, boot) { OnGuard = guards.Add }.Attach();
        return new FirmwareGuard(new NativeBootControl(), this);
    }
}
