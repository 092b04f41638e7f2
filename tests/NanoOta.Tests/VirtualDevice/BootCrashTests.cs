using NanoOta.Native;
using NanoOta.VirtualDevice;

namespace NanoOta.Tests.VirtualDevice;

/// <summary>Crashes of firmware that is not on trial, and safe mode (SPEC.md, sections 5.1 and 5.4).</summary>
[TestClass]
public sealed class BootCrashTests
{
    private static readonly byte[] Old = VirtualAssembly.Wrap([1, 2, 3, 4]);
    private static readonly byte[] New = VirtualAssembly.Wrap([5, 6, 7, 8]);

    [TestMethod]
    [DataRow(ResetReason.Panic, 3)]
    [DataRow(ResetReason.CpuLockup, 3)]
    [DataRow(ResetReason.IntWdt, 3)]
    [DataRow(ResetReason.TaskWdt, 3)]
    [DataRow(ResetReason.Wdt, 2, 3)]
    [DataRow(ResetReason.PowerOn, 0)]
    [DataRow(ResetReason.Ext, 0)]
    [DataRow(ResetReason.DeepSleep, 0)]
    [DataRow(ResetReason.Brownout, 0)]
    [DataRow(ResetReason.PwrGlitch, 0)]
    [DataRow(ResetReason.Sw, 2)]
    [DataRow(ResetReason.Unknown, 2)]
    [DataRow(ResetReason.Usb, 2)]
    [DataRow(ResetReason.Jtag, 2)]
    [DataRow(ResetReason.Sdio, 2)]
    [DataRow(ResetReason.Efuse, 2)]
    public void Crashes_and_hangs_are_counted_and_only_a_loss_of_power_clears_the_counts(
        ResetReason reset, int crashes, int? hangs = null)
    {
        foreach (var state in new[] { BootState.Confirmed, BootState.Reverted })
        {
            var flash = Flash(Confirmed() with { State = state });
            var before = flash.Snapshot();
            var memory = Memory(New, 2, hangs: 2);
            TestFlash.Boot(flash, reset, memory);
            int expectedHangs = hangs ?? Math.Min(crashes, 2);
            Assert.AreEqual((crashes, expectedHangs), (memory.Load().Crashes, memory.Load().Hangs), $"{state}");
            CollectionAssert.AreEqual(before, flash.Snapshot(), "crashes wear nothing");
        }
    }

    [TestMethod]
    public void Crashes_of_another_firmware_do_not_count()
    {
        var memory = Memory(Old, 4);
        TestFlash.Boot(Flash(Confirmed()), ResetReason.Panic, memory);
        Assert.AreEqual(1, memory.Load().Crashes);
        TestFlash.Boot(Flash(Confirmed()), ResetReason.Sw, memory);
        Assert.AreEqual(1, memory.Load().Crashes);
        memory = Memory(Old, 4);
        TestFlash.Boot(Flash(Confirmed()), ResetReason.Sw, memory);
        Assert.AreEqual(0, memory.Load().Crashes);
    }

    [TestMethod]
    public void The_fifth_crash_of_a_confirmed_release_rolls_back()
    {
        var flash = Flash(Confirmed());
        var memory = TestFlash.AfterCrashes(0);
        for (int crash = 1; crash <= 4; crash++) Assert.AreEqual((1, false), Place(TestFlash.Boot(flash, ResetReason.Panic, memory)));
        var boot = TestFlash.Boot(flash, ResetReason.TaskWdt, memory);
        Assert.AreEqual((0, false), Place(boot));
        Assert.AreEqual((BootAction.Reverted, true, 0), (boot.Action, boot.Saved, (int)memory.Load().Crashes));
        Assert.AreEqual(Confirmed().RevertTo(0, UpdateError.CrashLoop), TestFlash.RecordIn(flash)! with { Sequence = 0 });
    }

    [TestMethod]
    public void The_fifth_reset_by_the_guard_leads_to_safe_mode_and_not_to_a_rollback()
    {
        var flash = Flash(Confirmed());
        var memory = TestFlash.AfterCrashes(0);
        for (int bite = 1; bite <= 4; bite++) Assert.AreEqual((1, false), Place(TestFlash.Boot(flash, ResetReason.Wdt, memory)));
        var before = flash.Snapshot();
        Assert.AreEqual((1, true), Place(TestFlash.Boot(flash, ResetReason.Wdt, memory)));
        Assert.AreEqual((1, true), Place(TestFlash.Boot(flash, ResetReason.Sw, memory)), "the count belongs to other firmware");
        CollectionAssert.AreEqual(before, flash.Snapshot());
    }

    [TestMethod]
    public void Firmware_damaged_by_bit_rot_is_rolled_back_without_blame()
    {
        var content = Flash(Confirmed()).Snapshot();
        content[TestFlash.Map.Slot1 + AssemblyHeader.Length + 3] ^= 1;
        var flash = new NorFlash(content.AsSpan());
        Assert.AreEqual((0, false), Place(TestFlash.Boot(flash, ResetReason.Panic, Memory(New, 4))));
        Assert.AreEqual(Confirmed().RevertTo(0, UpdateError.SlotNotBootable), TestFlash.RecordIn(flash)! with { Sequence = 0 });
    }

    [TestMethod]
    public void A_boot_that_cannot_be_recorded_continues()
    {
        var flash = Flash(Confirmed());
        flash.WearOut(TestFlash.Map.Records + NorFlash.SectorSize);
        var boot = TestFlash.Boot(flash, ResetReason.Panic, Memory(New, 4));
        Assert.AreEqual((0, false), (boot.Slot!.Value, boot.Saved));
        Assert.AreEqual((BootState.Reverted, UpdateError.CrashLoop), (boot.Record.State, boot.Record.Reason));
    }

    [TestMethod]
    public void Without_a_proven_previous_slot_the_fifth_crash_leads_to_safe_mode()
    {
        var changes = new Dictionary<string, Action<NorFlash>>
        {
            ["staged over"] = flash => flash.EraseSector(TestFlash.Map.Slot0),
            ["a body that is damaged"] = flash => flash.Program(TestFlash.Map.Slot0 + AssemblyHeader.Length, new byte[4]),
        };
        foreach (var (name, change) in changes)
        {
            var content = Flash(Confirmed()).Snapshot();
            if (name[0] == 'a') content.AsSpan(TestFlash.Map.Slot0 + AssemblyHeader.Length, 4).Fill(0xFF);
            var flash = new NorFlash(content.AsSpan());
            change(flash);
            AssertSafe(flash, name);
        }

        AssertSafe(Flash(Confirmed() with { PreviousFingerprint = 0 }), "never recorded");
        AssertSafe(Flash(Confirmed() with { PreviousFingerprint = 9 }), "another image");
        AssertSafe(Flash(Confirmed() with { ChosenFingerprint = 9 }), "deployed by cable since");
        AssertSafe(Flash(Confirmed() with { State = BootState.Reverted }), "already gone back");
        AssertSafe(Flash(null, New, Old), "no record");
    }

    [TestMethod]
    public void Safe_mode_lasts_while_the_crashes_do_and_the_count_stays_at_255()
    {
        var flash = Flash(null, New, Old);
        var memory = Memory(New, 254);
        for (int i = 0; i < 3; i++) Assert.AreEqual((0, true), Place(TestFlash.Boot(flash, ResetReason.Panic, memory)));
        Assert.AreEqual(255, memory.Load().Crashes);
        Assert.AreEqual((0, true), Place(TestFlash.Boot(flash, ResetReason.Sw, memory)));
        Assert.AreEqual((0, false), Place(TestFlash.Boot(flash, ResetReason.PowerOn, memory)));
    }

    [TestMethod]
    public void Cleared_crash_counts_end_safe_mode_with_the_next_reset()
    {
        var flash = Flash(null, New, Old);
        var memory = Memory(New, 4);
        var calls = new BootCalls(flash, TestFlash.Map, TestFlash.Boot(flash, ResetReason.Panic, memory));
        Assert.AreEqual(NativeModule.Ok, calls.ForgetCrashes());
        Assert.AreEqual((0, false), Place(TestFlash.Boot(flash, ResetReason.Sw, memory)));
    }

    [TestMethod]
    public void Firmware_of_the_last_resort_runs_in_safe_mode_unless_it_is_proven()
    {
        AssertResort(Confirmed(), isSafe: false, "what ran before");
        AssertResort(Confirmed() with { State = BootState.Trial, TrialBoots = 1 }, isSafe: false, "what ran before the trial");
        AssertResort(Confirmed() with { PreviousFingerprint = 9 }, isSafe: true, "a release that was staged since");
        AssertResort(Confirmed() with { PreviousFingerprint = 0 }, isSafe: true, "what failed here");
        AssertResort(Confirmed() with { State = BootState.Reverted, PreviousFingerprint = 0 }, isSafe: true, "what failed just now");
    }

    [TestMethod]
    public void Safe_mode_of_the_last_resort_lasts_until_another_image_is_installed()
    {
        var flash = Flash(Confirmed() with { PreviousFingerprint = 0 });
        flash.EraseSector(TestFlash.Map.Slot1);
        var boot = TestFlash.Boot(flash);
        Assert.AreEqual(NativeModule.Ok, new BootCalls(flash, TestFlash.Map, boot).Confirm());
        foreach (var reset in Enum.GetValues<ResetReason>()) Assert.AreEqual((0, true), Place(TestFlash.Boot(flash, reset)), $"{reset}");
        flash.EraseSector(TestFlash.Map.Slot0);
        flash.Program(TestFlash.Map.Slot0, New);
        Assert.AreEqual((0, false), Place(TestFlash.Boot(flash)));
    }

    private static void AssertSafe(NorFlash flash, string name)
    {
        int chosen = TestFlash.RecordIn(flash)?.Chosen ?? 0;
        var before = flash.Snapshot();
        Assert.AreEqual((chosen, true), Place(TestFlash.Boot(flash, ResetReason.Panic, Memory(New, 4))), name);
        CollectionAssert.AreEqual(before, flash.Snapshot(), name);
    }

    private static void AssertResort(BootRecord record, bool isSafe, string name)
    {
        var flash = Flash(record);
        flash.EraseSector(TestFlash.Map.Slot1);
        for (int i = 0; i < 2; i++) Assert.AreEqual((0, isSafe), Place(TestFlash.Boot(flash)), name);
        var stored = TestFlash.RecordIn(flash)!;
        Assert.AreEqual((BootState.Reverted, UpdateError.SlotNotBootable), (stored.State, stored.Reason), name);
        Assert.AreEqual(isSafe ? SafeMode.Chosen : SafeMode.None, stored.SafeMode, name);
        Assert.AreEqual(Fingerprint(Old), stored.ChosenFingerprint, name);
    }

    /// <summary>The new image in slot 1 is confirmed; the old one in slot 0 ran before it.</summary>
    private static BootRecord Confirmed() => new()
    {
        Chosen = 1,
        Previous = 0,
        ChosenFingerprint = Fingerprint(New),
        PreviousFingerprint = Fingerprint(Old),
    };

    private static NorFlash Flash(BootRecord? record, byte[]? slot0 = null, byte[]? slot1 = null)
    {
        var flash = TestFlash.With(record);
        flash.Program(TestFlash.Map.Slot0, slot0 ?? Old);
        flash.Program(TestFlash.Map.Slot1, slot1 ?? New);
        return flash;
    }

    private static RetainedMemory Memory(byte[] image, byte crashes, byte hangs = 0)
    {
        var memory = TestFlash.AfterCrashes(0);
        memory.Save(new Retained { Fingerprint = Fingerprint(image), Crashes = crashes, Hangs = hangs });
        return memory;
    }

    private static uint Fingerprint(byte[] image) => Checksum.Crc32(image, 0, AssemblyHeader.Length);

    private static (int, bool) Place(BootOutcome boot) => (boot.Slot!.Value, boot.IsSafeMode);
}
