using NanoOta.Tests.Simulation;

namespace NanoOta.Tests.AgentThread;

/// <summary>What runs beside the agent, between its steps: it is called often enough, and can do the agent no harm.</summary>
[TestClass]
public sealed class AgentRoundTests : TestBootControl
{
    private static readonly SimRelease First = SimRelease.Make("1.0.0", 1, 5);
    private static readonly SimRelease Second = SimRelease.Make("1.1.0", 2, 7);

    private int rounds, made;

    public override bool Sleep(int milliseconds, int kept) => true;

    [TestMethod]
    [DoNotParallelize] // the console is shared
    public void An_exception_of_a_round_is_printed_and_the_agent_completes_its_update()
    {
        var device = SimDevice.Offered(First, Second);
        UpdatePorts? ports = null;
        device.Break = given => ports = given;
        Assert.IsTrue(device.RunUntil(() => device.Agent != null));
        var loop = Loop(device, _ => throw new InvalidOperationException("a broken part"), ports!.Boot);
        using var printed = new StringWriter();
        var console = Console.Out;
        Console.SetOut(printed);
        try
        {
            for (int i = 0; i < 5000 && ports.Boot.State != BootState.Activated; i++) device.Pass(loop.Step());
        }
        finally
        {
            Console.SetOut(console);
        }

        Assert.AreEqual(BootState.Activated, ports.Boot.State);
        Assert.AreEqual(1, made, "no new agent took over");
        Assert.AreEqual(0, Restarts);
        StringAssert.Contains(printed.ToString(), "what runs beside the update agent failed: System.InvalidOperationException: a broken part");
    }

    [TestMethod]
    [DoNotParallelize] // the console is shared
    public void One_that_throws_stops_no_other_and_any_of_them_can_make_a_step_due()
    {
        var (device, loop) = Resting(_ => throw new InvalidOperationException("a broken part"));
        loop.AddRound(agent => ++rounds == 3 && agent.CheckNow() == UpdateError.None);
        loop.AddRound(_ => false);
        long begin = device.Milliseconds;
        for (int wait = 0; device.Server.Opens == 0; wait = loop.Step()) device.Pass(wait);
        Assert.IsLessThan(5000, device.Milliseconds - begin, "the next check is a while away");
    }

    [TestMethod]
    public void The_agent_is_stepped_at_once_when_a_round_gave_it_work()
    {
        var (device, loop) = Resting(agent => ++rounds == 3 && agent.CheckNow() == UpdateError.None);
        long begin = device.Milliseconds;
        Assert.AreEqual(0, device.Server.Opens);
        for (int wait = 0; device.Server.Opens == 0; wait = loop.Step()) device.Pass(wait);
        Assert.IsLessThan(5000, device.Milliseconds - begin, "the next check is a while away");
        Assert.IsGreaterThanOrEqualTo(3, rounds);
    }

    [TestMethod]
    public void The_round_is_called_at_least_once_a_second_while_the_agent_rests()
    {
        var (device, loop) = Resting(_ =>
        {
            rounds++;
            return false;
        });
        for (int i = 0; i < 100; i++)
        {
            int before = rounds, wait = loop.Step();
            Assert.AreEqual(before + 1, rounds);
            Assert.IsLessThanOrEqualTo(1000, wait);
            device.Pass(wait);
        }
    }

    [TestMethod]
    public void The_round_is_no_longer_called_when_the_device_sleeps()
    {
        var (device, loop) = Resting(_ =>
        {
            rounds++;
            return false;
        });
        Assert.IsTrue(loop.Sleep(1000));
        int before = rounds;
        for (int i = 0; i < 100; i++) device.Pass(loop.Step() * 1000);
        Assert.AreEqual(before, rounds);
    }

    // Its checks are an hour apart, and nothing is due.
    private (SimDevice Device, AgentLoop Loop) Resting(AgentRound round)
    {
        var device = SimDevice.Offered(First, First);
        device.CheckIntervalMs = 360_000_000;
        device.Break = ports => ports.Boot = this;
        Assert.IsTrue(device.RunUntil(() => device.Agent != null));
        var loop = Loop(device, agent => agent.IsResting && round(agent), this);
        for (int i = 0; i < 1000 && !loop.IsResting; i++) loop.Step();
        Assert.IsTrue(loop.IsResting);
        return (device, loop);
    }

    private AgentLoop Loop(SimDevice device, AgentRound round, IBootControl boot)
    {
        var loop = new AgentLoop(() =>
        {
            made++;
            return device.Agent!;
        }, boot, device, () => true);
        loop.AddRound(round);
        return loop;
    }
}
