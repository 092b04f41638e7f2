using NanoOta.Tests.Simulation;
using NanoOta.Tests.Support;
using NanoOta.Tests.VirtualDevice;
using NanoOta.VirtualDevice;

namespace NanoOta.Tests.AgentThread;

/// <summary>
/// The root of the agent's thread: no exception ends it, none keeps firmware on trial, and no wait starves the guard.
/// </summary>
[TestClass]
public sealed class AgentLoopTests : TestBootControl, IClock
{
    private static readonly SimRelease First = SimRelease.Make("1.0.0", 1, 5);
    private static readonly SimRelease Second = SimRelease.Make("1.1.0", 2, 7);

    private readonly List<int> guards = [];
    private int made, sleeps;
    private bool maySleep;

    public override bool Sleep(int milliseconds, int kept)
    {
        sleeps++;
        return maySleep;
    }

    public long Milliseconds { get; private set; }

    public long UnixSeconds => 0;

    [TestMethod]
    public void An_agent_that_fails_on_trial_resets_the_device_at_once()
    {
        State = BootState.Trial;
        Broken().Step();
        Assert.AreEqual(1, Restarts);
    }

    [TestMethod]
    public void In_confirmed_firmware_a_new_agent_takes_over_after_a_wait()
    {
        var loop = Broken();
        Assert.AreEqual(AgentLoop.FaultWaitMs, loop.Step());
        Milliseconds += AgentLoop.FaultWaitMs - 1;
        Assert.AreEqual(AgentLoop.TickMs, loop.Step());
        Assert.AreEqual(1, made, "it is not due");
        Milliseconds++;
        Assert.AreEqual(AgentLoop.FaultWaitMs, loop.Step());
        Assert.AreEqual(2, made);
        Assert.AreEqual(0, Restarts);
    }

    [TestMethod]
    public void An_agent_that_fails_repeatedly_finally_resets_the_device()
    {
        var loop = Broken();
        for (int i = 1; i < AgentLoop.MaxFaults; i++) Milliseconds += loop.Step();
        Assert.AreEqual(0, Restarts);
        loop.Step();
        Assert.AreEqual(1, Restarts);
    }

    [TestMethod]
    public void A_new_agent_completes_the_update_in_which_the_old_one_failed()
    {
        var device = SimDevice.Offered(First, Second);
        UpdatePorts? ports = null;
        device.Break = given => ports = given;
        Assert.IsTrue(device.RunUntil(() => ports != null));
        int defects = 0;
        device.Server.OnOpen = (name, _) => name.EndsWith(".bin") && defects++ == 0
            ? throw new InvalidOperationException("a defect that shows once") : UpdateError.None;
        var loop = new AgentLoop(() => MakeAgent(ports!), ports!.Boot, device, () => true);
        for (int i = 0; i < 1000 && ports.Boot.State != BootState.Activated; i++) device.Pass(loop.Step());
        Assert.AreEqual(BootState.Activated, ports.Boot.State);
        Assert.IsTrue(device.SlotHolds(1, Second.Image));
        Assert.AreEqual(2, made);
    }

    [TestMethod]
    public void A_device_without_a_network_settles_and_makes_no_request()
    {
        var device = SimDevice.Offered(First, Second);
        device.CheckIntervalMs = 50;
        Assert.IsTrue(device.RunUntil(() => device.Agent != null));
        bool isReady = false;
        var loop = new AgentLoop(() => device.Agent!, this, device, () => isReady);
        for (int i = 0; i < 1000; i++) device.Pass(loop.Step());
        Assert.AreEqual(Phase.Idle, device.Agent!.Phase);
        Assert.AreEqual(0, device.Server.Opens);
        isReady = true;
        for (int i = 0; i < 3; i++) device.Pass(loop.Step());
        Assert.AreEqual(1, device.Server.Opens);
    }

    [TestMethod]
    public void After_a_hang_the_first_check_waits_until_the_firmware_is_stable()
    {
        var device = SimDevice.Offered(First, Second);
        Assert.IsTrue(device.RunUntil(() => device.Agent != null));
        using var attached = Attach(ResetReason.Wdt);
        long begin = device.Milliseconds;
        var loop = new AgentLoop(() => device.Agent!, this, device, () => true);
        while (device.Server.Opens == 0) device.Pass(loop.Step());
        Assert.IsInRange(FirmwareGuard.StableMs, FirmwareGuard.StableMs + FirmwareGuard.RoundMs, device.Milliseconds - begin);
        Assert.AreEqual(0, Crashes, "the next hang is the first again");
    }

    [TestMethod]
    public void A_long_wait_is_split_into_rounds_that_only_feed_the_guard()
    {
        var device = SimDevice.Offered(First, Second);
        Assert.IsTrue(device.RunUntil(() => device.Agent != null));
        using var attached = Attach();
        var loop = new AgentLoop(() => device.Agent!, this, device, () => true);
        device.Server.OnOpen = (_, _) => UpdateError.FileNotFound;
        while (device.Server.Opens == 0) device.Pass(loop.Step());
        guards.Clear();
        long begin = device.Milliseconds;
        while (device.Server.Opens == 1)
        {
            int wait = loop.Step();
            Assert.IsLessThanOrEqualTo(FirmwareGuard.GuardSeconds * 1000 / 3, wait);
            device.Pass(wait);
        }

        long rounds = (device.Milliseconds - begin) / FirmwareGuard.RoundMs;
        Assert.IsGreaterThan(20, rounds, "the next check is three quarters of an hour away at least");
        Assert.IsGreaterThanOrEqualTo((int)rounds, guards.Count);
        Assert.IsTrue(guards.TrueForAll(seconds => seconds == FirmwareGuard.GuardSeconds));
    }

    [TestMethod]
    public void A_sleep_waits_for_the_current_step_and_no_step_follows()
    {
        var device = SimDevice.Offered(First, Second);
        device.Break = ports => ports.Boot = this;
        Assert.IsTrue(device.RunUntil(() => device.Agent != null));
        using var begun = new ManualResetEventSlim();
        using var mayEnd = new ManualResetEventSlim();
        device.Server.OnOpen = (_, _) =>
        {
            begun.Set();
            mayEnd.Wait();
            return UpdateError.FileNotFound;
        };
        maySleep = true;
        var loop = new AgentLoop(() => device.Agent!, this, device, () => true);
        var stepping = Begin(() =>
        {
            while (device.Server.Opens == 0) device.Pass(loop.Step());
        });
        begun.Wait();
        bool isAsleep = false;
        var sleeping = Begin(() => isAsleep = loop.Sleep(1000));
        Assert.IsFalse(sleeping.Join(100), "a step is in work");
        Assert.AreEqual(0, sleeps);
        mayEnd.Set();
        stepping.Join();
        sleeping.Join();
        Assert.IsTrue(isAsleep);
        Assert.AreEqual(1, sleeps);
        for (int i = 0; i < 1000; i++) device.Pass(loop.Step() * 1000);
        Assert.AreEqual(1, device.Server.Opens);
    }

    [TestMethod]
    public void A_refused_sleep_leaves_the_loop_running()
    {
        var device = SimDevice.Offered(First, First);
        device.Break = ports => ports.Boot = this;
        Assert.IsTrue(device.RunUntil(() => device.Agent != null));
        var loop = new AgentLoop(() => device.Agent!, this, device, () => true);
        Assert.IsFalse(loop.Sleep(1000), "there is no agent yet");
        Assert.IsFalse(loop.IsResting);
        for (int i = 0; i < 1000 && !loop.IsResting; i++) loop.Step();
        Assert.IsFalse(loop.Sleep(1000), "the native module refuses");
        Assert.AreEqual(1, sleeps);
        device.Pass(3_600_000);
        Assert.IsFalse(loop.IsResting);
        for (int i = 0; i < 100 && device.Server.Opens == 0; i++) loop.Step();
        Assert.AreEqual(1, device.Server.Opens);

        var broken = Broken();
        broken.Step();
        Assert.IsFalse(broken.Sleep(1000), "there is no agent any more");
    }

    private static Thread Begin(ThreadStart work)
    {
        var thread = new Thread(work);
        thread.Start();
        return thread;
    }

    private AgentLoop Broken()
    {
        Attach();
        return new(() => throw new InvalidOperationException($"agent {++made} is broken"), this, this, () => true);
    }

    /// <summary>Connects a board to the native module, until the end of the test at the latest.</summary>
    private IDisposable Attach(ResetReason reset = ResetReason.PowerOn)
    {
        var flash = TestFlash.With(null, 0);
        return new NativePort(flash, TestFlash.Map, TestFlash.Boot(flash, reset)) { OnGuard = guards.Add }.Attach();
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
}
