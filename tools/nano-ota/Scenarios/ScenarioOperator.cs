using System.Net;
using System.Net.Sockets;
using NanoOta.Cli.Device;
using NanoOta.Cli.Fleet;
using NanoOta.Releases;

namespace NanoOta.Cli.Scenarios;

/// <summary>The operator in a scenario: a broker that can stop and start, a command key, and the messages of the device.</summary>
internal sealed class ScenarioOperator : IDisposable
{
    private const string DeviceId = "lamp-1";
    private static readonly TimeSpan WaitLimit = TimeSpan.FromSeconds(30);

    private readonly List<DeviceMessage> received = [];
    private readonly Topics topics;
    private readonly SigningKey key = SigningKey.Generate();
    private readonly int port = FreePort();
    private EmbeddedBroker? broker;
    private BrokerConnection? client;

    public ScenarioOperator(Bench bench)
    {
        topics = new Topics(bench.Product, "-", DeviceId);
        StartBroker();
    }

    /// <summary>The environment of a device that connects to this broker.</summary>
    public DeviceEnvironment Connect(DeviceEnvironment environment, int checkSeconds) => environment with
    {
        Id = DeviceId,
        CheckSeconds = checkSeconds,
        Broker = new DeviceBroker { Address = $"mqtt://127.0.0.1:{port}", CommandKeys = key.Public.Base64 },
    };

    public void StartBroker()
    {
        broker = Wait(EmbeddedBroker.StartAsync(IPAddress.Loopback, port));
        client = Wait(BrokerConnection.OpenAsync(BrokerAddress.Parse($"mqtt://127.0.0.1:{port}"), Receive, CancellationToken.None));
        Wait(client.SubscribeAsync(topics.Status, CancellationToken.None));
        Wait(client.SubscribeAsync(topics.Answer, CancellationToken.None));
        Wait(client.SubscribeAsync(topics.Report, CancellationToken.None));
    }

    /// <summary>Stops the broker; its retained messages and the received ones are lost.</summary>
    public void StopBroker()
    {
        if (client != null) Wait(client.DisposeAsync().AsTask());
        if (broker != null) Wait(broker.DisposeAsync().AsTask());
        (client, broker) = (null, null);
        Clear();
    }

    public void Announce(Announcement announcement) => Wait(broker!.AnnounceAsync(announcement.Topic, announcement.Manifest));

    /// <summary>A signed command.</summary>
    public byte[] Command(CommandKind kind, SigningKey? signer = null, string id = DeviceId) =>
        OutgoingCommand.Now(id, kind).Sign(signer ?? key);

    public void Send(byte[] command) => Wait(client!.PublishAsync(topics.Command, command, retain: false, CancellationToken.None));

    /// <summary>Sends a command when the device is online with a version.</summary>
    public void SendWhenOnline(byte[] command, string version)
    {
        if (WaitUntil(() => HasStatus(version))) Send(command);
    }

    /// <summary>Whether the device published that it is online with a version.</summary>
    public bool HasStatus(string version) => Has(m => IsOnline(m, version));

    /// <summary>The same, with a confirmed version and without an error.</summary>
    public bool HasConfirmed(string version) =>
        Has(m => IsOnline(m, version) && m.Text("state") == "confirmed" && m.Number("err") == 0);

    /// <summary>Whether the device published an error.</summary>
    public bool HasError(UpdateError error) => Has(m => m.Kind == "status" && m.Number("err") == (long)error);

    /// <summary>The codes of the answers to commands, in order.</summary>
    public IReadOnlyList<UpdateError> Answers()
    {
        lock (received) return [.. received.Where(m => m.Kind == "answer").Select(m => (UpdateError)(m.Number("code") ?? -1))];
    }

    /// <summary>The last report of the device; null when there is none.</summary>
    public DeviceReport? Report { get; private set; }

    /// <summary>Waits until the device is offline, and forgets its messages.</summary>
    public void WaitUntilOffline()
    {
        WaitUntil(() => Has(m => m.Kind == "status" && m.Number("on") == 0));
        Clear();
    }

    /// <summary>Waits; false when the time is over first.</summary>
    public static bool WaitUntil(Func<bool> holds) => SpinWait.SpinUntil(holds, WaitLimit);

    public void Dispose()
    {
        StopBroker();
        key.Dispose();
    }

    private static bool IsOnline(DeviceMessage m, string version) =>
        m.Kind == "status" && m.Number("on") == 1 && m.Text("ver") == version;

    private void Clear()
    {
        lock (received) received.Clear();
    }

    private bool Has(Func<DeviceMessage, bool> matches)
    {
        lock (received) return received.Any(matches);
    }

    private ValueTask Receive(BrokerMessage message)
    {
        if (message.Topic == topics.Report && DeviceReport.TryRead(message.Payload, out var report)) Report = report;
        if (!DeviceMessage.TryRead(message, out var read)) return ValueTask.CompletedTask;
        lock (received) received.Add(read);
        return ValueTask.CompletedTask;
    }

    private static int FreePort()
    {
        using var probe = new TcpListener(IPAddress.Loopback, 0);
        probe.Start();
        return ((IPEndPoint)probe.LocalEndpoint).Port;
    }

    private static void Wait(Task task) => task.GetAwaiter().GetResult();

    private static T Wait<T>(Task<T> task) => task.GetAwaiter().GetResult();
}
