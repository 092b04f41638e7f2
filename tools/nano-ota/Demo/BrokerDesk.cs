using System.Net;
using System.Net.Sockets;
using NanoOta.Cli.Device;
using NanoOta.Cli.Fleet;
using NanoOta.Releases;

namespace NanoOta.Cli.Demo;

/// <summary>The desk of a chapter: a broker that can die and come back, a key for commands, and somebody who hears the device.</summary>
internal sealed class BrokerDesk : IDisposable
{
    private const string DeviceId = "lamp-1";
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(30);

    private readonly List<DeviceMessage> heard = [];
    private readonly Topics topics = new(World.Product, "-", DeviceId);
    private readonly SigningKey key = SigningKey.Generate();
    private readonly int port = FreePort();
    private DeviceReport? report;
    private DeskBroker? broker;
    private BrokerConnection? client;

    public BrokerDesk() => Start();

    /// <summary>What the device finds around it with this desk.</summary>
    public Surroundings Around(Surroundings without) => without with
    {
        Id = DeviceId,
        Broker = new DeviceBroker { Address = $"mqtt://127.0.0.1:{port}", CommandKeys = key.Public.Base64 },
    };

    public void Start()
    {
        broker = Do(DeskBroker.StartAsync(IPAddress.Loopback, port));
        client = Do(BrokerConnection.OpenAsync(BrokerAddress.Parse($"mqtt://127.0.0.1:{port}"), Hear, CancellationToken.None));
        Do(client.SubscribeAsync(topics.Status, CancellationToken.None));
        Do(client.SubscribeAsync(topics.Answer, CancellationToken.None));
        Do(client.SubscribeAsync(topics.Report, CancellationToken.None));
    }

    /// <summary>The broker dies, with all that it has kept.</summary>
    public void Die()
    {
        if (client != null) Do(client.DisposeAsync().AsTask());
        if (broker != null) Do(broker.DisposeAsync().AsTask());
        (client, broker) = (null, null);
        Forget();
    }

    public void Announce(Announcement announcement) => Do(broker!.AnnounceAsync(announcement.Topic, announcement.Manifest));

    /// <summary>A command to the device, as this desk signs it.</summary>
    public byte[] Command(CommandKind kind, SigningKey? signer = null, string id = DeviceId) =>
        OutgoingCommand.Now(id, kind).Sign(signer ?? key);

    public void Send(byte[] command) => Do(client!.PublishAsync(topics.Command, command, retain: false, CancellationToken.None));

    /// <summary>Sends a command as soon as the device says that it is there.</summary>
    public void SendWhenOnline(byte[] command, string version)
    {
        if (Await(() => IsTold(version, null))) Send(command);
    }

    /// <summary>Whether the device told this of itself; null: in whatever state.</summary>
    public bool IsTold(string version, string? state) => Has(m => m.Kind == "status" && m.Number("on") == 1
        && m.Text("ver") == version && (state == null || (m.Text("state") == state && m.Number("err") == 0)));

    /// <summary>Whether the device told of an error.</summary>
    public bool HasFailed(UpdateError error) => Has(m => m.Kind == "status" && m.Number("err") == (long)error);

    /// <summary>The numbers that commands were answered with, in order.</summary>
    public IReadOnlyList<long> Answers()
    {
        lock (heard) return [.. heard.Where(m => m.Kind == "answer").Select(m => m.Number("code") ?? -1)];
    }

    public bool IsAnswered(UpdateError code) => Answers().Contains((long)code);

    /// <summary>The last report of the device; null when there is none.</summary>
    public DeviceReport? Report
    {
        get
        {
            lock (heard) return report;
        }
    }

    /// <summary>Waits until the device is gone, and forgets what it said.</summary>
    public void Close()
    {
        Await(() => Has(m => m.Kind == "status" && m.Number("on") == 0));
        Forget();
    }

    /// <summary>Waits; false when it is in vain.</summary>
    public static bool Await(Func<bool> holds) => SpinWait.SpinUntil(holds, Patience);

    public void Dispose()
    {
        Die();
        key.Dispose();
    }

    private void Forget()
    {
        lock (heard) heard.Clear();
    }

    private bool Has(Func<DeviceMessage, bool> says)
    {
        lock (heard) return heard.Any(says);
    }

    private ValueTask Hear(BrokerMessage message)
    {
        lock (heard)
            if (message.Topic == topics.Report) DeviceReport.TryRead(message.Payload, out report);
            else if (DeviceMessage.TryRead(message, out var read)) heard.Add(read);
        return ValueTask.CompletedTask;
    }

    private static int FreePort()
    {
        using var probe = new TcpListener(IPAddress.Loopback, 0);
        probe.Start();
        return ((IPEndPoint)probe.LocalEndpoint).Port;
    }

    private static void Do(Task task) => task.GetAwaiter().GetResult();

    private static T Do<T>(Task<T> task) => task.GetAwaiter().GetResult();
}
