using NanoOta.VirtualDevice;

namespace NanoOta.Tests.VirtualDevice;

/// <summary>Deep sleep, the guard and crashes on a whole board: what a reset keeps, and what power takes along.</summary>
[TestClass]
public sealed class VirtualBoardSleepTests
{
    private const int ForEver = 0;

    private static readonly byte[] Old = new TinyApp("Old").Print("old").Sleep().Build();

    [TestMethod]
    public void Firmware_that_sleeps_is_off_and_wakes_in_time_with_its_number()
    {
        var app = new TinyApp().Native("GetValue", 8).Native("Sleep", 300, 77).Print("never").Build();
        using var board = new TestBoard().Put(0, app);
        board.PowerOn().Prints("GetValue = 0");
        Assert.AreEqual(300, board.Next<BoardEvent.Sleeps>().Milliseconds);
        Assert.IsNull(board.Board.CpuProcessId);
        var time = System.Diagnostics.Stopwatch.StartNew();
        Assert.AreEqual(ResetReason.DeepSleep, board.Next<BoardEvent.Booted>().Reason);
        Assert.IsGreaterThan(200, time.ElapsedMilliseconds);
        board.Prints("GetValue = 77");
    }

    [TestMethod]
    public void A_trial_goes_on_over_sleeps_without_a_blip_and_its_time_goes_on_too()
    {
        var app = new TinyApp().Native("GetValue", 5).Native("Sleep", 1, 0).Sleep().Build();
        using var board = new TestBoard(TimeSpan.FromSeconds(4)).Put(0, Old).Put(1, app).OnTrial().PowerOn();
        int sleeps = 0;
        BoardEvent.Booted boot;
        while ((boot = board.Next<BoardEvent.Booted>()).Slot == 1)
        {
            board.Prints("GetValue = 0");
            sleeps++;
        }

        Assert.AreEqual((ResetReason.Wdt, UpdateError.TrialWatchdog), (boot.Reason, boot.Outcome.Record.Reason));
        Assert.IsInRange(2, 4, sleeps, "a second for each of them, and the last is refused");
    }

    [TestMethod]
    public void An_external_reset_wakes_the_firmware_without_its_number()
    {
        var app = new TinyApp().Native("GetValue", 8).Native("Sleep", ForEver, 77).Build();
        using var board = new TestBoard().Put(0, app);
        board.PowerOn().Prints("GetValue = 0").Next<BoardEvent.Sleeps>();
        board.Board.Reset(ResetReason.Ext);
        Assert.AreEqual(ResetReason.Ext, board.Next<BoardEvent.Booted>().Reason);
        board.Prints("GetValue = 0");
    }

    [TestMethod]
    public void Power_can_fail_during_a_sleep()
    {
        var app = new TinyApp().Native("Sleep", ForEver, 77).Build();
        using var board = new TestBoard().Put(0, app);
        board.PowerOn().Next<BoardEvent.Sleeps>();
        board.Board.CutPowerNow();
        board.Next<BoardEvent.PowerLost>();
        board.PowerOn().Next<BoardEvent.Sleeps>();
        board.Board.PowerOff();
        Assert.IsFalse(board.Board.IsOn);
    }

    [TestMethod]
    public void Confirmed_firmware_that_does_not_feed_its_guard_is_reset_and_the_crash_counted()
    {
        var app = new TinyApp().Native("GetValue", 7).Native("Guard", 1).Sleep().Build();
        using var board = new TestBoard().Put(0, app).PowerOn();
        board.Prints("GetValue = 0", "Guard = 0");
        Assert.AreEqual(ResetReason.Wdt, board.Next<BoardEvent.WasReset>().Reason);
        board.Prints("GetValue = 1");
    }

    [TestMethod]
    public void An_ended_guard_causes_no_reset()
    {
        var app = new TinyApp().Native("Guard", 1).Native("Guard", 0).Sleep().Build();
        using var board = new TestBoard().Put(0, app).PowerOn();
        board.Prints("Guard = 0", "Guard = 0");
        Assert.IsFalse(board.Board.WaitUntilOff(TimeSpan.FromMilliseconds(1500)));
        Assert.IsEmpty(board.TakeAll());
    }

    [TestMethod]
    public void Firmware_that_panics_repeatedly_enters_safe_mode_and_power_on_clears_it()
    {
        using var board = new TestBoard().Put(0, new TinyApp().Native("GetValue", 6).Exit().Build()).PowerOn();
        for (int i = 0; i < 5; i++) board.Prints("GetValue = 0");
        board.Prints("GetValue = 1");
        board.Board.CutPowerNow();
        board.Next<BoardEvent.PowerLost>();
        board.PowerOn().Prints("GetValue = 0");
    }
}
