using NanoOta.Tests.Simulation;
using NanoOta.Tests.Support;
using NanoOta.Tests.VirtualDevice;
using NanoOta.VirtualDevice;

namespace NanoOta.Tests.Esp32;

/// <summary>The composition that firmware uses, in a simulated device.</summary>
[TestClass]
public sealed class OtaAgentTests : IHealthCheck
{
    private readonly List<UpdateEventKind> received = [];

    [TestMethod]
    [DataRow(null)]
    [DataRow("")]
    public void An_address_that_is_missing_is_refused_with_an_example(string? address)
    {
        var refusal = Assert.ThrowsExactly<ArgumentException>(() => new OtaAgent(address!));
        Assert.Contains("https://", refusal.Message);
    }

    [TestMethod]
    public void Firmware_without_an_identity_is_refused_at_the_start_unless_it_is_on_trial()
    {
        var device = new SimDevice(SimRelease.Make("1.0.0", 1, 5));
        Assert.IsTrue(device.RunUntil(() => device.Agent != null));
        var refusal = Assert.ThrowsExactly<InvalidOperationException>(() => new OtaAgent("http://a/").MakeLoop());
        Assert.Contains("nano-ota identity", refusal.Message);

        device.Publish(SimRelease.Make("1.1.0", 2, 5));
        Assert.IsTrue(device.RunUntil(() => device.State == BootState.Trial));
        new OtaAgent("http://a/").MakeLoop();
    }

    [TestMethod]
    [DataRow(0, 1, 1)]
    [DataRow(1, -1, 1)]
    [DataRow(1, 1, 0)]
    public void A_time_that_is_not_positive_is_refused_on_trial_as_well(int check, int retry, int deadline)
    {
        var device = SimDevice.Offered(SimRelease.Make("1.0.0", 1, 5), SimRelease.Make("1.1.0", 2, 5));
        Assert.IsTrue(device.RunUntil(() => device.State == BootState.Trial));
        var ota = new OtaAgent("http://a/") { Options = { CheckIntervalMs = check, RetryDelayMs = retry, HealthDeadlineMs = deadline } };
        var refusal = Assert.ThrowsExactly<InvalidOperationException>(() => ota.MakeLoop());
        Assert.Contains("ota.Options", refusal.Message);
    }

    [TestMethod]
    public void The_guard_runs_before_Start_can_throw()
    {
        int armed = 0;
        var flash = TestFlash.With(null, 0, 1);
        using var attached = new NativePort(flash, TestFlash.Map, TestFlash.Boot(flash)) { OnGuard = seconds => armed = seconds }.Attach();
        Assert.ThrowsExactly<InvalidOperationException>(() => new OtaAgent("http://a/").MakeLoop());
        Assert.AreEqual(FirmwareGuard.GuardSeconds, armed);
    }

    [TestMethod]
    public void Missing_ports_are_refused_by_name()
    {
        var ota = Composed();
        ota.Ports.Source = null;
        Assert.Contains("Source", Assert.ThrowsExactly<InvalidOperationException>(() => ota.MakeLoop()).Message);
    }

    [TestMethod]
    public void What_belongs_before_Start_is_refused_after_it()
    {
        var ota = Composed();
        ota.MakeLoop();
        Action[] late =
        [
            () => ota.CaCertificate = null, () => ota.Credential = null, () => ota.AddPart("late", _ => { }),
            () => ota.MakeLoop(),
        ];
        foreach (var call in late)
            Assert.Contains("before ota.Start()", Assert.ThrowsExactly<InvalidOperationException>(call).Message);
    }

    [TestMethod]
    public void Certificate_and_credential_are_those_of_the_http_source()
    {
        var ota = new OtaAgent("https://updates.example/");
        Assert.ThrowsExactly<ArgumentException>(() => ota.CaCertificate = "not a certificate");
        ota.Credential = HttpCredential.Basic("https://updates.example/", "user", "password");
        Assert.AreSame(ota.Credential, ((HttpReleaseSource)ota.Ports.Source).Credential);
        ota.Ports.Source = new SimServer();
        Assert.Contains("not HTTP", Assert.ThrowsExactly<InvalidOperationException>(() => ota.CaCertificate = null).Message);
    }

    [TestMethod]
    public void A_part_that_throws_is_left_out_and_the_agent_runs_with_the_others()
    {
        var ota = Composed();
        int rounds = 0;
        ota.AddPart("broken part", _ => throw new InvalidOperationException("no broker"));
        ota.AddPart("good part", with => with.AddRound(_ => rounds++ < 0));
        var loop = ota.MakeLoop();
        loop.Step();
        Assert.AreEqual(1, rounds);
    }

    [TestMethod]
    public void There_is_room_for_five_probes_of_the_application_and_four_parts()
    {
        var ota = new OtaAgent("http://a/");
        for (int i = 0; i < 5; i++) ota.Health.Add($"probe {i}", this);
        Assert.Contains("eight is the most", Assert.ThrowsExactly<ArgumentException>(() => ota.Health.Add("sixth", this)).Message);
        for (int i = 0; i < 4; i++) ota.AddPart($"part {i}", _ => { });
        Assert.ThrowsExactly<InvalidOperationException>(() => ota.AddPart("fifth", _ => { }));
    }

    [TestMethod]
    public void Before_its_first_step_an_agent_shows_nothing_and_does_not_sleep()
    {
        var ota = new OtaAgent("http://a/");
        Assert.AreEqual((Phase.Settle, 0, "", false, false, false),
            (ota.State, ota.Progress, ota.RunningVersion, ota.IsResting, ota.IsNetworkReady(), ota.Sleep(1000)));
    }

    [TestMethod]
    public void State_version_and_progress_follow_an_update()
    {
        var device = SimDevice.Offered(SimRelease.Make("1.0.0", 1, 5), SimRelease.Make("1.1.0", 2, 9));
        Assert.IsTrue(device.RunUntil(() => device.Agent != null));
        var ota = Composed(device);
        ota.Events.Add(new Listener(e => received.Add(e.Kind)));
        var loop = ota.MakeLoop();
        var progress = new List<int>();
        for (int i = 0; i < 500 && ota.State != Phase.Reboot; i++)
        {
            device.Pass(loop.Step());
            if (ota.State == Phase.Stage) progress.Add(ota.Progress);
        }

        Assert.AreEqual(Phase.Reboot, ota.State);
        Assert.AreEqual("1.0.0", ota.RunningVersion);
        Assert.AreEqual(100, ota.Progress);
        CollectionAssert.AreEqual(progress.Order().ToList(), progress);
        Assert.IsGreaterThan(2, progress.Distinct().Count());
        Assert.Contains(UpdateEventKind.Activated, received);
    }

    [TestMethod]
    public void The_history_has_an_event_before_a_listener_that_came_earlier_receives_it()
    {
        var device = new SimDevice(SimRelease.Make("1.0.0", 1, 5));
        Assert.IsTrue(device.RunUntil(() => device.Agent != null));
        var ota = Composed(device);
        var recorded = new List<int>();
        History? history = null;
        ota.Events.Add(new Listener(_ => recorded.Add(history!.Count)));
        history = ota.UseDiagnostics();
        device.Publish(SimRelease.Make("1.1.0", 2, 9));
        var loop = ota.MakeLoop();
        for (int i = 0; i < 500 && ota.State != Phase.Reboot; i++) device.Pass(loop.Step());
        Assert.AreEqual(history.Count, recorded[^1]);
    }

    [TestMethod]
    public void Settings_are_registered_where_the_firmware_keeps_them()
    {
        var ota = new OtaAgent("http://a/");
        ota.Settings.Add("lamp.json");
        Assert.IsInstanceOfType<SettingsFiles>(ota.Ports.Settings);
        Assert.ThrowsExactly<ArgumentException>(() => ota.Settings.Add("LAMP.json"));
        Assert.ThrowsExactly<ArgumentException>(() => ota.Settings.Add("../secret"));
    }

    Health IHealthCheck.Check() => Health.Good;

    // In a device that runs.
    private OtaAgent Composed()
    {
        var device = new SimDevice(SimRelease.Make("1.0.0", 1, 5));
        Assert.IsTrue(device.RunUntil(() => device.Agent != null));
        return Composed(device);
    }

    private static OtaAgent Composed(SimDevice device)
    {
        var ota = new OtaAgent(SimServer.Address);
        ota.Options.Product = "lamp";
        ota.Options.Board = "board-a";
        ota.Options.TrustedKeys = [TestManifest.SharedKey.Base64];
        ota.Ports.Source = device.Server;
        ota.Ports.Clock = device;
        ota.Events.Clear();
        return ota;
    }

    private sealed class Listener(Action<UpdateEvent> receive) : IUpdateEvents
    {
        public void On(UpdateEvent e) => receive(e);
    }
}
