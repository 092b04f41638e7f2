using NanoOta.Native;
using NanoOta.VirtualDevice;

namespace NanoOta.Tests.VirtualDevice;

[TestClass]
public sealed class BootCallsTests
{
    [TestMethod]
    public void Activation_begins_a_trial_of_the_other_slot_at_the_next_reset()
    {
        var flash = TestFlash.With(null, 0, 1);
        var calls = Run(flash);
        Assert.AreEqual(NativeModule.Ok, calls.Activate());
        Assert.AreEqual(BootState.Activated, calls.State);
        uint fingerprint = new BootImage(flash, TestFlash.Map, 0).Fingerprint;
        Assert.AreEqual(
            TestFlash.Trial(boots: 0) with { Sequence = 1, ChosenFingerprint = fingerprint, PreviousFingerprint = fingerprint },
            TestFlash.RecordIn(flash));
        var next = Run(flash, ResetReason.Sw);
        Assert.AreEqual((1, BootState.Trial), (next.RunningSlot, next.State));
    }

    [TestMethod]
    public void Activation_of_a_slot_without_an_assembly_is_refused() => RefusesUnchanged(TestFlash.With(null, 0), c => c.Activate());

    [TestMethod]
    [DataRow(BootState.Trial)]
    [DataRow(BootState.Reverted)]
    public void Activation_is_refused_unless_the_state_is_confirmed(BootState state) =>
        RefusesUnchanged(TestFlash.With(TestFlash.Trial() with { State = state }, 0, 1), c => c.Activate());

    [TestMethod]
    public void After_activation_every_other_call_is_refused()
    {
        var flash = TestFlash.With(null, 0, 1);
        var calls = Run(flash);
        calls.Activate();
        var after = flash.Snapshot();
        Assert.AreEqual(NativeModule.Refused, calls.Activate());
        Assert.AreEqual(NativeModule.Refused, calls.Confirm());
        Assert.AreEqual(NativeModule.Refused, calls.Reject(6004));
        Assert.IsFalse(calls.MayWriteInactive);
        CollectionAssert.AreEqual(after, flash.Snapshot());
    }

    [TestMethod]
    public void A_confirmed_trial_boots_from_then_on()
    {
        var flash = TestFlash.With(TestFlash.Trial(boots: 2, blips: 1), 0, 1);
        var calls = Run(flash);
        Assert.AreEqual(NativeModule.Ok, calls.Confirm());
        var record = TestFlash.RecordIn(flash)!;
        Assert.AreEqual((BootState.Confirmed, 1, 0, 0), (record.State, record.Chosen, record.TrialBoots, record.PowerBlips));
        Assert.AreEqual(1, Run(flash, ResetReason.Panic).RunningSlot);
        Assert.IsTrue(calls.MayWriteInactive);
    }

    [TestMethod]
    public void A_confirmed_revert_keeps_its_reason_and_allows_writing_again()
    {
        var flash = TestFlash.With(TestFlash.Trial(), 0, 1);
        var calls = Run(flash, ResetReason.Panic);
        Assert.AreEqual((BootState.Reverted, false), (calls.State, calls.MayWriteInactive));
        Assert.AreEqual(NativeModule.Ok, calls.Confirm());
        Assert.AreEqual((BootState.Confirmed, true), (calls.State, calls.MayWriteInactive));
        Assert.AreEqual(UpdateError.TrialPanic, TestFlash.RecordIn(flash)!.Reason);
    }

    [TestMethod]
    public void Confirming_what_is_confirmed_succeeds_without_a_write()
    {
        foreach (var record in new[] { null, TestFlash.Trial() with { State = BootState.Confirmed } })
        {
            var flash = TestFlash.With(record, 0, 1);
            int before = flash.Operations;
            Assert.AreEqual(NativeModule.Ok, Run(flash).Confirm());
            Assert.AreEqual(before, flash.Operations);
        }
    }

    [TestMethod]
    public void A_rejected_trial_rolls_back_to_the_previous_slot_with_the_reason()
    {
        var flash = TestFlash.With(TestFlash.Trial(), 0, 1);
        var calls = Run(flash);
        Assert.AreEqual(NativeModule.Ok, calls.Reject((int)UpdateError.HealthCheckFailed));
        Assert.AreEqual(NativeModule.Refused, calls.Confirm(), "the verdict is given");
        Assert.IsFalse(calls.MayWriteInactive);
        var next = Run(flash, ResetReason.Sw);
        Assert.AreEqual((0, BootState.Reverted), (next.RunningSlot, next.State));
        Assert.AreEqual(UpdateError.HealthCheckFailed, next.Record.Reason);
    }

    [TestMethod]
    [DataRow(BootState.Confirmed, 6004)]
    [DataRow(BootState.Reverted, 6004)]
    [DataRow(BootState.Trial, 0)]
    [DataRow(BootState.Trial, -1)]
    [DataRow(BootState.Trial, 65536)]
    [DataRow(BootState.Trial, int.MinValue)]
    public void A_rejection_needs_a_reason_and_a_trial_or_a_proven_slot(BootState state, int reason) =>
        RefusesUnchanged(TestFlash.With(TestFlash.Trial() with { State = state }, 0, 1), c => c.Reject(reason));

    [TestMethod]
    public void Confirmed_firmware_is_reverted_to_the_previous_one_and_never_twice()
    {
        var flash = Confirmed();
        var calls = Run(flash);
        Assert.AreEqual(NativeModule.Ok, calls.Reject((int)UpdateError.RevertedByOperator));
        Assert.AreEqual((BootState.Activated, false), (calls.State, calls.MayWriteInactive));
        Assert.AreEqual(NativeModule.Refused, calls.Reject(6013));
        calls = Run(flash, ResetReason.Sw);
        Assert.AreEqual((0, BootState.Reverted, UpdateError.RevertedByOperator), (calls.RunningSlot, calls.State, calls.Record.Reason));
        Assert.AreEqual(NativeModule.Ok, calls.Confirm());
        Assert.AreEqual(NativeModule.Refused, calls.Reject(6013), "nothing is known to have run before it");
    }

    [TestMethod]
    [DataRow(0u, 1u, SafeMode.None, DisplayName = "the previous firmware is not recorded")]
    [DataRow(1u, 0u, SafeMode.None, DisplayName = "the chosen firmware is not recorded")]
    [DataRow(7u, 1u, SafeMode.None, DisplayName = "something else is there now")]
    [DataRow(1u, 7u, SafeMode.None, DisplayName = "a cable has put something else into the slot that runs")]
    [DataRow(1u, 1u, SafeMode.Previous, DisplayName = "what ran before was not proven itself")]
    public void Without_a_proven_previous_slot_confirmed_firmware_is_not_reverted(uint previous, uint chosen, SafeMode safeMode) =>
        RefusesUnchanged(Confirmed(previous * TestFlash.Fingerprint, chosen * TestFlash.Fingerprint, safeMode), c => c.Reject(6013));

    [TestMethod]
    public void A_revert_to_a_damaged_or_erased_slot_is_refused()
    {
        var damaged = Confirmed().Snapshot();
        damaged[AssemblyHeader.Length] ^= 1;
        RefusesUnchanged(new NorFlash(damaged), c => c.Reject(6013));
        var flash = Confirmed();
        var calls = Run(flash);
        flash.EraseSector(0);
        Assert.AreEqual(NativeModule.Refused, calls.Reject(6013));
    }

    [TestMethod]
    public void While_the_older_record_holds_a_trial_confirmed_firmware_is_not_reverted()
    {
        var content = Confirmed().Snapshot();
        TestFlash.Trial().Encode().CopyTo(content, TestFlash.Map.Records + NorFlash.SectorSize);
        var flash = new NorFlash(content);
        flash.WearOut(TestFlash.Map.Records + NorFlash.SectorSize);
        RefusesUnchanged(flash, c => c.Reject(6013));
    }

    [TestMethod]
    public void A_record_that_flash_refuses_returns_Failed_and_leaves_the_state()
    {
        var flash = TestFlash.With(TestFlash.Trial(boots: 0), 0, 1);
        var calls = Run(flash);
        flash.WearOut(TestFlash.Map.Records);
        Assert.AreEqual(NativeModule.Failed, calls.Confirm());
        Assert.AreEqual(NativeModule.Failed, calls.Reject(6004));
        Assert.AreEqual(BootState.Trial, calls.State);
    }

    [TestMethod]
    public void After_a_revert_that_flash_refuses_nothing_is_staged_until_the_next_boot()
    {
        var flash = Confirmed();
        var calls = Run(flash);
        flash.WearOut(TestFlash.Map.Records + NorFlash.SectorSize);
        Assert.AreEqual(NativeModule.Failed, calls.Reject(6013));
        Assert.AreEqual((BootState.Confirmed, false), (calls.State, calls.MayWriteInactive));
        Assert.IsTrue(Run(flash, ResetReason.Sw).MayWriteInactive);
    }

    /// <summary>Slot 1 has passed its trial, and slot 0 is what ran before it.</summary>
    private static NorFlash Confirmed(uint? previous = null, uint? chosen = null, SafeMode safeMode = SafeMode.None) => TestFlash.With(
        TestFlash.Trial() with
        {
            State = BootState.Confirmed,
            TrialBoots = 0,
            PreviousFingerprint = previous ?? TestFlash.Fingerprint,
            ChosenFingerprint = chosen ?? TestFlash.Fingerprint,
            SafeMode = safeMode,
        },
        0, 1);

    private static BootCalls Run(NorFlash flash, ResetReason reset = ResetReason.PowerOn) =>
        new(flash, TestFlash.Map, TestFlash.Boot(flash, reset));

    private static void RefusesUnchanged(NorFlash flash, Func<BootCalls, int> call)
    {
        var calls = Run(flash);
        var before = flash.Snapshot();
        Assert.AreEqual(NativeModule.Refused, call(calls));
        CollectionAssert.AreEqual(before, flash.Snapshot());
    }
}
