using System.Buffers;
using System.Net.Sockets;
using System.Security.Authentication;
using System.Security.Cryptography.X509Certificates;
using MQTTnet;
using MQTTnet.Exceptions;
using MQTTnet.Formatter;
using MQTTnet.Protocol;
using NanoOta.Releases;

namespace NanoOta.Cli.Fleet;

/// <summary>A message from the broker; the payload is a copy.</summary>
internal readonly record struct BrokerMessage(string Topic, byte[] Payload, bool IsRetained);

/// <summary>One MQTT 5 connection of the operator to a broker. It does not reconnect.</summary>
internal sealed class BrokerConnection : IAsyncDisposable
{
    /// <summary>Largest packet in bytes: a report, its topic and its headers. The broker does not send larger ones.</summary>
    public const int MaxPacketSize = DeviceReport.MaxLength + 1024;

    private const int KeepAliveSeconds = 15, AnswerSeconds = 15;

    private readonly IMqttClient client = new MqttClientFactory().CreateMqttClient();
    private readonly TaskCompletionSource ended = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private readonly BrokerAddress address;

    private BrokerConnection(BrokerAddress address) => this.address = address;

    /// <summary>Completes when the connection ends.</summary>
    public Task Ended => ended.Task;

    /// <summary>Connects.</summary>
    /// <param name="address">The broker.</param>
    /// <param name="received">Receives the messages; the next one comes when it has completed.</param>
    /// <param name="stop">Ends the attempt.</param>
    /// <exception cref="ReleaseException">The connection failed; the message has cause and remedy.</exception>
    public static async Task<BrokerConnection> OpenAsync(
        BrokerAddress address, Func<BrokerMessage, ValueTask> received, CancellationToken stop)
    {
        var connection = new BrokerConnection(address);
        try
        {
            await connection.ConnectAsync(received, stop);
            return connection;
        }
        catch
        {
            await connection.DisposeAsync();
            throw;
        }
    }

    /// <summary>Subscribes with QoS 1; the broker sends retained messages at once.</summary>
    /// <exception cref="ReleaseException">The broker denied it, or the connection failed.</exception>
    public async Task SubscribeAsync(string topic, CancellationToken stop)
    {
        var result = await Try(() => client.SubscribeAsync(topic, MqttQualityOfServiceLevel.AtLeastOnce, stop));
        if (result.Items.Any(item => item.ResultCode > MqttClientSubscribeResultCode.GrantedQoS2)) throw Denied("subscribe to", topic);
    }

    /// <summary>Publishes with QoS 1.</summary>
    /// <returns>False if the broker reports that the topic has no subscriber.</returns>
    /// <exception cref="ReleaseException">The broker denied it, or the connection failed.</exception>
    public async Task<bool> PublishAsync(string topic, byte[] payload, bool retain, CancellationToken stop)
    {
        var result = await Try(() => client.PublishAsync(new MqttApplicationMessage
        {
            Topic = topic,
            PayloadSegment = payload,
            QualityOfServiceLevel = MqttQualityOfServiceLevel.AtLeastOnce,
            Retain = retain,
        }, stop));
        if (!result.IsSuccess) throw Denied("publish to", topic);
        return result.ReasonCode != MqttClientPublishReasonCode.NoMatchingSubscribers;
    }

    /// <inheritdoc/>
    public async ValueTask DisposeAsync()
    {
        try
        {
            if (client.IsConnected) await client.DisconnectAsync(new MqttClientDisconnectOptions());
        }
        catch (Exception e) when (IsNetwork(e))
        {
            // The connection has ended already.
        }

        client.Dispose();
    }

    private async Task ConnectAsync(Func<BrokerMessage, ValueTask> received, CancellationToken stop)
    {
        client.DisconnectedAsync += _ =>
        {
            ended.TrySetResult();
            return Task.CompletedTask;
        };
        client.ApplicationMessageReceivedAsync += async e =>
        {
            var message = e.ApplicationMessage;
            await received(new BrokerMessage(message.Topic, message.Payload.ToArray(), message.Retain));
        };
        var result = await Try(() => client.ConnectAsync(Options(), stop));
        if (result.ResultCode != MqttClientConnectResultCode.Success)
            throw new ReleaseException($"{address} rejected the login of {Who} ({result.ResultCode}); check user and password");
        if (!result.RetainAvailable)
            throw new ReleaseException($"{address} does not support retained messages; enable them in its settings");
    }

    private MqttClientOptions Options()
    {
        var options = new MqttClientOptionsBuilder()
            .WithProtocolVersion(MqttProtocolVersion.V500)
            .WithTcpServer(address.Host, address.Port)
            .WithClientId("nano-ota-" + Guid.NewGuid().ToString("N")[..16])
            .WithCleanStart()
            .WithTimeout(TimeSpan.FromSeconds(AnswerSeconds))
            .WithKeepAlivePeriod(TimeSpan.FromSeconds(KeepAliveSeconds))
            .WithMaximumPacketSize(MaxPacketSize);
        if (address.User != null) options.WithCredentials(address.User, address.Password);
        if (address.IsSecure) options.WithTlsOptions(Secure);
        return options.Build();
    }

    private void Secure(MqttClientTlsOptionsBuilder tls)
    {
        tls.UseTls().WithSslProtocols(SslProtocols.Tls12 | SslProtocols.Tls13).WithRevocationMode(X509RevocationMode.NoCheck);
        if (address.Authorities == null) return;
        var authorities = new X509Certificate2Collection();
        authorities.ImportFromPem(address.Authorities);
        tls.WithTrustChain(authorities);
    }

    private async Task<T> Try<T>(Func<Task<T>> action)
    {
        try
        {
            return await action();
        }
        catch (Exception e) when (IsNetwork(e))
        {
            var cause = e.GetBaseException();
            throw new ReleaseException(cause is AuthenticationException
                ? $"{address} is not trusted: {cause.Message.TrimEnd('.')}; give the certificate authority of the broker with --ca"
                : $"{address} cannot be reached: {cause.Message.TrimEnd('.')}; check the address, and that an MQTT 5 broker listens there");
        }
    }

    private static bool IsNetwork(Exception e) => e is MqttCommunicationException or MqttProtocolViolationException or TimeoutException
        or IOException or SocketException or AuthenticationException or InvalidOperationException;

    private string Who => address.User is { } user ? $"user '{DeviceText.Clean(user)}'" : "a client without a user name";

    private ReleaseException Denied(string action, string topic) =>
        new($"{address} does not allow {Who} to {action} {topic}; give another user in --broker, or change the broker's access list");
}
