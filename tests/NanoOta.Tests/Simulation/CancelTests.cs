using NanoOta.VirtualDevice;

namespace NanoOta.Tests.Simulation;

/// <summary>Whatever is asked for or lost in any state of an update, a whole known release runs and updates go on.</summary>
[TestClass]
public sealed class CancelTests
{
    private static readonly SimRelease First = SimRelease.Make("1.0.0", 1, 5);
    private static readonly SimRelease Second = SimRelease.Make("1.1.0", 2, 7);
    private static readonly SimRelease Third = SimRelease.Make("1.2.0", 3, 4);

    [TestMethod]
    public void A_request_between_activation_and_reset_cancels_nothing()
    {
        var device = SimDevice.Offered(First, Second);
        Assert.IsTrue(device.RunUntil(() => device.Count(UpdateEventKind.Activated) == 1));
        var agent = device.Agent!;
        int operations = device.Flash.Operations;
        Assert.IsFalse(agent.MayTakeCommands);
        Assert.AreEqual(UpdateError.CommandNotPossible, agent.RejectTrial());
        Assert.AreEqual(UpdateError.CommandNotPossible, agent.Revert());
        Assert.AreEqual(UpdateError.CommandNotPossible, agent.CheckNow());
        Assert.AreEqual((operations, Phase.Reboot), (device.Flash.Operations, agent.Phase));
        Assert.IsTrue(device.RunUntilConfirmed("1.1.0"));
    }

    [TestMethod]
    [DataRow(UpdateEventKind.Staged)]
    [DataRow(UpdateEventKind.Activated)]
    [DataRow(UpdateEventKind.Trial)]
    [DataRow(UpdateEventKind.Health)]
    [DataRow(UpdateEventKind.Confirmed)]
    public void A_request_in_any_state_ends_on_a_whole_release_and_updates_go_on(object state)
    {
        foreach (var ask in new Func<UpdateAgent, UpdateError>[] { a => a.Revert(), a => a.RejectTrial(), a => a.Pause(true), a => a.CheckNow() })
        {
            var device = SimDevice.Offered(First, Second);
            Assert.IsTrue(device.RunUntil(() => device.Count((UpdateEventKind)state) == 1));
            if (device.Agent!.MayTakeCommands) ask(device.Agent);
            EndsWell(device);
        }
    }

    [TestMethod]
    public void An_invalid_journal_between_activation_and_boot_ends_no_trial()
    {
        for (int seed = 0; seed < 20; seed++)
        {
            var device = SimDevice.Offered(First, Second);
            Assert.IsTrue(device.RunUntil(() => device.Count(UpdateEventKind.Activated) == 1));
            var invalid = new byte[4096];
            var random = new Random(seed);
            for (int sector = 0; sector < 2; sector++)
            {
                random.NextBytes(invalid);
                int start = SimDevice.Map.Records + FlashLayout.Journal + sector * 4096;
                device.Flash.EraseSector(start);
                device.Flash.Program(start, invalid);
            }

            Assert.IsTrue(device.RunUntilConfirmed("1.1.0"), $"seed {seed}");
            Assert.AreEqual(0, device.Count(UpdateEventKind.Rejected));
            EndsWell(device);
        }
    }

    private static void EndsWell(SimDevice device)
    {
        Assert.IsTrue(device.RunUntil(() => device.Agent?.Phase == Phase.Idle && device.State == BootState.Confirmed));
        Assert.IsNotNull(device.Running);
        Assert.AreEqual(UpdateError.None, device.Agent!.Pause(false));
        device.Publish(Third);
        Assert.IsTrue(device.RunUntilConfirmed("1.2.0"));
    }
}
