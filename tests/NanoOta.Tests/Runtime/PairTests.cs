using NanoOta.Native;
using NanoOta.VirtualDevice;

namespace NanoOta.Tests.Runtime;

/// <summary>Which runtime and app run after each course of an update of both, or of the runtime alone.</summary>
[TestClass]
public sealed class PairTests
{
    private static readonly Pair Old = new(0, 0);

    private readonly PairDevice device = new();

    [TestMethod]
    [DataRow(true)]
    [DataRow(false)]
    public void A_confirmed_pair_stays(bool withApp)
    {
        var pair = Activate(withApp);
        Assert.AreEqual(pair, device.Boot(ResetReason.Sw));
        Assert.IsTrue(device.IsRuntimePending);
        device.Confirm();
        Assert.IsFalse(device.IsRuntimePending);
        Assert.AreEqual(pair, device.Boot());
        Assert.AreEqual(pair, device.Boot(ResetReason.Panic));
        Assert.AreEqual(BootState.Confirmed, device.Calls.State);
    }

    [TestMethod]
    [DataRow(true)]
    [DataRow(false)]
    public void A_rejected_pair_gives_way_to_the_one_before(bool withApp)
    {
        OnTrial(withApp);
        device.Reject(6004);
        Assert.AreEqual(Old, device.Boot(ResetReason.Sw));
        Assert.IsTrue(device.Record is { State: BootState.Reverted, Reason: (UpdateError)6004 });
        device.Confirm();
        Assert.AreEqual(Old, device.Boot());
    }

    [TestMethod]
    [DataRow(ResetReason.Panic, UpdateError.TrialPanic)]
    [DataRow(ResetReason.Wdt, UpdateError.TrialWatchdog)]
    [DataRow(ResetReason.Sw, UpdateError.TrialReset)]
    public void A_fault_on_trial_brings_the_old_pair_back_with_its_reason(ResetReason reset, UpdateError reason)
    {
        foreach (bool withApp in new[] { true, false })
        {
            var other = new PairDevice();
            other.Boot();
            other.Activate(withApp);
            other.Boot(ResetReason.Sw);
            Assert.AreEqual(Old, other.Boot(reset));
            Assert.AreEqual(reason, other.Record.Reason);
        }
    }

    [TestMethod]
    [DataRow(true)]
    [DataRow(false)]
    public void Five_blips_are_allowed_and_the_sixth_ends_the_trial(bool withApp)
    {
        var pair = OnTrial(withApp);
        for (int i = 1; i <= 5; i++)
        {
            Assert.AreEqual(pair, device.Boot(), $"blip {i}");
            Assert.AreEqual(BootState.Trial, device.Calls.State);
        }

        Assert.AreEqual(Old, device.Boot());
        Assert.AreEqual(UpdateError.TooManyBlips, device.Record.Reason);
    }

    [TestMethod]
    public void A_runtime_that_crashes_before_the_module_is_given_up_after_five_more_attempts()
    {
        Activate(withApp: true);
        Assert.AreEqual(6, device.CrashBeforeModule(ResetReason.Panic));
        Assert.IsTrue(device.Record is { State: BootState.Reverted, Reason: UpdateError.TooManyBlips });
    }

    [TestMethod]
    [DataRow(true)]
    [DataRow(false)]
    public void A_runtime_that_the_bootloader_refuses_ends_the_trial_at_once(bool withApp)
    {
        Activate(withApp);
        device.DamageRuntime(1);
        Assert.AreEqual(Old, device.Boot(ResetReason.Sw));
        Assert.IsTrue(device.Record is { State: BootState.Reverted, Reason: UpdateError.WrongRuntimeSlot });
        device.Confirm();
        Assert.IsTrue(device.Calls.MayWriteRuntime, "the next update is possible");
    }

    [TestMethod]
    public void A_runtime_that_is_damaged_is_never_activated()
    {
        device.Boot();
        device.DamageRuntime(1);
        Assert.AreEqual(NativeModule.Refused, device.Calls.ActivateRuntime(withApp: true));
        Assert.AreEqual(BootRecord.None, device.Record);
    }

    [TestMethod]
    [DataRow(true)]
    [DataRow(false)]
    public void An_operator_reverts_a_confirmed_pair(bool withApp)
    {
        OnTrial(withApp);
        device.Confirm();
        device.Reject(6013);
        Assert.AreEqual(Old, device.Boot(ResetReason.Sw));
        Assert.IsFalse(device.IsRuntimePending);
    }

    [TestMethod]
    [DataRow(true)]
    [DataRow(false)]
    public void A_confirmed_pair_that_crashes_five_times_gives_way_to_the_one_before(bool withApp)
    {
        var pair = OnTrial(withApp);
        device.Confirm();
        Assert.AreEqual(pair, device.Crash(4));
        Assert.AreEqual(Old, device.Crash(1));
        Assert.AreEqual(UpdateError.CrashLoop, device.Record.Reason);
        Assert.IsFalse(device.IsRuntimePending);
    }

    [TestMethod]
    public void A_confirmation_that_power_cuts_is_completed()
    {
        var pair = OnTrial(withApp: true);
        device.Flash.Arm(new PowerCut(o => o.Offset >= PairDevice.OtaData ? CutMoment.Before : CutMoment.None));
        Assert.ThrowsExactly<PowerLostException>(device.Confirm);
        var after = PairDevice.From(device.Flash.Snapshot());
        Assert.AreEqual(pair, after.Boot());
        Assert.AreEqual(BootState.Confirmed, after.Calls.State);
        Assert.IsFalse(after.IsRuntimePending);
        Assert.AreEqual(0, after.Record.PowerBlips);
    }

    [TestMethod]
    public void A_confirmed_runtime_that_stops_starting_is_not_tried_for_ever()
    {
        OnTrial(withApp: true);
        device.Flash.Arm(new PowerCut(o => o.Offset >= PairDevice.OtaData ? CutMoment.Before : CutMoment.None));
        Assert.ThrowsExactly<PowerLostException>(device.Confirm);
        var after = PairDevice.From(device.Flash.Snapshot());
        Assert.IsLessThan(8, after.CrashBeforeModule(ResetReason.Panic));
        Assert.IsTrue(after.Record is { State: BootState.Reverted, Reason: UpdateError.SlotNotBootable });
    }

    [TestMethod]
    [DataRow(true)]
    [DataRow(false)]
    public void Nothing_reverts_to_a_runtime_that_cannot_start(bool withApp)
    {
        var pair = OnTrial(withApp);
        device.Confirm();
        device.DamageRuntime(0);
        Assert.AreEqual(NativeModule.Refused, device.Calls.Reject(6013));
        Assert.AreEqual(pair, device.Crash(6));
        Assert.IsTrue(device.Outcome.IsSafeMode);
    }

    [TestMethod]
    public void Once_the_next_runtime_is_staged_nothing_reverts()
    {
        OnTrial(withApp: true);
        device.Confirm();
        device.Release();
        device.Stage(0, runtime: true, app: false, content: 9);
        Assert.AreEqual(NativeModule.Refused, device.Calls.Reject(6013));
        Assert.AreEqual(new Pair(1, 1), device.Crash(9));
    }

    [TestMethod]
    [DataRow(true)]
    [DataRow(false)]
    public void The_next_update_goes_into_the_slots_of_the_pair_before(bool withApp)
    {
        OnTrial(withApp);
        device.Confirm();
        device.Release();
        device.Stage(0, runtime: true, app: withApp, content: 9);
        device.Activate(withApp);
        Assert.AreEqual(Old, device.Boot(ResetReason.Sw));
        device.Confirm();
        Assert.AreEqual(Old, device.Boot());
    }

    [TestMethod]
    public void A_runtime_on_trial_may_not_sleep_and_a_confirmed_one_may()
    {
        OnTrial(withApp: true);
        Assert.AreEqual(NativeModule.Refused, device.Calls.Sleep(1000, 0, 0, trialMs: 420_000));
        device.Confirm();
        Assert.AreEqual(NativeModule.Ok, device.Calls.Sleep(1000, 0, 0, trialMs: 420_000));
        Assert.AreEqual(new Pair(1, 1), device.Boot(ResetReason.DeepSleep));
    }

    [TestMethod]
    public void An_app_alone_moves_no_runtime_and_needs_none()
    {
        device.Boot();
        Assert.AreEqual(NativeModule.Ok, device.Calls.Activate());
        Assert.AreEqual(new Pair(0, 1), device.Boot(ResetReason.Sw));
        device.Confirm();
        Assert.AreEqual(new Pair(0, 1), device.Boot());
    }

    [TestMethod]
    public void The_pair_stays_in_safe_mode_if_the_one_before_cannot_start()
    {
        var pair = OnTrial(withApp: true);
        device.DamageRuntime(0);
        device.Reject(6004);
        Assert.AreEqual(pair, device.Boot(ResetReason.Sw));
        Assert.IsTrue(device.Outcome.IsSafeMode);
        device.Confirm();
        Assert.AreEqual(pair, device.Boot());
    }

    [TestMethod]
    public void A_lost_runtime_leads_back_to_the_pair_before_and_can_be_repaired()
    {
        OnTrial(withApp: true);
        device.Confirm();
        device.DamageRuntime(1);
        Assert.AreEqual(Old, device.Boot());
        Assert.AreEqual(UpdateError.SlotNotBootable, device.Record.Reason);
        device.Confirm();
        Assert.IsTrue(device.Calls.MayWriteRuntime);
        device.Release();
        device.Stage(1, runtime: true, app: true);
        device.Activate(withApp: true);
        Assert.AreEqual(new Pair(1, 1), device.Boot(ResetReason.Sw));
    }

    private Pair Activate(bool withApp)
    {
        Assert.AreEqual(Old, device.Boot());
        device.Activate(withApp);
        return new Pair(1, withApp ? 1 : 0);
    }

    private Pair OnTrial(bool withApp)
    {
        var pair = Activate(withApp);
        Assert.AreEqual(pair, device.Boot(ResetReason.Sw));
        return pair;
    }
}
