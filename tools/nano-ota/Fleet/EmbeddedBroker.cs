using System.Net;
using System.Net.Sockets;
using MQTTnet;
using MQTTnet.Protocol;
using MQTTnet.Server;
using NanoOta.Releases;

namespace NanoOta.Cli.Fleet;

/// <summary>An MQTT broker in this process, for development: no TLS, no users, no persistence. It drops messages that every device would
/// drop.</summary>
public sealed class EmbeddedBroker : IAsyncDisposable
{
    /// <summary>Connections at a time.</summary>
    private const int MaxClients = 1000;

    // Except for reports, a manifest is the longest message.
    private const int MaxMessage = Manifest.MaxLength - 1;

    private readonly MqttServer server;

    private EmbeddedBroker(MqttServer server, IPEndPoint endPoint)
    {
        this.server = server;
        EndPoint = endPoint;
    }

    /// <summary>Its address and port.</summary>
    public IPEndPoint EndPoint { get; }

    /// <summary>Starts a broker.</summary>
    /// <param name="host">Address to listen on.</param>
    /// <param name="port">1 to 65535.</param>
    /// <param name="maxClients">Connections at a time.</param>
    /// <exception cref="ReleaseException">The address or port is not available.</exception>
    public static async Task<EmbeddedBroker> StartAsync(IPAddress host, int port, int maxClients = MaxClients)
    {
        var server = new MqttServerFactory().CreateMqttServer(
            new MqttServerOptions(), [new ClientListener(new IPEndPoint(host, port), maxClients)]);
        server.InterceptingPublishAsync += DropTooLong;
        try
        {
            await server.StartAsync();
        }
        catch (Exception e) when (e is IOException or SocketException)
        {
            server.Dispose();
            throw new ReleaseException($"cannot listen on {host} port {port}: {e.Message.TrimEnd('.')}; "
                + "give another port with --broker-port");
        }

        return new EmbeddedBroker(server, new IPEndPoint(host, port));
    }

    /// <summary>Publishes a retained message.</summary>
    public Task AnnounceAsync(string topic, byte[] payload) => server.InjectApplicationMessage(
        new InjectedMqttApplicationMessage(new MqttApplicationMessage
        {
            Topic = topic,
            PayloadSegment = payload,
            QualityOfServiceLevel = MqttQualityOfServiceLevel.AtLeastOnce,
            Retain = true,
        })
        { SenderClientId = "nano-ota" });

    /// <inheritdoc/>
    public async ValueTask DisposeAsync()
    {
        await server.StopAsync(new MqttServerStopOptions());
        server.Dispose();
    }

    private static Task DropTooLong(InterceptingPublishEventArgs e)
    {
        int most = e.ApplicationMessage.Topic.EndsWith("/report", StringComparison.Ordinal) ? DeviceReport.MaxLength : MaxMessage;
        if (e.ApplicationMessage.Payload.Length <= most) return Task.CompletedTask;
        e.ProcessPublish = false;
        e.Response.ReasonCode = MqttPubAckReasonCode.QuotaExceeded;
        e.Response.ReasonString = $"more than {most} bytes";
        return Task.CompletedTask;
    }
}
