using NanoOta.Tests.Simulation;
using NanoOta.Tests.Support;

namespace NanoOta.Tests.Esp32;

/// <summary>The root of the agent's thread: no exception ends it, and none keeps firmware on trial.</summary>
[TestClass]
public sealed class AgentLoopTests : IBootControl
{
    private static readonly SimRelease First = SimRelease.Make("1.0.0", 1, 5);
    private static readonly SimRelease Second = SimRelease.Make("1.1.0", 2, 7);

    private readonly List<int> sleeps = [];
    private int restarts, made;

    public BootState State { get; set; } = BootState.Confirmed;

    public int RunningSlot => 0;

    public UpdateError RevertReason => UpdateError.None;

    public bool Activate() => false;

    public bool Confirm() => false;

    public bool Reject(UpdateError reason) => false;

    public bool IsSafeMode => false;

    public int Kept => 0;

    public bool Sleep(int milliseconds, int kept)
    {
        sleeps.Add(milliseconds);
        return true;
    }

    public void Restart() => restarts++;

    [TestMethod]
    public void An_agent_that_fails_on_trial_resets_the_device_at_once()
    {
        State = BootState.Trial;
        Broken().Step();
        Assert.AreEqual(1, restarts);
    }

    [TestMethod]
    public void In_confirmed_firmware_a_new_agent_takes_over_after_a_wait()
    {
        var loop = Broken();
        Assert.AreEqual(AgentLoop.FaultWaitMs, loop.Step());
        Assert.AreEqual(AgentLoop.FaultWaitMs, loop.Step());
        Assert.AreEqual(2, made);
        Assert.AreEqual(0, restarts);
    }

    [TestMethod]
    public void An_agent_that_fails_again_and_again_resets_the_device_in_the_end()
    {
        var loop = Broken();
        for (int i = 1; i < AgentLoop.MaxFaults; i++) loop.Step();
        Assert.AreEqual(0, restarts);
        loop.Step();
        Assert.AreEqual(1, restarts);
    }

    [TestMethod]
    public void An_agent_that_failed_in_the_middle_of_an_update_is_followed_by_one_that_ends_it()
    {
        var device = SimDevice.Offered(First, Second);
        UpdatePorts? ports = null;
        device.Break = given => ports = given;
        Assert.IsTrue(device.RunUntil(() => ports != null));
        int defects = 0;
        device.Server.OnOpen = (name, _) => name.EndsWith(".bin") && defects++ == 0
            ? throw new InvalidOperationException("a defect that shows once") : UpdateError.None;
        var loop = new AgentLoop(() => MakeAgent(ports!), ports!.Boot, () => true);
        for (int i = 0; i < 1000 && ports.Boot.State != BootState.Activated; i++) loop.Step();
        Assert.AreEqual(BootState.Activated, ports.Boot.State);
        Assert.IsTrue(device.SlotHolds(1, Second.Image));
        Assert.AreEqual(2, made);
    }

    [TestMethod]
    public void A_device_without_a_network_settles_and_then_waits_without_asking_for_a_release()
    {
        var device = SimDevice.Offered(First, Second);
        device.CheckIntervalMs = 50;
        Assert.IsTrue(device.RunUntil(() => device.Agent != null));
        bool isReady = false;
        var loop = new AgentLoop(() => device.Agent!, this, () => isReady);
        for (int i = 0; i < 1000; i++) loop.Step();
        Assert.AreEqual(Phase.Idle, device.Agent!.Phase);
        Assert.AreEqual(0, device.Server.Opens);
        isReady = true;
        for (int i = 0; i < 3; i++) loop.Step();
        Assert.AreEqual(1, device.Server.Opens);
    }

    [TestMethod]
    public void The_device_sleeps_between_two_steps_and_never_without_an_agent()
    {
        var device = SimDevice.Offered(First, First);
        device.Break = ports => ports.Boot = this;
        Assert.IsTrue(device.RunUntil(() => device.Agent != null));
        var entered = new ManualResetEventSlim();
        var leave = new ManualResetEventSlim();
        device.Server.OnOpen = (_, _) =>
        {
            entered.Set();
            Assert.IsTrue(leave.Wait(30_000));
            return UpdateError.None;
        };
        var loop = new AgentLoop(() => device.Agent!, this, () => true);
        Assert.IsFalse(loop.Sleep(1), "there is no agent yet");
        Assert.IsFalse(loop.IsResting);
        for (int i = 0; i < 1000 && !loop.IsResting; i++) loop.Step();
        Assert.IsTrue(loop.Sleep(2));
        device.Pass(3_600_000);
        Assert.IsFalse(loop.IsResting);

        var run = Task.Run(() =>
        {
            while (!entered.IsSet) loop.Step();
        });
        Assert.IsTrue(entered.Wait(30_000));
        var sleep = Task.Run(() => loop.Sleep(3));
        Assert.IsFalse(sleep.Wait(200), "in the middle of a step");
        leave.Set();
        Assert.IsTrue(sleep.Wait(30_000) && sleep.Result && run.Wait(30_000));
        CollectionAssert.AreEqual(new[] { 2, 3 }, sleeps);

        var broken = Broken();
        broken.Step();
        Assert.IsFalse(broken.Sleep(4));
    }

    private AgentLoop Broken() => new(() => throw new InvalidOperationException($"agent {++made} is broken"), this, () => true);

    private UpdateAgent MakeAgent(UpdatePorts ports)
    {
        made++;
        return new UpdateAgent(ports, new UpdateOptions
        {
            Address = SimServer.Address,
            Product = "lamp",
            Board = "board-a",
            TrustedKeys = [SomeManifest.SharedKey.Base64],
            CheckIntervalMs = 50,
        });
    }
}
