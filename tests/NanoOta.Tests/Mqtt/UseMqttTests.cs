using NanoOta.Releases;
using NanoOta.Tests.Simulation;
using NanoOta.Tests.Support;

namespace NanoOta.Tests.Mqtt;

/// <summary>What an application writes to give its agent a broker and a report.</summary>
[TestClass]
[DoNotParallelize] // the console is shared
public sealed class UseMqttTests
{
    private readonly SimDevice device = new(SimRelease.Make("1.0.0", 1, 5));
    private readonly SimBroker broker = new();
    private readonly StringWriter printed = new();
    private readonly TextWriter console = Console.Out;

    public UseMqttTests()
    {
        Assert.IsTrue(device.RunUntil(() => device.Agent != null));
        Console.SetOut(printed);
    }

    [TestCleanup]
    public void RestoreConsole() => Console.SetOut(console);

    [TestMethod]
    public void The_agent_publishes_its_status_and_gives_a_report_on_command()
    {
        var ota = Composed();
        var history = ota.UseDiagnostics();
        RemoteLink? link = null;
        ota.AddPart("broker", agent => link = OtaAgentMqtt.Join(agent, Options()).Link);
        var loop = ota.MakeLoop();
        var topics = new Topics("lamp", "board-a", "lamp-17");
        LinkSetup.Await(() => Step(loop, link) && broker.Published.Any(m => m.Topic == topics.Status), "status");
        broker.Send(topics.Command, new OutgoingCommand("lamp-17", CommandKind.Report, 1, null).Sign(MqttBench.Key));
        LinkSetup.Await(() => Step(loop, link) && broker.Published.Any(m => m.Topic == topics.Report), "report");
        Assert.IsGreaterThan(0, history.Count, "the start");
        Assert.DoesNotContain("no broker", printed.ToString());
    }

    [TestMethod]
    [DataRow("client", "MqttOptions.MakeBroker")]
    [DataRow("id", "1 to 64 bytes")]
    [DataRow("key", "key")]
    public void What_is_missing_is_printed_and_the_agent_runs_without_a_broker(string missing, string remedy)
    {
        var ota = Composed();
        var options = Options();
        if (missing == "client") options.MakeBroker = null;
        if (missing == "id") ota.Options.DeviceId = "";
        if (missing == "key") options.CommandKeys = ["no key"];
        ota.UseMqtt(options);
        var loop = ota.MakeLoop();
        for (int i = 0; i < 10; i++) Step(loop);
        Assert.AreEqual(Phase.Idle, ota.State);
        Assert.Contains("no broker: ", printed.ToString());
        Assert.Contains(remedy, printed.ToString());
        Assert.IsEmpty(broker.Published);
    }

    [TestMethod]
    public void Values_that_cannot_work_are_refused_with_what_to_do()
    {
        (Action Set, string Remedy)[] refused =
        [
            (() => _ = new MqttOptions(""), "host name"), (() => _ = new MqttOptions(null!), "host name"),
            (() => _ = new MqttOptions("mqtts://broker.example:8883"), "IsSecure"),
            (() => Options().Port = 0, "65535"), (() => Options().Port = 65536, "65535"),
            (() => Options().KeepAliveSeconds = 4, "5 to 65535"), (() => Options().CommandKeys = null!, "array"),
            (() => Options().Token = "only 15 letters", "16 characters"), (() => Options().Token = null!, "16 characters"),
            (() => Options().StatusIntervalMs = 999, "1000"), (() => Options().ConnectSpreadMs = -1, "0 to 3600000"),
        ];
        foreach (var (set, remedy) in refused) Assert.Contains(remedy, Assert.ThrowsExactly<ArgumentException>(set).Message);
        Assert.ThrowsExactly<ArgumentNullException>(() => Composed().UseMqtt(null!));
    }

    [TestMethod]
    public void The_port_follows_TLS_unless_it_is_given()
    {
        Assert.AreEqual(1883, new MqttOptions("broker").Port);
        Assert.AreEqual(8883, new MqttOptions("broker") { IsSecure = true }.Port);
        Assert.AreEqual(1000, new MqttOptions("broker") { Port = 1000, IsSecure = true }.Port);
    }

    private bool Step(AgentLoop loop, RemoteLink? link = null)
    {
        link?.Step();
        device.Pass(loop.Step());
        return true;
    }

    private MqttOptions Options() => new("127.0.0.1")
    {
        ConnectSpreadMs = 1,
        CommandKeys = [MqttBench.Key.Public.Base64],
        MakeBroker = broker.MakeClient,
    };

    private OtaAgent Composed()
    {
        var ota = new OtaAgent(SimServer.Address);
        ota.Options.Product = "lamp";
        ota.Options.Board = "board-a";
        ota.Options.DeviceId = "lamp-17";
        ota.Options.TrustedKeys = [TestManifest.SharedKey.Base64];
        ota.Ports.Source = device.Server;
        ota.Ports.Clock = device;
        return ota;
    }
}
