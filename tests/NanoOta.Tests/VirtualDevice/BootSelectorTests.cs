using NanoOta.VirtualDevice;

namespace NanoOta.Tests.VirtualDevice;

/// <summary>The rules at boot, row by row (SPEC.md, section 5.1).</summary>
[TestClass]
public sealed class BootSelectorTests
{
    public static IEnumerable<object[]> EveryReset => Enum.GetValues<ResetReason>().Select(r => new object[] { r });

    [TestMethod]
    [DynamicData(nameof(EveryReset))]
    public void Without_a_record_slot_0_boots_as_confirmed_and_nothing_is_written(ResetReason reset)
    {
        var flash = TestFlash.With(null, 0, 1);
        var boot = BootsUnchanged(flash, reset);
        Assert.AreEqual(0, boot.Slot);
        Assert.AreEqual(BootState.Confirmed, boot.Record.State);
    }

    [TestMethod]
    [DynamicData(nameof(EveryReset))]
    public void Out_of_a_trial_no_reset_changes_anything(ResetReason reset)
    {
        foreach (var state in new[] { BootState.Confirmed, BootState.Reverted })
        {
            var record = TestFlash.Trial() with { State = state, ClrSlot = 3 };
            Assert.AreEqual(1, BootsUnchanged(TestFlash.With(record, 0, 1), reset).Slot);
        }
    }

    [TestMethod]
    [DynamicData(nameof(EveryReset))]
    public void The_first_boot_of_a_trial_is_counted_after_any_reset(ResetReason reset)
    {
        var flash = TestFlash.With(TestFlash.Trial(boots: 0), 0, 1);
        var boot = TestFlash.Boot(flash, reset);
        Assert.AreEqual((1, BootAction.TrialBegun), (boot.Slot, boot.Action));
        AssertRecord(flash, boot, TestFlash.Trial(boots: 1));
    }

    [TestMethod]
    [DataRow(ResetReason.Sw, UpdateError.TrialReset)]
    [DataRow(ResetReason.Panic, UpdateError.TrialPanic)]
    [DataRow(ResetReason.CpuLockup, UpdateError.TrialPanic)]
    [DataRow(ResetReason.IntWdt, UpdateError.TrialWatchdog)]
    [DataRow(ResetReason.TaskWdt, UpdateError.TrialWatchdog)]
    [DataRow(ResetReason.Wdt, UpdateError.TrialWatchdog)]
    public void A_failure_during_the_trial_rolls_back_to_the_previous_slot(ResetReason reset, UpdateError reason)
    {
        var flash = TestFlash.With(TestFlash.Trial(boots: 3, blips: 2), 0, 1);
        var boot = TestFlash.Boot(flash, reset);
        Assert.AreEqual((0, BootAction.Reverted), (boot.Slot, boot.Action));
        AssertRecord(flash, boot, Reverted(0, reason));
    }

    [TestMethod]
    [DataRow(ResetReason.Unknown)]
    [DataRow(ResetReason.PowerOn)]
    [DataRow(ResetReason.Ext)]
    [DataRow(ResetReason.DeepSleep)]
    [DataRow(ResetReason.Brownout)]
    [DataRow(ResetReason.Sdio)]
    [DataRow(ResetReason.Usb)]
    [DataRow(ResetReason.Jtag)]
    [DataRow(ResetReason.Efuse)]
    [DataRow(ResetReason.PwrGlitch)]
    public void Five_blips_during_the_trial_do_not_count_against_it(ResetReason reset)
    {
        var flash = TestFlash.With(TestFlash.Trial(boots: 0), 0, 1);
        TestFlash.Boot(flash, reset);
        for (int blip = 1; blip <= 5; blip++)
        {
            var boot = TestFlash.Boot(flash, reset);
            Assert.AreEqual((1, BootAction.BlipCounted), (boot.Slot, boot.Action));
            AssertRecord(flash, boot, TestFlash.Trial(boots: 1 + blip, blips: blip));
        }

        var last = TestFlash.Boot(flash, reset);
        Assert.AreEqual(0, last.Slot);
        AssertRecord(flash, last, Reverted(0, UpdateError.TooManyBlips));
    }

    [TestMethod]
    public void Trial_boots_stop_counting_at_255()
    {
        var flash = TestFlash.With(TestFlash.Trial(boots: 255), 0, 1);
        AssertRecord(flash, TestFlash.Boot(flash), TestFlash.Trial(boots: 255, blips: 1));
    }

    [TestMethod]
    public void An_app_for_another_runtime_slot_is_reverted_before_its_first_boot()
    {
        var flash = TestFlash.With(TestFlash.Trial(boots: 0) with { ClrSlot = 1 }, 0, 1);
        var boot = TestFlash.Boot(flash);
        Assert.AreEqual(0, boot.Slot);
        Assert.AreEqual(UpdateError.WrongRuntimeSlot, TestFlash.RecordIn(flash)!.Reason);
        Assert.AreEqual(UpdateError.WrongRuntimeSlot, boot.Record.Reason);
    }

    [TestMethod]
    public void An_app_for_the_running_runtime_slot_boots()
    {
        var flash = TestFlash.With(TestFlash.Trial(boots: 0) with { ClrSlot = 1 }, 0, 1);
        Assert.AreEqual(1, BootSelector.Boot(flash, TestFlash.Map, new RetainedMemory(), ResetReason.Sw, clrSlot: 1).Slot);
    }

    [TestMethod]
    [DataRow(BootState.Confirmed)]
    [DataRow(BootState.Trial)]
    [DataRow(BootState.Reverted)]
    public void A_chosen_slot_without_an_assembly_falls_back_to_the_other(BootState state)
    {
        var flash = TestFlash.With(TestFlash.Trial(boots: 0) with { State = state }, 0);
        var boot = TestFlash.Boot(flash);
        Assert.AreEqual(0, boot.Slot);
        AssertRecord(flash, boot, Reverted(0, UpdateError.SlotNotBootable) with
        {
            SafeMode = SafeMode.Chosen,
            ChosenFingerprint = new BootImage(flash, TestFlash.Map, 0).Fingerprint,
        });
        Assert.IsTrue(boot.IsSafeMode, "the firmware that boots is not known to have passed a trial");
    }

    [TestMethod]
    public void Without_a_record_a_blank_slot_0_falls_back_to_slot_1()
    {
        var flash = TestFlash.With(null, 1);
        var boot = TestFlash.Boot(flash);
        Assert.AreEqual(1, boot.Slot);
        AssertRecord(flash, boot, BootRecord.None.RevertTo(1, UpdateError.SlotNotBootable));
        Assert.IsFalse(boot.IsSafeMode);
    }

    [TestMethod]
    [DynamicData(nameof(EveryReset))]
    public void With_two_blank_slots_nothing_boots_and_nothing_is_written(ResetReason reset)
    {
        foreach (var record in new[] { null, TestFlash.Trial(0), TestFlash.Trial(1), BootRecord.None })
            Assert.IsNull(BootsUnchanged(TestFlash.With(record), reset).Slot);
    }

    [TestMethod]
    public void A_header_is_plausible_only_with_marker_CRC_and_a_size_that_fits()
    {
        Assert.IsTrue(IsPlausible(_ => { }));
        Assert.IsTrue(IsPlausible(h => SetSize(h, AssemblyHeader.Length)));
        Assert.IsTrue(IsPlausible(h => SetSize(h, (uint)TestFlash.Map.SlotSize)));
        Assert.IsFalse(IsPlausible(h => SetSize(h, AssemblyHeader.Length - 1)));
        Assert.IsFalse(IsPlausible(h => SetSize(h, (uint)TestFlash.Map.SlotSize + 1)));
        Assert.IsFalse(IsPlausible(h => SetSize(h, uint.MaxValue)));
        Assert.IsFalse(IsPlausible(h => h[20]++));
        Assert.IsFalse(IsPlausible(h => h[6]++));
    }

    [TestMethod]
    public void A_trial_that_cannot_be_counted_does_not_boot()
    {
        var flash = TestFlash.With(TestFlash.Trial(boots: 1), 0, 1);
        flash.WearOut(TestFlash.Map.Records + NorFlash.SectorSize);
        for (int i = 0; i < 3; i++)
        {
            var boot = TestFlash.Boot(flash);
            Assert.AreEqual((0, false), (boot.Slot, boot.Saved));
            Assert.AreEqual((BootState.Reverted, UpdateError.BootRecordFailed), (boot.Record.State, boot.Record.Reason));
        }
    }

    private static BootRecord Reverted(int slot, UpdateError reason) => TestFlash.Trial().RevertTo(slot, reason);

    private static BootOutcome BootsUnchanged(NorFlash flash, ResetReason reset)
    {
        var before = flash.Snapshot();
        var boot = TestFlash.Boot(flash, reset);
        CollectionAssert.AreEqual(before, flash.Snapshot());
        Assert.AreEqual(BootAction.None, boot.Action);
        return boot;
    }

    private static void AssertRecord(NorFlash flash, BootOutcome boot, BootRecord expected)
    {
        Assert.AreEqual(boot.Record, TestFlash.RecordIn(flash));
        Assert.AreEqual(expected, boot.Record with { Sequence = expected.Sequence });
        Assert.IsTrue(boot.Saved);
    }

    private static bool IsPlausible(Action<byte[]> change)
    {
        var assembly = VirtualAssembly.Wrap([1, 2, 3, 4]);
        change(assembly);
        var flash = new NorFlash(TestFlash.Size);
        flash.Program(TestFlash.Map.Slot1, assembly);
        return TestFlash.Map.IsPlausible(flash, 1);
    }

    private static void SetSize(byte[] header, uint size)
    {
        Bytes.PutU32(header, AssemblyHeader.TotalSizeOffset, size);
        Bytes.PutU32(header, AssemblyHeader.HeaderCrcOffset, AssemblyHeader.ComputeHeaderCrc(header));
    }
}
