using NanoOta.Native;
using NanoOta.VirtualDevice;

namespace NanoOta.Tests.VirtualDevice;

/// <summary>Planned deep sleep, and the memory that announces it (SPEC.md, section 5.4).</summary>
[TestClass]
public sealed class BootSleepTests
{
    private const int TrialMs = 420_000;

    private readonly RetainedMemory memory = TestFlash.AfterCrashes(0);

    [TestMethod]
    public void Retained_memory_is_encoded_byte_by_byte_as_specified()
    {
        var full = new Retained
        {
            Fingerprint = 0x04030201,
            Crashes = 5,
            Hangs = 6,
            Silent = 7,
            IsSleepPlanned = true,
            TrialMs = 0x14131211,
            Kept = 0x24232221,
        };
        memory.Save(full);
        var expected = Convert.FromHexString("4E4F524D" + "01020304" + "05" + "01" + "06" + "07" + "11121314" + "21222324");
        CollectionAssert.AreEqual(expected, memory.Content[..20].ToArray());
        Assert.AreEqual(full, memory.Load());
    }

    [TestMethod]
    public void Memory_with_any_bit_wrong_counts_as_all_zero_but_one_silent_start()
    {
        for (int bit = 0; bit < 8 * RetainedMemory.Length; bit++)
        {
            memory.Save(new Retained { Fingerprint = 1, Crashes = 5, IsSleepPlanned = true, TrialMs = 2, Kept = 3 });
            memory.Content[bit / 8] ^= (byte)(1 << bit % 8);
            Assert.AreEqual(new Retained { Silent = 1 }, memory.Load(), $"bit {bit}");
        }
    }

    [TestMethod]
    public void A_planned_sleep_leaves_the_trial_as_it_is_and_keeps_the_number()
    {
        var flash = TestFlash.With(TestFlash.Trial(boots: 0), 0, 1);
        var calls = Run(flash, ResetReason.Sw);
        var before = flash.Snapshot();
        for (int i = 1; i <= 20; i++)
        {
            Assert.AreEqual(NativeModule.Ok, calls.Sleep(60_000, 77, 2000, TrialMs));
            calls = Run(flash, ResetReason.DeepSleep);
            Assert.AreEqual((BootState.Trial, 1, 0), (calls.State, calls.Record.TrialBoots, calls.Record.PowerBlips));
            Assert.AreEqual((77u, 2000u * i, false), (memory.Load().Kept, memory.Load().TrialMs, memory.Load().IsSleepPlanned));
        }

        CollectionAssert.AreEqual(before, flash.Snapshot(), "it wears nothing");
        Run(flash, ResetReason.DeepSleep);
        Assert.AreEqual((0u, 0u), (memory.Load().Kept, memory.Load().TrialMs), "the announcement is for one sleep");
        Assert.AreEqual(1, TestFlash.RecordIn(flash)!.PowerBlips);
    }

    [TestMethod]
    [DataRow(ResetReason.PowerOn, 1)]
    [DataRow(ResetReason.Ext, 1)]
    [DataRow(ResetReason.Brownout, 1)]
    public void A_sleep_that_another_reset_ends_is_a_blip(ResetReason reset, int blips)
    {
        var flash = TestFlash.With(TestFlash.Trial(boots: 0), 0, 1);
        Run(flash, ResetReason.Sw).Sleep(60_000, 77, 2000, TrialMs);
        Assert.AreEqual(blips, Run(flash, reset).Record.PowerBlips);
        Assert.AreEqual((0u, 0u), (memory.Load().Kept, memory.Load().TrialMs));
    }

    [TestMethod]
    public void A_sleep_of_the_old_firmware_is_not_a_wake_of_a_trial_that_failed_to_revert()
    {
        var flash = TestFlash.With(TestFlash.Trial(), 0, 1);
        flash.WearOut(TestFlash.Map.Records + NorFlash.SectorSize);
        var calls = Run(flash, ResetReason.Panic);
        for (int i = 1; i <= 3; i++)
        {
            Assert.AreEqual((0, BootState.Reverted), (calls.RunningSlot, calls.State), $"boot {i}");
            Assert.AreEqual(NativeModule.Ok, calls.Sleep(60_000, 77, 90_000, TrialMs));
            calls = Run(flash, ResetReason.DeepSleep);
            Assert.AreEqual(77u, memory.Load().Kept);
        }
    }

    [TestMethod]
    public void A_panic_in_place_of_the_wake_is_a_blip()
    {
        var flash = TestFlash.With(TestFlash.Trial(boots: 0), 0, 1);
        Run(flash, ResetReason.Sw).Sleep(60_000, 77, 2000, TrialMs);
        var calls = Run(flash, ResetReason.Panic);
        Assert.AreEqual((1, 1), (calls.RunningSlot, calls.Record.PowerBlips));
    }

    [TestMethod]
    public void A_trial_that_sleeps_at_once_each_time_is_kept_awake_when_its_time_is_over()
    {
        var flash = TestFlash.With(TestFlash.Trial(boots: 0), 0, 1);
        var calls = Run(flash, ResetReason.Sw);
        int sleeps = 0;
        while (calls.Sleep(1, 0, 0, TrialMs) == NativeModule.Ok)
        {
            Assert.IsLessThan(1000, ++sleeps);
            calls = Run(flash, ResetReason.DeepSleep);
        }

        Assert.AreEqual(TrialMs / BootCalls.LeastTrialMs - 1, sleeps);
    }

    [TestMethod]
    public void A_sleep_outside_a_trial_takes_no_time_of_the_next_one()
    {
        var flash = TestFlash.With(null, 0, 1);
        var calls = Run(flash, ResetReason.PowerOn);
        Assert.AreEqual(NativeModule.Ok, calls.Sleep(1, 0, 400_000, TrialMs));
        calls = Run(flash, ResetReason.DeepSleep);
        Assert.AreEqual(NativeModule.Ok, calls.Activate());
        Assert.AreEqual(NativeModule.Ok, calls.Sleep(1, 0, 400_000, TrialMs));
        calls = Run(flash, ResetReason.DeepSleep);
        Assert.AreEqual((BootState.Trial, 1, 0u), (calls.State, calls.Record.TrialBoots, memory.Load().TrialMs));
    }

    private BootCalls Run(NorFlash flash, ResetReason reset) => new(flash, TestFlash.Map, TestFlash.Boot(flash, reset, memory));
}
