using System.Text.Json;
using NanoOta.Releases;
using NanoOta.Tests.Cli;
using NanoOta.Tests.Mqtt;
using NanoOta.Tests.Mqtt.FleetCommands;
using NanoOta.Tests.Support;

namespace NanoOta.Tests.EndToEnd;

/// <summary>Whole virtual devices with a real mosquitto: firmware from the slot with MQTTnet in its image, and the operator's commands.</summary>
[TestClass]
public sealed class ConnectedDeviceTests
{
    private const int NotNewer = (int)UpdateError.NotNewer;

    [TestMethod]
    public async Task A_device_updates_from_an_announcement_over_TLS_with_a_hidden_password()
    {
        await using var setup = new DeveloperSetup().Flash("connected", "1.0.0").Pack("connected", "1.1.0");
        using var authority = new TestAuthority();
        File.WriteAllText(setup.FileOf("ca.pem"), authority.Pem);
        using var broker = new Mosquitto(folder =>
        {
            var (chain, key) = authority.Server();
            folder.Write("chain.pem", chain);
            folder.Write("key.pem", key);
            return Mosquitto.Users(folder) + $"\ncertfile {folder.File("chain.pem")}\nkeyfile {folder.File("key.pem")}";
        });
        string[] login = ["--broker", $"mqtts://reader:secret%20of%20reader@127.0.0.1:{broker.Port}", "--ca", setup.FileOf("ca.pem")];
        var watch = new RunningTool(["watch", .. login, "--json", "--until", "confirmed:1.1.0", "--timeout", "150"]);
        using var device = NanoOtaTool.Start(AppContext.BaseDirectory,
            ["device", "--board", DeveloperSetup.DefaultBoard, "--flash", setup.FlashFile, "--offer", await setup.ServeAsync(), "--id", "lamp 1",
                "--check", $"{ConnectedSetup.NeverSeconds}", "--ca", setup.FileOf("ca.pem"), "--quiet"],
            ("NANO_OTA_BROKER", $"mqtts://lamp:secret%20of%20lamp@127.0.0.1:{broker.Port}"));
        try
        {
            LinkSetup.Await(() => watch.Json.Any(l => Has(l, "ver", "1.0.0")), "online device");
            NanoOtaTool.Run(["publish", setup.Releases, "--trust", setup.FileOf("keys/public.pem"), .. login]).MustSucceed();
            Assert.AreEqual(0, (await watch.EndAsync()).ExitCode, watch.Output);
            Assert.IsTrue(watch.Json.Any(l => Has(l, "e", "staged")), watch.Output);
        }
        finally
        {
            device.Kill();
            await device.WaitForExitAsync();
        }

        var after = new RunningTool(["watch", .. login, "--timeout", "20"]);
        after.AwaitOutput("lamp%201  offline");
    }

    [TestMethod]
    public async Task A_broker_restart_in_every_phase_costs_an_update_no_byte()
    {
        await using var setup = new DeveloperSetup().Flash("connected", "1.0.0").PackByDefault("connected", "1.1.0");
        using var broker = new Mosquitto();
        await using var connected = await new ConnectedSetup(setup, broker).StartAsync();
        await connected.Observer.PublishAsync(connected.Topics.Offer, ConnectedSetup.ManifestOf(setup), retain: true);
        var deaths = new BrokerRestarts(connected);
        connected.OnAsked = file =>
        {
            if (file.EndsWith(".pack")) deaths.In("index");
        };
        connected.OnEvent = deaths.On;
        int fetched = await connected.RunAsync("confirmed:1.1.0", () => deaths.IsReported("1.1.0"));
        CollectionAssert.AreEqual(new[] { "offer", "index", "stage", "verify", "activate", "trial", "confirm" }, deaths.Phases.ToArray());
        Assert.AreEqual(connected.Events.Last(e => e.Event == "staged").Packed, fetched, "each byte of the packed file once");
        Assert.HasCount(2, connected.Events.Where(e => e.Event == "boot").ToList());
        Assert.IsFalse(connected.Asked.Any(file => file.EndsWith(".cose")), "the announcement was enough");
    }

    [TestMethod]
    public async Task Repeated_or_reordered_announcements_lead_to_one_update()
    {
        await using var setup = new DeveloperSetup().Flash("connected", "1.0.0").Pack("connected", "1.1.0");
        byte[] older = ConnectedSetup.ManifestOf(setup);
        setup.Pack("connected", "1.2.0");
        byte[] newer = ConnectedSetup.ManifestOf(setup);
        using var broker = new Mosquitto();
        await using var connected = await new ConnectedSetup(setup, broker).StartAsync();
        var topic = connected.Topics.Offer;
        await connected.Observer.PublishAsync(topic, newer, retain: true);
        connected.OnEvent = e =>
        {
            if (e.Event == "offer" && e.Version == "1.2.0")
                for (int i = 0; i < 3; i++) connected.Observer.PublishAsync(topic, newer).Wait();
            // The next connection delivers it.
            if (e.Event == "activated") connected.Observer.PublishAsync(topic, older, retain: true).Wait();
        };
        int fetched = await connected.RunAsync("refused", () => true);
        Assert.AreEqual(NotNewer, connected.Events.Last(e => e.Event == "refused").Code);
        Assert.HasCount(1, connected.Events.Where(e => e.Event == "staging").ToList());
        Assert.HasCount(1, connected.Events.Where(e => e is { Event: "confirmed", Version: "1.2.0" }).ToList());
        Assert.AreEqual("1.2.0", connected.Events.Last(e => e.Event == "boot").Version);
        Assert.AreEqual(0, fetched, "nothing of the older one");
    }

    [TestMethod]
    public async Task Forged_old_and_repeated_commands_are_refused_and_the_good_one_runs_once()
    {
        await using var setup = new DeveloperSetup().Flash("connected", "1.0.0").Pack("connected", "1.1.0");
        using var broker = new Mosquitto();
        using var unknown = SigningKey.Generate();
        await using var connected = await new ConnectedSetup(setup, broker).StartAsync();
        var check = OutgoingCommand.Now(ConnectedSetup.DeviceId, CommandKind.Check);
        var old = check with { Kind = CommandKind.Reboot, Counter = check.Counter - 1 };
        var script = Task.Run(async () =>
        {
            connected.AwaitOnline();
            await SendAsync(connected, (check with { Kind = CommandKind.Reboot }).Sign(unknown));
            AwaitAnswer(connected, UpdateError.CommandUnknownKey);
            for (int i = 0; i < 2; i++) await SendAsync(connected, check.Sign(connected.CommandKey));
            AwaitAnswer(connected, UpdateError.None);
            LinkSetup.Await(() => connected.Observer.Saw(connected.Topics.Status, s => Is(s, "ver", "1.1.0")), "new firmware");
            await SendAsync(connected, old.Sign(connected.CommandKey));
            AwaitAnswer(connected, UpdateError.CommandReplayed);
        });
        await connected.RunAsync("confirmed:1.1.0", () => script.IsCompleted);
        await script;
        Assert.HasCount(1, connected.Events.Where(e => e.Event == "offer").ToList(), "looked once");
        Assert.HasCount(2, connected.Events.Where(e => e.Event == "boot").ToList(), "nothing else reset it");
        Assert.HasCount(1, connected.Asked.Where(file => file.EndsWith(".cose")).ToList());
    }

    private static Task SendAsync(ConnectedSetup connected, byte[] command) =>
        connected.Observer.PublishAsync(connected.Topics.Command, command);

    private static void AwaitAnswer(ConnectedSetup connected, UpdateError code) =>
        connected.Observer.AwaitMessage(connected.Topics.Answer, a => a.GetProperty("code").GetInt32() == (int)code);

    private static bool Has(JsonElement line, string field, string value) =>
        line.TryGetProperty("message", out var message) && message.ValueKind == JsonValueKind.Object && Is(message, field, value);

    private static bool Is(JsonElement message, string field, string value) =>
        message.TryGetProperty(field, out var found) && found.ValueKind == JsonValueKind.String && found.GetString() == value;
}
