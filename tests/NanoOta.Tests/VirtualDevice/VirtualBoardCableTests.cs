using NanoOta.VirtualDevice;

namespace NanoOta.Tests.VirtualDevice;

/// <summary>What a developer does to a board in the middle of an update: power off, new bytes into a slot, power on.</summary>
[TestClass]
public sealed class VirtualBoardCableTests
{
    private static readonly byte[] New = new TinyApp("New").Print("new").Native("GetValue", 1).Native("GetValue", 2).Sleep().Build();

    [TestMethod]
    public void A_deployment_into_the_running_slot_during_its_trial_boots_and_goes_on_booting()
    {
        using var board = Activated();
        Assert.AreEqual((1, BootState.Trial), Place(board.Next<BoardEvent.Booted>(b => b.Slot == 1)));
        board.Prints("on trial");
        Deploy(board, 1);
        AssertYielded(board, 1);
    }

    [TestMethod]
    public void A_deployment_into_the_other_slot_during_a_trial_boots_and_goes_on_booting()
    {
        using var board = Activated();
        board.Next<BoardEvent.Booted>(b => b.Slot == 1);
        board.Prints("on trial");
        Deploy(board, 0);
        AssertYielded(board, 0);
    }

    [TestMethod]
    public void A_deployment_into_the_running_slot_before_the_reset_cancels_the_trial()
    {
        using var board = new TestBoard().Put(0, new TinyApp("Old").Native("Activate").Sleep().Build()).Put(1, OnTrial());
        board.PowerOn().Prints("Activate = 0");
        Deploy(board, 0);
        AssertYielded(board, 0);
    }

    private static byte[] OnTrial() => new TinyApp("Trial").Print("on trial").Sleep().Build();

    private static TestBoard Activated()
    {
        var board = new TestBoard().Put(0, new TinyApp("Old").Native("Activate").Native("Restart").Build()).Put(1, OnTrial());
        return board.PowerOn().Prints("Activate = 0");
    }

    /// <summary>As a flash tool does it: erases the sectors that it writes, and no others.</summary>
    private static void Deploy(TestBoard board, int slot)
    {
        board.Board.PowerOff();
        board.TakeAll();
        board.Put(slot, New);
    }

    private static void AssertYielded(TestBoard board, int slot)
    {
        var boot = board.PowerOn().Next<BoardEvent.Booted>();
        Assert.AreEqual((slot, BootState.Reverted), Place(boot));
        Assert.AreEqual((BootAction.YieldedToCable, UpdateError.CableDeployment), (boot.Outcome.Action, boot.Outcome.Record.Reason));
        board.Prints("new", "GetValue = 3", "GetValue = 6009").Board.Reset(ResetReason.Panic);
        Assert.AreEqual(slot, board.Next<BoardEvent.Booted>().Slot);
        board.Prints("new");
    }

    private static (int, BootState) Place(BoardEvent.Booted boot) => (boot.Slot, boot.State);
}
