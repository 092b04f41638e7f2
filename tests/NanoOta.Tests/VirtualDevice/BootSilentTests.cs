using NanoOta.Native;
using NanoOta.VirtualDevice;

namespace NanoOta.Tests.VirtualDevice;

/// <summary>Starts in which the firmware never calls, and the guard that ends them (SPEC.md, sections 5.1 and 5.4).</summary>
[TestClass]
public sealed class BootSilentTests
{
    private static readonly byte[] Old = VirtualAssembly.Wrap([1, 2, 3, 4]);
    private static readonly byte[] New = VirtualAssembly.Wrap([5, 6, 7, 8]);

    private readonly RetainedMemory memory = new();

    [TestMethod]
    [DataRow(ResetReason.Panic)]
    [DataRow(ResetReason.IntWdt)]
    [DataRow(ResetReason.TaskWdt)]
    [DataRow(ResetReason.CpuLockup)]
    public void Six_crashes_before_the_firmware_calls_exceed_the_blip_limit_of_a_trial(ResetReason reset)
    {
        var flash = Flash(BootState.Trial);
        for (int blip = 1; blip <= 5; blip++) Assert.AreEqual((1, blip), Blips(Boot(flash, reset)));
        var boot = Boot(flash, reset);
        Assert.AreEqual((0, UpdateError.TooManyBlips), (boot.Slot, boot.Record.Reason));
    }

    [TestMethod]
    public void A_crash_after_the_first_call_ends_the_trial()
    {
        var flash = Flash(BootState.Trial);
        new NativePort(flash, TestFlash.Map, Boot(flash, ResetReason.Brownout)).GetValue(NativeModule.ValueBootState);
        Assert.AreEqual(UpdateError.TrialPanic, Boot(flash, ResetReason.Panic).Record.Reason);
    }

    [TestMethod]
    public void Repeated_crashes_before_confirmed_firmware_calls_end_in_a_rollback()
    {
        var flash = Flash(BootState.Confirmed);
        int boots = 1;
        while (Boot(flash, ResetReason.Panic).Slot == 1 && boots < 100) boots++;
        Assert.AreEqual(10, boots, "five that are not counted, and five that are");
        Assert.AreEqual(UpdateError.CrashLoop, TestFlash.RecordIn(flash)!.Reason);
    }

    [TestMethod]
    [DataRow(ResetReason.Wdt)]
    [DataRow(ResetReason.Panic)]
    public void An_image_with_a_flipped_bit_is_rolled_back_after_one_silent_start(ResetReason reset)
    {
        var flash = Flash(BootState.Confirmed, damaged: 1);
        Assert.IsTrue(Boot(flash, ResetReason.PowerOn).IsGuarded);
        var boot = Boot(flash, reset);
        Assert.AreEqual((0, UpdateError.SlotNotBootable, true), (boot.Slot, boot.Record.Reason, boot.IsGuarded));
    }

    [TestMethod]
    public void Firmware_is_guarded_if_the_record_matches_it_and_is_not_a_trial()
    {
        Assert.IsTrue(Boot(Flash(BootState.Confirmed)).IsGuarded);
        Assert.IsTrue(Boot(Flash(BootState.Reverted)).IsGuarded);
        Assert.IsFalse(Boot(Flash(BootState.Trial)).IsGuarded);
        Assert.IsFalse(Boot(TestFlash.With(null, 0, 1)).IsGuarded, "no record");
        var flash = Flash(BootState.Confirmed);
        flash.EraseSector(TestFlash.Map.Slot1);
        flash.Program(TestFlash.Map.Slot1, VirtualAssembly.Wrap([9]));
        Assert.IsFalse(Boot(flash).IsGuarded, "a deployment by cable");
    }

    [TestMethod]
    public void A_trial_that_ends_stays_in_safe_mode_when_the_previous_slot_is_damaged()
    {
        var flash = Flash(BootState.Trial, damaged: 0);
        var boot = TestFlash.Boot(flash, ResetReason.Wdt);
        Assert.AreEqual((1, BootState.Reverted, UpdateError.TrialWatchdog), (boot.Slot, boot.Record.State, boot.Record.Reason));
        Assert.IsTrue(boot.IsSafeMode && boot.Saved);
    }

    [TestMethod]
    public void A_torn_slot_never_boots_in_place_of_a_lost_one()
    {
        var flash = Flash(BootState.Confirmed, damaged: 0);
        flash.EraseSector(TestFlash.Map.Slot1);
        var before = flash.Snapshot();
        Assert.IsNull(Boot(flash).Slot);
        CollectionAssert.AreEqual(before, flash.Snapshot());
    }

    [TestMethod]
    public void The_board_resets_confirmed_firmware_that_throws_before_it_calls()
    {
        using var board = new TestBoard(startGuard: TimeSpan.FromSeconds(2)).Put(0, new TinyApp().Sleep().Build())
            .Put(1, new TinyApp().Throw("before its agent").Build());
        new BootRecords(board.Flash, TestBoard.Map).Save(new BootRecord
        {
            Chosen = 1,
            Previous = 0,
            ChosenFingerprint = new BootImage(board.Flash, TestBoard.Map, 1).Fingerprint,
        });
        board.PowerOn().Next<BoardEvent.Ended>();
        Assert.AreEqual(ResetReason.Wdt, board.Next<BoardEvent.WasReset>().Reason);
        var boot = board.Next<BoardEvent.Booted>();
        Assert.AreEqual((1, 1), (boot.Slot, (int)boot.Outcome.Memory.Load().Hangs));
    }

    [TestMethod]
    public void A_process_that_ends_before_it_has_called_is_a_blip_in_a_trial()
    {
        using var board = new TestBoard().Put(0, new TinyApp("Old").Sleep().Build()).Put(1, new TinyApp().Exit().Build()).OnTrial();
        board.PowerOn();
        Assert.AreEqual(BootAction.TrialBegun, board.Next<BoardEvent.Booted>().Outcome.Action);
        Assert.AreEqual(BootAction.BlipCounted, board.Next<BoardEvent.Booted>().Outcome.Action);
    }

    private BootOutcome Boot(NorFlash flash, ResetReason reset = ResetReason.PowerOn) =>
        BootSelector.Boot(flash, TestFlash.Map, memory, reset);

    private static (int?, int) Blips(BootOutcome boot) => (boot.Slot, boot.Record.PowerBlips);

    /// <summary>A record of the new image in slot 1, after the old one in slot 0; one of them with a flipped bit.</summary>
    private static NorFlash Flash(BootState state, int? damaged = null)
    {
        var flash = TestFlash.With(new BootRecord
        {
            Chosen = 1,
            Previous = 0,
            State = state,
            TrialBoots = 1,
            ChosenFingerprint = Fingerprint(New),
            PreviousFingerprint = Fingerprint(Old),
        });
        Put(flash, 0, Old, damaged);
        Put(flash, 1, New, damaged);
        return flash;
    }

    private static void Put(NorFlash flash, int slot, byte[] image, int? damaged)
    {
        byte[] bytes = [.. image];
        if (slot == damaged) bytes[^1] ^= 1;
        flash.Program(TestFlash.Map.Slot(slot), bytes);
    }

    private static uint Fingerprint(byte[] image) => Checksum.Crc32(image, 0, AssemblyHeader.Length);
}
