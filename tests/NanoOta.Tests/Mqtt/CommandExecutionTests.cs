using System.Text;
using NanoOta.Tests.Simulation;
using NanoOta.VirtualDevice;

namespace NanoOta.Tests.Mqtt;

/// <summary>Commands over a broker, from the message to what the device does.</summary>
[TestClass]
public sealed class CommandExecutionTests
{
    private const int HourMs = 3_600_000;

    private static readonly SimRelease First = SimRelease.Make("1.0.0", 1, 5);
    private static readonly SimRelease Second = SimRelease.Make("1.1.0", 2, 7);

    private readonly SimDevice device = SimDevice.Offered(First, Second);
    private readonly SimMqtt remote;

    public CommandExecutionTests() => remote = new SimMqtt(device);

    [TestMethod]
    [DataRow(CommandKind.Report, UpdateError.None)]
    [DataRow(CommandKind.Resume, UpdateError.None)]
    public void A_command_at_every_step_changes_no_byte_of_an_update_and_costs_none(object kind, object answer)
    {
        var phases = new HashSet<Phase>();
        long answers = 0;
        remote.MakeSupport = ports => new SupportReport(ports, new UpdateOptions(), null);
        remote.OnRound = agent =>
        {
            remote.Send((CommandKind)kind);
            long now = agent.CommandCounter;
            if (now > answers) phases.Add(agent.Phase);
            answers = now;
        };
        Assert.IsTrue(device.RunUntilConfirmed("1.1.0"));
        Assert.IsTrue(device.SlotHolds(1, Second.Image));
        Assert.AreEqual(Second.Image.Length, device.Server.ImageBytesRead);
        Assert.AreEqual(0, device.Count(UpdateEventKind.Error));
        Phase[] expected = [Phase.Trial, Phase.Idle, Phase.Offer, Phase.Index, Phase.Stage];
        foreach (var phase in expected) Assert.Contains(phase, phases);
        Assert.IsTrue(remote.Answers.All(a => a.Code == (UpdateError)answer));
        var numbers = remote.Answers.Select(a => a.Number).ToArray();
        Assert.IsGreaterThan(20, numbers.Length);
        CollectionAssert.AreEqual(numbers.Order().Distinct().ToArray(), numbers, "each is done once, in order");
    }

    [TestMethod]
    public void A_forged_command_at_every_step_changes_no_byte_of_an_update()
    {
        var forged = new byte[200];
        Random.Shared.NextBytes(forged);
        remote.OnRound = _ => remote.Broker.Send(SimMqtt.Topics.Command, forged);
        Assert.IsTrue(device.RunUntilConfirmed("1.1.0"));
        Assert.IsTrue(device.SlotHolds(1, Second.Image));
        Assert.AreEqual(Second.Image.Length, device.Server.ImageBytesRead);
        Assert.IsTrue(remote.Answers.All(a => a.Code == UpdateError.CommandMalformed));
        Assert.AreEqual(0L, device.Agent!.CommandCounter);
    }

    [TestMethod]
    public void A_pause_stops_a_download_between_two_blocks_and_survives_a_reset()
    {
        Assert.IsTrue(device.RunUntil(() => device.Count(UpdateEventKind.Progress) == 2));
        Assert.AreEqual(UpdateError.None, remote.Execute(CommandKind.Pause));
        int staged = device.Count(UpdateEventKind.Progress), bytes = device.Server.ImageBytesRead;
        Assert.IsTrue(RunFor(HourMs / 2));
        device.PowerCycle();
        Assert.IsTrue(RunFor(5 * HourMs));
        Assert.AreEqual(staged, device.Count(UpdateEventKind.Progress));
        Assert.AreEqual(bytes, device.Server.ImageBytesRead);
        Assert.AreEqual(UpdateError.Paused, device.LastRefusal);
        Assert.AreEqual(1, remote.Status.GetProperty("pause").GetInt32());
        Assert.AreEqual(UpdateError.Paused, remote.Execute(CommandKind.Check));

        Assert.AreEqual(UpdateError.None, remote.Execute(CommandKind.Resume));
        Assert.IsTrue(device.RunUntilConfirmed("1.1.0"));
        Assert.AreEqual(Second.Image.Length, device.Server.ImageBytesRead);
    }

    [TestMethod]
    public void A_pause_keeps_a_staged_release_from_being_activated()
    {
        bool isSent = false;
        remote.OnRound = agent =>
        {
            if (agent.Phase == Phase.Activate && !isSent) remote.Send(CommandKind.Pause);
            isSent |= agent.Phase == Phase.Activate;
        };
        Assert.AreEqual(UpdateError.Paused, Errors.ObservedError.First(device, UpdateEventKind.Delayed));
        Assert.IsTrue(RunFor(HourMs / 2));
        Assert.AreEqual(1, device.Boots);
        Assert.AreEqual(0, device.Count(UpdateEventKind.Activated));
        Assert.AreEqual(UpdateError.None, remote.Execute(CommandKind.Resume));
        Assert.IsTrue(device.RunUntilConfirmed("1.1.0"));
    }

    [TestMethod]
    public void A_rejected_trial_rolls_back_permanently()
    {
        Assert.IsTrue(device.RunUntil(() => device.Count(UpdateEventKind.Trial) == 1));
        Assert.AreEqual(UpdateError.None, remote.Execute(CommandKind.RejectTrial));
        Assert.AreEqual(UpdateError.RejectedByOperator, Errors.ObservedError.First(device, UpdateEventKind.Reverted));
        Assert.AreEqual("1.0.0", device.RunningVersion);
        for (int i = 0; i < 3; i++) Assert.IsTrue(device.RunOneCheck());
        Assert.AreEqual(UpdateError.Quarantined, device.LastRefusal);
        Assert.AreEqual(UpdateError.CommandNotPossible, remote.Execute(CommandKind.RejectTrial), "there is no trial");
    }

    [TestMethod]
    public void A_revert_is_answered_first_and_restores_the_previous_firmware_once()
    {
        Assert.IsTrue(device.RunUntilConfirmed("1.1.0"));
        Assert.IsTrue(device.RunOneCheck());
        int boots = device.Boots;
        long sent = device.Milliseconds;
        var command = remote.Make(CommandKind.Revert);
        // What waits for the broker does not outlive the reset, so an answer that has come was sent before it.
        Assert.AreEqual(UpdateError.None, remote.Execute(command));
        Assert.AreEqual(UpdateError.RevertedByOperator, Errors.ObservedError.First(device, UpdateEventKind.Reverted));
        Assert.IsLessThan(5000, device.Milliseconds - sent);
        Assert.AreEqual((boots + 1, "1.0.0"), (device.Boots, device.RunningVersion));

        Assert.AreEqual(UpdateError.CommandReplayed, remote.Execute(command));
        for (int i = 0; i < 3; i++) Assert.IsTrue(device.RunOneCheck());
        Assert.AreEqual(UpdateError.Quarantined, device.LastRefusal);
        Assert.AreEqual(UpdateError.CommandNotPossible, remote.Execute(CommandKind.Revert), "what failed is no way back");
        Assert.AreEqual((boots + 1, "1.0.0"), (device.Boots, device.RunningVersion));
    }

    [TestMethod]
    public void A_revert_with_an_absent_broker_waits_three_seconds_for_its_answer()
    {
        Assert.IsTrue(device.RunUntilConfirmed("1.1.0"));
        Assert.IsTrue(device.RunOneCheck());
        remote.Send(CommandKind.Revert);
        remote.Broker.IsUp = false;
        long sent = device.Milliseconds;
        Assert.IsTrue(device.RunUntil(() => device.RunningVersion == "1.0.0"));
        Assert.IsInRange(3000L, 6000L, device.Milliseconds - sent);
    }

    [TestMethod]
    public void A_revert_is_refused_on_trial_and_the_trial_goes_on()
    {
        device.Configure = options => options.ShortestTrialMs = 20_000;
        Assert.IsTrue(device.RunUntil(() => device.Count(UpdateEventKind.Trial) == 1));
        Assert.AreEqual(UpdateError.CommandNotPossible, remote.Execute(CommandKind.Revert));
        Assert.IsTrue(device.RunUntilConfirmed("1.1.0"));
    }

    [TestMethod]
    [DataRow(true, false, 0L, DisplayName = "all is published at once")]
    [DataRow(true, true, 3000L, DisplayName = "the broker takes nothing")]
    [DataRow(false, false, 0L, DisplayName = "there is no broker")]
    public void The_reset_of_an_update_waits_for_queued_messages_three_seconds_at_most(
        bool isUp, bool isStalled, long milliseconds)
    {
        remote.OnRound = agent =>
        {
            if (agent.Phase == Phase.Verify) (remote.Broker.IsUp, remote.IsStalled) = (isUp, isStalled);
        };
        Assert.IsTrue(device.RunUntil(() => device.Count(UpdateEventKind.Activated) == 1));
        long activated = device.Milliseconds;
        Assert.IsTrue(device.RunUntil(() => device.Boots == 2));
        Assert.IsInRange(milliseconds, milliseconds + 1100, device.Milliseconds - activated);
        bool isReported = remote.Broker.Published.Any(m => Encoding.UTF8.GetString(m.Payload).Contains("\"activated\""));
        Assert.AreEqual(isUp && !isStalled, isReported);
        remote.IsStalled = false;
        Assert.IsTrue(device.RunUntilConfirmed("1.1.0"));
    }

    [TestMethod]
    public void A_reboot_is_answered_first_and_done_once_even_when_repeated()
    {
        Assert.IsTrue(device.RunUntilConfirmed("1.1.0"));
        Assert.IsTrue(device.RunOneCheck());
        int boots = device.Boots;
        var command = remote.Make(CommandKind.Reboot);
        // What waits for the broker does not outlive the reset, so an answer that has come was sent before it.
        Assert.AreEqual(UpdateError.None, remote.Execute(command));
        Assert.IsTrue(device.RunUntil(() => device.Boots == boots + 1));
        Assert.AreEqual(ResetReason.Sw, device.NextReset);
        Assert.AreEqual(UpdateError.CommandReplayed, remote.Execute(command));
        Assert.IsTrue(RunFor(HourMs));
        Assert.AreEqual(boots + 1, device.Boots);
        Assert.AreEqual("1.1.0", device.RunningVersion);
    }

    [TestMethod]
    public void A_reboot_is_refused_on_trial_because_it_would_count_against_the_firmware()
    {
        device.Configure = options => options.ShortestTrialMs = 20_000;
        Assert.IsTrue(device.RunUntil(() => device.Count(UpdateEventKind.Trial) == 1));
        Assert.AreEqual(UpdateError.CommandNotPossible, remote.Execute(CommandKind.Reboot));
        Assert.IsTrue(device.RunUntilConfirmed("1.1.0"));
        Assert.AreEqual(2, device.Boots);
    }

    [TestMethod]
    public void A_check_is_done_at_once()
    {
        device.CheckIntervalMs = 100 * HourMs;
        Assert.AreEqual(UpdateError.None, remote.Execute(CommandKind.Check));
        Assert.IsTrue(device.RunUntil(() => device.Count(UpdateEventKind.Offer) == 1));
        Assert.IsLessThan(10_000, device.Milliseconds);
        Assert.IsTrue(device.RunUntilConfirmed("1.1.0"));
    }

    [TestMethod]
    public void A_broker_that_is_away_delays_no_step_of_an_update()
    {
        var alone = SimDevice.Offered(First, Second);
        Assert.IsTrue(alone.RunUntil(() => alone.Count(UpdateEventKind.Activated) == 1));
        remote.Broker.IsUp = false;
        Assert.IsTrue(device.RunUntil(() => device.Count(UpdateEventKind.Activated) == 1));
        Assert.IsLessThanOrEqualTo(alone.Milliseconds + 1000, device.Milliseconds);
        Assert.IsTrue(device.RunUntilConfirmed("1.1.0"));
        remote.Broker.IsUp = true;
        Assert.IsTrue(device.RunUntil(() => remote.Broker.Published.Count > 0));
        Assert.AreEqual("1.1.0", remote.Status.GetProperty("ver").GetString());
    }

    private bool RunFor(long milliseconds)
    {
        long until = device.Milliseconds + milliseconds;
        return device.RunUntil(() => device.Milliseconds >= until);
    }
}
