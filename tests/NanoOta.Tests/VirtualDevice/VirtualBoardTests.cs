using NanoOta.VirtualDevice;

namespace NanoOta.Tests.VirtualDevice;

/// <summary>A board from power-on to power-off: resets, trials, the watchdog, loss of power.</summary>
[TestClass]
public sealed class VirtualBoardTests
{
    private static readonly TimeSpan Short = TimeSpan.FromSeconds(2);

    private static readonly System.Reflection.MethodInfo StartProcess =
        typeof(System.Diagnostics.Process).GetMethod("Start", [typeof(string), typeof(string)])!;

    // In seconds: the wait for the child process is longer than that of TestBoard.
    private const string Sleep = "/bin/sleep", LongerThanPatience = "100";

    private static readonly byte[] Old = new TinyApp("Old").Print("old").Sleep().Build();

    [TestMethod]
    public void A_trial_that_is_confirmed_boots_from_then_on()
    {
        using var board = Trial(new TinyApp().Native("Confirm").Native("GetValue", 1).Sleep().Build());
        Assert.AreEqual(BootState.Trial, board.PowerOn().Next<BoardEvent.Booted>().State);
        board.Prints("Confirm = 0", "GetValue = 1").Board.Reset(ResetReason.Panic);
        var boot = board.Next<BoardEvent.Booted>();
        Assert.AreEqual((1, BootState.Confirmed, ResetReason.Panic), (boot.Slot, boot.State, boot.Reason));
    }

    [TestMethod]
    public void A_panic_during_the_trial_rolls_back_to_the_previous_slot() =>
        GoesBack(new TinyApp().Native("GetValue", 3).Exit().Build(), ResetReason.Panic, UpdateError.TrialPanic);

    [TestMethod]
    public void A_restart_without_a_verdict_rolls_back_to_the_previous_slot() =>
        GoesBack(new TinyApp().Native("Restart").Print("never").Build(), ResetReason.Sw, UpdateError.TrialReset);

    [TestMethod]
    public void A_rejected_trial_on_a_board_rolls_back_with_its_reason() =>
        GoesBack(new TinyApp().Native("Reject", 6004).Native("Restart").Build(), ResetReason.Sw, UpdateError.HealthCheckFailed);

    [TestMethod]
    public void A_trial_whose_Main_throws_is_ended_by_the_watchdog() =>
        GoesBack(new TinyApp().Throw("crash").Build(), ResetReason.Wdt, UpdateError.TrialWatchdog, Short);

    [TestMethod]
    public void A_trial_that_hangs_in_a_busy_loop_is_ended_by_the_watchdog() =>
        GoesBack(new TinyApp().Forever(_ => { }).Build(), ResetReason.Wdt, UpdateError.TrialWatchdog, Short);

    [TestMethod]
    public void A_trial_with_a_missing_library_is_ended_by_the_watchdog()
    {
        var library = new TinyApp("Library");
        library.Build();
        GoesBack(new TinyApp().Call(library).Build(), ResetReason.Wdt, UpdateError.TrialWatchdog, Short);
    }

    [TestMethod]
    public void A_panic_is_detected_although_a_child_process_keeps_the_pipes_open() =>
        GoesBack(new TinyApp().Native("GetValue", 3).Call(StartProcess, Sleep, LongerThanPatience).Exit().Build(),
            ResetReason.Panic, UpdateError.TrialPanic);

    [TestMethod]
    public void The_watchdog_ends_firmware_whose_child_process_keeps_the_pipes_open() =>
        GoesBack(new TinyApp().Call(StartProcess, Sleep, LongerThanPatience).Sleep().Build(),
            ResetReason.Wdt, UpdateError.TrialWatchdog, Short);

    [TestMethod]
    public void The_watchdog_does_not_guard_confirmed_firmware()
    {
        using var board = new TestBoard(TimeSpan.FromMilliseconds(1)).Put(0, Old);
        board.PowerOn().Prints("old");
        Assert.IsFalse(board.Board.WaitUntilOff(TimeSpan.FromMilliseconds(300)));
        Assert.IsEmpty(board.TakeAll());
    }

    [TestMethod]
    public void A_power_failure_in_a_write_stops_the_board_and_the_next_power_on_continues()
    {
        using var board = new TestBoard().Put(0, new TinyApp().Native("Erase", 4, 0).Sleep().Build());
        var cut = PowerCut.At(1, CutMoment.Torn, 1);
        board.Flash.Arm(cut);
        board.PowerOn().Next<BoardEvent.PowerLost>();
        Assert.IsNotNull(cut.Fired);
        Assert.IsTrue(board.Board.WaitUntilOff(Timeout.InfiniteTimeSpan));
        Assert.IsFalse(board.Board.IsOn);
        board.PowerOn().Prints("Erase = 0");
    }

    [TestMethod]
    public void A_power_failure_in_the_boot_itself_is_reported()
    {
        using var board = Trial(Old);
        board.Flash.Arm(PowerCut.At(1, CutMoment.Torn));
        board.PowerOn();
        board.Board.WaitUntilOff(Timeout.InfiniteTimeSpan);
        Assert.IsInstanceOfType<BoardEvent.PowerLost>(board.TakeAll().Single());
        Assert.AreEqual(1, board.PowerOn().Next<BoardEvent.Booted>().Slot);
    }

    [TestMethod]
    public void Power_can_be_cut_at_any_moment_and_a_blip_does_not_count_against_the_trial()
    {
        using var board = Trial(Old);
        board.PowerOn().Prints("old").Board.CutPowerNow();
        board.Next<BoardEvent.PowerLost>();
        Assert.IsFalse(board.Flash.IsPowered);
        var boot = board.PowerOn().Next<BoardEvent.Booted>();
        Assert.AreEqual((1, BootAction.BlipCounted), (boot.Slot, boot.Outcome.Action));
    }

    [TestMethod]
    public void With_nothing_to_boot_the_board_waits()
    {
        using var board = new TestBoard();
        board.PowerOn().Next<BoardEvent.NothingToBoot>();
        board.Board.Reset(ResetReason.Ext);
        Assert.AreEqual(ResetReason.Ext, board.Next<BoardEvent.NothingToBoot>().Reason);
        board.Board.PowerOff();
        Assert.IsFalse(board.Board.IsOn);
    }

    [TestMethod]
    public void The_app_gets_the_variables_of_the_board()
    {
        var app = new TinyApp().PrintVariable("NANOOTA_TEST").Build();
        using var board = new TestBoard(environment: new() { ["NANOOTA_TEST"] = "räksmörgås" }).Put(0, app);
        board.PowerOn().Prints("räksmörgås");
    }

    [TestMethod]
    public void Power_off_leaves_no_process()
    {
        using var board = new TestBoard().Put(0, new TinyApp().Print("busy").Forever(_ => { }).Build());
        board.PowerOn().Prints("busy");
        int cpu = board.Board.CpuProcessId!.Value;
        board.Board.PowerOff();
        Assert.IsTrue(Processes.IsGone(cpu));
        Assert.IsNull(board.Board.CpuProcessId);
    }

    [TestMethod]
    public void An_exception_of_an_event_callback_surfaces_in_the_wait_for_the_board()
    {
        int calls = 0;
        using var flash = new NorFlash(TestBoard.Kind.FlashSize);
        using var board = new VirtualBoard(TestBoard.Kind, flash, new VirtualBoardOptions
        {
            OnEvent = _ => throw new InvalidDataException("of the caller"),
            OnFault = () => calls++,
        });
        board.PowerOn();
        Assert.ThrowsExactly<InvalidDataException>(() => board.WaitUntilOff(Timeout.InfiniteTimeSpan));
        Assert.AreEqual(1, calls);
    }

    private static TestBoard Trial(byte[] app, TimeSpan? watchdog = null) =>
        new TestBoard(watchdog).Put(0, Old).Put(1, app).OnTrial();

    private static void GoesBack(byte[] app, ResetReason reset, UpdateError reason, TimeSpan? watchdog = null)
    {
        using var board = Trial(app, watchdog);
        Assert.AreEqual((1, BootState.Trial), Place(board.PowerOn().Next<BoardEvent.Booted>()));
        Assert.AreEqual(reset, board.Next<BoardEvent.WasReset>().Reason);
        var boot = board.Next<BoardEvent.Booted>();
        Assert.AreEqual((0, BootState.Reverted), Place(boot));
        Assert.AreEqual(reason, boot.Outcome.Record.Reason);
        board.Prints("old");
    }

    private static (int, BootState) Place(BoardEvent.Booted boot) => (boot.Slot, boot.State);
}
