using NanoOta.Tests.Simulation;
using NanoOta.Tests.Support;
using NanoOta.Tests.VirtualDevice;
using NanoOta.VirtualDevice;

namespace NanoOta.Tests.AgentThread;

/// <summary>A short lack of memory delays the agent, a lasting one resets the device, and none stops the agent without a report.</summary>
[TestClass]
public sealed class MemoryShortageTests : TestBootControl, IClock
{
    private static readonly SimRelease First = SimRelease.Make("1.0.0", 1, 5);
    private static readonly SimRelease Second = SimRelease.Make("1.1.0", 2, 7);

    private readonly List<int> guards = [];
    private readonly List<UpdateError> verdicts = [];
    private int made;
    private Action onClock = () => { }, onSleep = () => { };
    private long milliseconds;

    public override int TrialLimitSeconds => 420;

    public override int CrashLimit => 5;

    public long UnixSeconds => 0;

    public long Milliseconds
    {
        get
        {
            onClock();
            return milliseconds;
        }
    }

    public override bool Reject(UpdateError reason)
    {
        verdicts.Add(reason);
        return true;
    }

    public override bool Sleep(int milliseconds, int kept)
    {
        onSleep();
        return false;
    }

    [TestMethod]
    [DataRow(BootState.Trial)]
    [DataRow(BootState.Confirmed)]
    public void The_third_shortage_in_a_row_resets_the_device_and_none_before_it(object state)
    {
        State = (BootState)state;
        var loop = Short();
        for (int i = 0; i < AgentLoop.MaxShortages - 1; i++)
        {
            Assert.AreEqual(AgentLoop.ShortageWaitMs << i, loop.Step());
            milliseconds += AgentLoop.ShortageWaitMs << i;
            Assert.AreEqual((i + 1, 0), (made, Restarts));
        }

        loop.Step();
        Assert.AreEqual((AgentLoop.MaxShortages, 1), (made, Restarts));
        // One of three trials, and no blame: a reset without a verdict would quarantine the release.
        CollectionAssert.AreEqual(State == BootState.Trial ? [UpdateError.HealthCheckTimedOut] : Array.Empty<UpdateError>(), verdicts);
    }

    [TestMethod]
    public void A_new_agent_in_a_trial_goes_on_with_the_time_of_the_trial()
    {
        var device = SimDevice.Offered(First, SimRelease.Make("1.1.0", 2, 5, Behaviour.Silent));
        UpdatePorts? ports = null;
        device.Break = given => ports = given;
        Assert.IsTrue(device.RunUntil(() => device.Agent?.Phase == Phase.Trial));
        int deadline = Math.Min(new UpdateOptions().HealthDeadlineMs, ports!.Boot.TrialLimitSeconds * 875);
        device.Pass(deadline / 2);
        var next = MakeAgent(ports);
        while (next.Phase != Phase.Trial) next.Step();
        device.Pass(deadline / 4);
        next.Step();
        Assert.AreEqual(Phase.Trial, next.Phase);
        device.Pass(deadline / 4 + 1);
        next.Step();
        Assert.AreEqual(Phase.Reject, next.Phase, "the trial watchdog would end the trial, and blame the release");
    }

    [TestMethod]
    public void Shortages_far_apart_never_reset_the_device()
    {
        var loop = Short();
        for (int i = 0; i < 20; i++)
        {
            Assert.AreEqual(AgentLoop.ShortageWaitMs, loop.Step());
            milliseconds += AgentLoop.ShortageRowMs;
        }

        Assert.AreEqual((20, 0), (made, Restarts));
    }

    [TestMethod]
    public void A_new_agent_completes_an_update_after_a_memory_shortage()
    {
        var device = SimDevice.Offered(First, Second);
        UpdatePorts? ports = null;
        device.Break = given => ports = given;
        Assert.IsTrue(device.RunUntil(() => ports != null));
        int shortages = 0;
        device.Server.OnOpen = (name, _) => name.EndsWith(".bin") && shortages++ < 2 ? throw new OutOfMemoryException() : UpdateError.None;
        var loop = new AgentLoop(() => MakeAgent(ports!), ports!.Boot, device, () => true);
        for (int i = 0; i < 1000 && ports.Boot.State != BootState.Activated; i++) device.Pass(loop.Step());
        Assert.AreEqual(BootState.Activated, ports.Boot.State);
        Assert.IsTrue(device.SlotHolds(1, Second.Image));
        Assert.AreEqual((3, 0), (made, Restarts));
    }

    [TestMethod]
    public void A_loop_that_cannot_handle_its_faults_stops_feeding_the_guard()
    {
        using var attached = Attach();
        var loop = new AgentLoop(() => throw new OutOfMemoryException(), this, this, () => true);
        onClock = () => throw new OutOfMemoryException();
        for (int i = 0; i < 10; i++) Assert.AreEqual(AgentLoop.TickMs, loop.Step());
        Assert.HasCount(AgentLoop.MaxShortages, guards);
        Assert.AreEqual(7, Restarts, "it requests a reset until it happens");
    }

    [TestMethod]
    public void An_event_listener_without_memory_does_not_end_a_step()
    {
        var device = SimDevice.Offered(First, Second);
        int received = 0, after = 0;
        device.Break = ports =>
        {
            ports.Events.Add(new ThrowingListener(() => received++));
            ports.Events.Add(new ThrowingListener(() => after++));
        };
        Assert.IsTrue(device.RunUntil(() => device.State == BootState.Trial));
        Assert.IsGreaterThan(5, received);
        Assert.AreEqual(received, after, "the next listener receives each event as well");
    }

    [TestMethod]
    public void A_round_without_memory_does_not_stop_an_update()
    {
        var device = SimDevice.Offered(First, Second);
        UpdatePorts? ports = null;
        device.Break = given => ports = given;
        Assert.IsTrue(device.RunUntil(() => ports != null));
        var loop = new AgentLoop(() => MakeAgent(ports!), ports!.Boot, device, () => true);
        loop.AddRound(_ => throw new OutOfMemoryException());
        for (int i = 0; i < 1000 && ports.Boot.State != BootState.Activated; i++) device.Pass(loop.Step());
        Assert.AreEqual(BootState.Activated, ports.Boot.State);
        Assert.AreEqual(1, made);
    }

    [TestMethod]
    public void A_tick_between_two_steps_lets_finalizers_run()
    {
        var device = SimDevice.Offered(First, Second);
        UpdatePorts? ports = null;
        device.Break = given => ports = given;
        Assert.IsTrue(device.RunUntil(() => ports != null));
        var loop = new AgentLoop(() => MakeAgent(ports!), ports!.Boot, device, () => true);
        for (int i = 0; i < 1000 && ports.Boot.State != BootState.Activated; i++)
        {
            int wait = loop.Step();
            Assert.IsGreaterThanOrEqualTo(AgentLoop.TickMs, wait);
            device.Pass(wait);
        }

        Assert.AreEqual(BootState.Activated, ports.Boot.State);
    }

    [TestMethod]
    public void A_sleep_that_throws_leaves_the_loop_running()
    {
        var device = SimDevice.Offered(First, First);
        device.Break = ports => ports.Boot = this;
        Assert.IsTrue(device.RunUntil(() => device.Agent != null));
        var loop = new AgentLoop(() => device.Agent!, this, device, () => true);
        for (int i = 0; i < 1000 && !loop.IsResting; i++) loop.Step();
        onSleep = () => throw new OutOfMemoryException();
        Assert.ThrowsExactly<OutOfMemoryException>(() => loop.Sleep(1000));
        device.Pass(3_600_000);
        for (int i = 0; i < 100 && device.Server.Opens == 0; i++) loop.Step();
        Assert.AreEqual(1, device.Server.Opens);
    }

    private AgentLoop Short()
    {
        Attach();
        return new(() =>
        {
            made++;
            throw new OutOfMemoryException();
        }, this, this, () => true);
    }

    private IDisposable Attach()
    {
        var flash = TestFlash.With(null, 0);
        return new NativePort(flash, TestFlash.Map, TestFlash.Boot(flash, ResetReason.PowerOn)) { OnGuard = guards.Add }.Attach();
    }

    private UpdateAgent MakeAgent(UpdatePorts ports)
    {
        made++;
        return new UpdateAgent(ports, new UpdateOptions
        {
            Address = SimServer.Address,
            Product = "lamp",
            Board = "board-a",
            TrustedKeys = [TestManifest.SharedKey.Base64],
            CheckIntervalMs = 50,
        });
    }

    private sealed class ThrowingListener(Action received) : IUpdateEvents
    {
        public void On(UpdateEvent e)
        {
            received();
            throw new OutOfMemoryException();
        }
    }
}
