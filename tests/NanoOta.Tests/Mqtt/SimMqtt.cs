using System.Text.Json;
using NanoOta.Releases;
using NanoOta.Tests.Simulation;

namespace NanoOta.Tests.Mqtt;

/// <summary>The link of a simulated device, created at each boot, and its operator.</summary>
internal sealed class SimMqtt
{
    public const string DeviceId = "lamp-17";

    private readonly SimDevice device;
    private RemoteLoop? loop;
    private long counter;

    public SimMqtt(SimDevice device)
    {
        this.device = device;
        device.Break = Attach;
        device.BetweenSteps = Round;
    }

    public static SigningKey Key { get; } = SigningKey.Generate();

    public static Topics Topics { get; } = new("lamp", "board-a", DeviceId);

    public SimBroker Broker { get; } = new();

    /// <summary>The agent's side of the link, of the present boot.</summary>
    public RemoteLoop? Loop => loop;

    /// <summary>The link of the present boot.</summary>
    public RemoteLink? Link => loop?.Link;

    /// <summary>Makes what writes the reports of each boot, or null: it gives none.</summary>
    public Func<UpdatePorts, SupportReport>? MakeSupport { get; set; }

    /// <summary>All reports that came, in order.</summary>
    public List<JsonElement> Reports =>
        [.. Broker.Published.Where(m => m.Topic == Topics.Report).Select(m => JsonDocument.Parse(m.Payload).RootElement)];

    /// <summary>Whether the link is stalled, as by a broker that does not answer.</summary>
    public bool IsStalled { get; set; }

    /// <summary>Called before each round.</summary>
    public Action<UpdateAgent> OnRound { get; set; } = _ => { };

    /// <summary>Number and code of each answer.</summary>
    public List<(long Number, UpdateError Code)> Answers => [.. Broker.Published.Where(m => m.Topic == Topics.Answer)
        .Select(m => JsonDocument.Parse(m.Payload).RootElement)
        .Select(a => (a.TryGetProperty("n", out var n) ? n.GetInt64() : 0, (UpdateError)a.GetProperty("code").GetInt32()))];

    /// <summary>The last status.</summary>
    public JsonElement Status => JsonDocument.Parse(Broker.Published.Last(m => m.Topic == Topics.Status).Payload).RootElement;

    /// <summary>Announces a manifest, or withdraws with none.</summary>
    public void Announce(byte[] manifest) => Broker.Send(Topics.Offer, manifest, retain: true);

    /// <summary>A command with the next counter.</summary>
    public byte[] Make(CommandKind kind) => new OutgoingCommand(DeviceId, kind, ++counter, null).Sign(Key);

    public void Send(CommandKind kind) => Broker.Send(Topics.Command, Make(kind));

    /// <summary>Sends a command, and runs the device until it has answered.</summary>
    public UpdateError Execute(CommandKind kind) => Execute(Make(kind));

    public UpdateError Execute(byte[] command)
    {
        int before = Answers.Count;
        Assert.IsTrue(device.RunUntil(() => Link?.IsConnected == true), "there is no connection");
        Broker.Send(Topics.Command, command);
        Assert.IsTrue(device.RunUntil(() => Answers.Count > before), "there is no answer");
        return Answers[^1].Code;
    }

    private void Attach(UpdatePorts ports)
    {
        Broker.Cut();
        var options = new MqttOptions("127.0.0.1")
        {
            Product = "lamp",
            Board = "board-a",
            DeviceId = DeviceId,
            CommandKeys = [Key.Public.Base64],
            ConnectSpreadMs = 1,
            MakeBroker = Broker.MakeClient,
        };
        loop = new RemoteLoop(options, ports, () => true) { Report = MakeSupport?.Invoke(ports) };
    }

    private bool Round(UpdateAgent agent)
    {
        OnRound(agent);
        for (int i = 0; i < 30 && !IsStalled && Link!.Step() == 0; i++)
        {
        }

        return loop!.Round(agent);
    }
}
