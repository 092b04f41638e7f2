using NanoOta.Native;
using NanoOta.VirtualDevice;

namespace NanoOta.Tests.VirtualDevice;

/// <summary>A deployment by cable during a trial, on flash bytes alone (SPEC.md, section 5.1).</summary>
[TestClass]
public sealed class BootCableTests
{
    private static readonly byte[] Old = VirtualAssembly.Wrap([1, 2, 3, 4]);
    private static readonly byte[] New = VirtualAssembly.Wrap([5, 6, 7, 8]);

    public static IEnumerable<object[]> EveryReset => Enum.GetValues<ResetReason>().Select(r => new object[] { r });

    [TestMethod]
    [DynamicData(nameof(EveryReset))]
    public void A_deployment_by_cable_into_a_slot_of_a_trial_boots_after_any_reset(ResetReason reset)
    {
        foreach (int slot in new[] { 0, 1 })
            foreach (int boots in new[] { 0, 1, 255 })
            {
                var flash = OnTrial(boots, slot == 0 ? New : Old, slot == 1 ? New : Old);
                var boot = TestFlash.Boot(flash, reset);
                Assert.AreEqual((slot, BootAction.YieldedToCable, true), (boot.Slot!.Value, boot.Action, boot.Saved));
                var expected = TestFlash.Trial().RevertTo(slot, UpdateError.CableDeployment);
                Assert.AreEqual(expected with { Sequence = 8 }, TestFlash.RecordIn(flash));
                Assert.AreEqual((slot, BootAction.None), (TestFlash.Boot(flash, reset).Slot!.Value, TestFlash.Boot(flash, reset).Action));
            }
    }

    [TestMethod]
    public void Damage_in_a_slot_of_a_trial_is_not_taken_for_a_deployment()
    {
        for (int bit = 0; bit < 8 * (Old.Length + 100); bit++)
        {
            var content = OnTrial(1, Old, Old).Snapshot();
            content[TestFlash.Map.Slot1 + bit / 8] ^= (byte)(1 << bit % 8);
            Assert.AreNotEqual(BootAction.YieldedToCable, TestFlash.Boot(new NorFlash(content)).Action, $"bit {bit}");
        }
    }

    [TestMethod]
    public void A_deployment_that_cannot_be_recorded_boots_and_closes_the_other_slot()
    {
        var flash = OnTrial(1, New, Old);
        flash.WearOut(TestFlash.Map.Records + NorFlash.SectorSize);
        for (int i = 0; i < 3; i++)
        {
            var boot = TestFlash.Boot(flash, ResetReason.Panic);
            Assert.AreEqual((0, BootAction.YieldedToCable, false), (boot.Slot!.Value, boot.Action, boot.Saved));
            Assert.IsFalse(new BootCalls(flash, TestFlash.Map, boot).MayWriteInactive);
        }
    }

    [TestMethod]
    public void A_deployment_into_the_running_slot_cancels_an_activation()
    {
        var flash = TestFlash.With(null, 0, 1);
        Assert.AreEqual(NativeModule.Ok, Run(flash, ResetReason.PowerOn).Activate());
        flash.EraseSector(TestFlash.Map.Slot0);
        flash.Program(TestFlash.Map.Slot0, New);
        var calls = Run(flash, ResetReason.Sw);
        Assert.AreEqual((0, BootState.Reverted), (calls.RunningSlot, calls.State));
        Assert.AreEqual(NativeModule.Ok, calls.Confirm());
        Assert.IsTrue(calls.MayWriteInactive);
    }

    [TestMethod]
    public void After_a_verdict_nothing_is_cancelled()
    {
        var flash = OnTrial(1, Old, Old);
        Assert.AreEqual(NativeModule.Ok, Run(flash, ResetReason.PowerOn).Reject(6004));
        flash.EraseSector(TestFlash.Map.Slot1);
        flash.Program(TestFlash.Map.Slot1, New);
        var calls = Run(flash, ResetReason.Sw);
        Assert.AreEqual((0, UpdateError.HealthCheckFailed), (calls.RunningSlot, calls.Record.Reason));
    }

    /// <summary>Slot 1 on trial, with the recorded image in both slots.</summary>
    private static NorFlash OnTrial(int boots, byte[] slot0, byte[] slot1)
    {
        var before = TestFlash.With(null, 0, 1);
        uint known = new BootImage(before, TestFlash.Map, 0).Fingerprint;
        var flash = TestFlash.With(TestFlash.Trial(boots) with { ChosenFingerprint = known, PreviousFingerprint = known });
        flash.Program(TestFlash.Map.Slot0, slot0);
        flash.Program(TestFlash.Map.Slot1, slot1);
        return flash;
    }

    private static BootCalls Run(NorFlash flash, ResetReason reset) => new(flash, TestFlash.Map, TestFlash.Boot(flash, reset));
}
