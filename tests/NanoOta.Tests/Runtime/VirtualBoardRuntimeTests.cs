using NanoOta.Boards;
using NanoOta.Tests.VirtualDevice;
using NanoOta.VirtualDevice;

namespace NanoOta.Tests.Runtime;

/// <summary>A board with runtime slots from power-on: its bootloader starts the runtime, whose module chooses the app, which runs in a real
/// process and calls the module.</summary>
[TestClass]
public sealed class VirtualBoardRuntimeTests
{
    private const int Size = 1 << 16;

    private static readonly Board Kind = Board.Load("esp32-s3-devkitc-1-8mb");
    private static readonly EspTable Table = EspTable.Of(Kind);
    private static readonly VirtualRuntime Old = new() { Version = "1.0.0", Size = Size };
    private static readonly VirtualRuntime New = new() { Version = "2.0.0", Size = Size };
    private static readonly byte[] Confirms = new TinyApp().Native("Confirm").Native("Sleep", 1, 0).Sleep().Build();
    private static readonly byte[] Waits = new TinyApp().Native("GetValue", 1).Sleep().Build();

    [TestMethod]
    [DataRow(true)]
    [DataRow(false)]
    public void A_confirmed_runtime_boots_with_its_app_from_then_on(bool withApp)
    {
        using var board = Updated(New, Confirms, withApp);
        var trial = board.Next<BoardEvent.Booted>();
        Assert.AreEqual((withApp ? 1 : 0, BootState.Trial, ResetReason.Sw), (trial.Slot, trial.State, trial.Reason));
        Assert.AreEqual(new StartedRuntime(1, "2.0.0"), Known(trial));
        if (!withApp) return; // the app in slot 0 activates and restarts again
        board.Next<BoardEvent.ConsoleLine>(line => line.Text == "Confirm = 0");
        board.Next<BoardEvent.Sleeps>();
        board.Board.CutPowerNow();
        board.PowerOn();
        Expect(board, 1, BootState.Confirmed, 1);
    }

    [TestMethod]
    public void A_rejected_runtime_is_rolled_back_with_its_app()
    {
        using var board = Updated(New, new TinyApp().Native("Reject", 6004).Native("Restart").Build());
        Expect(board, 1, BootState.Trial, 1);
        Assert.AreEqual(UpdateError.HealthCheckFailed, Expect(board, 0, BootState.Reverted, 0).Outcome.Record.Reason);
    }

    [TestMethod]
    public void A_panic_of_the_app_rolls_both_back()
    {
        using var board = Updated(New, new TinyApp().Native("GetValue", 1).Exit().Build());
        Expect(board, 1, BootState.Trial, 1);
        Assert.AreEqual(UpdateError.TrialPanic, Expect(board, 0, BootState.Reverted, 0).Outcome.Record.Reason);
    }

    [TestMethod]
    [DataRow(RuntimeFault.CrashEarly)]
    [DataRow(RuntimeFault.Crash)]
    public void A_runtime_that_crashes_before_its_app_is_given_up_after_six_starts(RuntimeFault fault)
    {
        using var board = Updated(New with { Fault = fault }, Waits);
        var reverted = board.Next<BoardEvent.Booted>(boot => boot.State == BootState.Reverted);
        Assert.AreEqual((0, new StartedRuntime(0, "1.0.0"), UpdateError.TooManyBlips),
            (reverted.Slot, Known(reverted), reverted.Outcome.Record.Reason));
        Assert.AreEqual(6, board.Log.Count(line => line.Contains("the runtime panicked")));
    }

    [TestMethod]
    public void A_runtime_that_hangs_before_its_app_is_ended_by_the_watchdog()
    {
        using var board = Updated(New with { Fault = RuntimeFault.Hang }, Waits, watchdog: TimeSpan.FromSeconds(2));
        Expect(board, 1, BootState.Trial, 1);
        Assert.AreEqual(UpdateError.TrialWatchdog, Expect(board, 0, BootState.Reverted, 0).Outcome.Record.Reason);
    }

    [TestMethod]
    public void After_a_power_blip_the_trial_continues_with_the_same_pair()
    {
        using var board = Updated(New, Waits);
        Expect(board, 1, BootState.Trial, 1);
        board.Next<BoardEvent.ConsoleLine>(line => line.Text == "GetValue = 2");
        board.Board.CutPowerNow();
        board.PowerOn();
        Assert.AreEqual(1, Expect(board, 1, BootState.Trial, 1).Outcome.Record.PowerBlips);
    }

    [TestMethod]
    public void A_damaged_runtime_on_trial_is_rolled_back()
    {
        using var board = Updated(New, Waits, damage: (flash, slot) => TestBoard.Write(flash, slot.Offset + 0x8000, new byte[4096]));
        Assert.AreEqual(UpdateError.WrongRuntimeSlot, Expect(board, 0, BootState.Reverted, 0).Outcome.Record.Reason);
    }

    [TestMethod]
    public void If_no_runtime_can_start_the_board_waits()
    {
        using var board = new TestBoard(kind: Kind).Put(0, Waits);
        TestBoard.Write(board.Flash, Table.Slots[0].Offset, Old.Build(Kind)[..4096]);
        board.PowerOn().Next<BoardEvent.NothingToBoot>();
    }

    [TestMethod]
    public void A_runtime_has_its_own_native_assemblies()
    {
        var runtime = Old with { NativeAssemblies = [new NativeAssembly("mscorlib", 7), NativeAssembly.OfModule] };
        using var board = Flashed(runtime, new TinyApp().PrintNativeAssembly(0).Native("GetNativeChecksum", 0).Sleep().Build());
        board.PowerOn().Prints("mscorlib", "GetNativeChecksum = 7");
    }

    [TestMethod]
    public void An_app_does_not_start_on_a_runtime_with_another_module()
    {
        using var board = Flashed(Old with { NativeAssemblies = [new NativeAssembly("NanoOta.Native", 1)] }, Waits);
        StringAssert.StartsWith(board.PowerOn().NextLine(), "link failure");
        board.Next<BoardEvent.Ended>();
    }

    [TestMethod]
    public void Only_the_runtime_that_does_not_run_can_be_written()
    {
        var app = new TinyApp().Native("GetAreaSize", 7).Native("GetAreaSize", 9).Native("Erase", 6, 0).Native("Erase", 8, 0)
            .Native("Erase", 7, 0).Native("Erase", 9, 0).Native("ReleaseRuntime").Native("ActivateRuntime", 0).Sleep();
        using var board = Flashed(Old, app.Build());
        board.PowerOn().Prints("GetAreaSize = 2097152", "GetAreaSize = 24576", "Erase = -1", "Erase = -1", "Erase = 0", "Erase = 0",
            "ReleaseRuntime = 0", "ActivateRuntime = -1");
    }

    [TestMethod]
    public void Without_an_image_in_a_slot_there_is_no_runtime_slot()
    {
        using var board = new TestBoard(kind: Kind).Put(0, new TinyApp().Native("GetAreaSize", 7).Native("ReleaseRuntime").Sleep().Build());
        Assert.IsNull(board.PowerOn().Next<BoardEvent.Booted>().Runtime);
        board.Prints("GetAreaSize = -1", "ReleaseRuntime = -1");
    }

    /// <summary>A board whose app has activated a runtime, with the app of slot 1 or alone, and restarts.</summary>
    private static TestBoard Updated(VirtualRuntime runtime, byte[] app, bool withApp = true, TimeSpan? watchdog = null,
        Action<NorFlash, EspPartition>? damage = null)
    {
        var updater = new TinyApp("Old").Native("GetValue", 1).Native("ReleaseRuntime").Native("ActivateRuntime", withApp ? 1 : 0);
        if (damage != null) updater.Sleep();
        var board = Flashed(Old, updater.Native("Restart").Build(), watchdog).Put(1, app);
        TestBoard.Write(board.Flash, Table.Slots[1].Offset, runtime.Build(Kind));
        board.PowerOn();
        Assert.AreEqual(new StartedRuntime(0, "1.0.0"), Known(board.Next<BoardEvent.Booted>()));
        board.Prints("GetValue = 1", "ReleaseRuntime = 0", "ActivateRuntime = 0");
        if (damage == null) return board;
        board.Board.PowerOff();
        board.Flash.PowerOn();
        damage(board.Flash, Table.Slots[1]);
        return board.PowerOn();
    }

    private static TestBoard Flashed(VirtualRuntime runtime, byte[] app, TimeSpan? watchdog = null)
    {
        var board = new TestBoard(watchdog, kind: Kind).Put(0, app);
        TestBoard.Write(board.Flash, Table.Slots[0].Offset, runtime.Build(Kind));
        return board;
    }

    private static BoardEvent.Booted Expect(TestBoard board, int slot, BootState state, int runtime)
    {
        var boot = board.Next<BoardEvent.Booted>();
        Assert.AreEqual((slot, state, runtime), (boot.Slot, boot.State, boot.Runtime!.Slot));
        return boot;
    }

    private static StartedRuntime Known(BoardEvent.Booted boot) => new(boot.Runtime!.Slot, boot.Runtime.Version);
}
