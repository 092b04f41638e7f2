using System.Buffers;
using System.Security.Authentication;
using System.Security.Cryptography;
using System.Security.Cryptography.X509Certificates;
using MQTTnet;
using MQTTnet.Formatter;
using MQTTnet.Protocol;

namespace NanoOta.Mqtt.Virtual;

/// <summary>A connection over MQTTnet, MQTT 5: the client of a virtual device.</summary>
public sealed class MqttNetBroker : IBroker
{
    private static readonly TimeSpan AnswerTime = TimeSpan.FromSeconds(30);

    private readonly IMqttClient client = new MqttClientFactory().CreateMqttClient();

    /// <inheritdoc/>
    public bool IsConnected => client.IsConnected;

    /// <inheritdoc/>
    public UpdateError Connect(MqttOptions options, MessageHandler received)
    {
        client.ApplicationMessageReceivedAsync += e =>
        {
            var payload = e.ApplicationMessage.Payload.ToArray();
            received(e.ApplicationMessage.Topic, payload, payload.Length);
            return Task.CompletedTask;
        };
        try
        {
            var result = client.ConnectAsync(Options(options)).GetAwaiter().GetResult();
            return result.ResultCode == MqttClientConnectResultCode.Success ? UpdateError.None : UpdateError.BrokerRefused;
        }
        catch (Exception)
        {
            return UpdateError.BrokerUnreachable;
        }
    }

    /// <inheritdoc/>
    public bool Subscribe(string topic)
    {
        var options = new MqttClientFactory().CreateSubscribeOptionsBuilder()
            .WithTopicFilter(topic, MqttQualityOfServiceLevel.AtLeastOnce).Build();
        try
        {
            var result = client.SubscribeAsync(options).GetAwaiter().GetResult();
            return result.Items.All(i => i.ResultCode <= MqttClientSubscribeResultCode.GrantedQoS2);
        }
        catch (Exception)
        {
            return false;
        }
    }

    /// <inheritdoc/>
    public UpdateError Publish(string topic, byte[] buffer, int count, bool retain)
    {
        var message = new MqttApplicationMessage
        {
            Topic = topic,
            PayloadSegment = new ArraySegment<byte>(buffer, 0, count),
            QualityOfServiceLevel = MqttQualityOfServiceLevel.AtLeastOnce,
            Retain = retain,
        };
        try
        {
            return client.PublishAsync(message).GetAwaiter().GetResult().IsSuccess ? UpdateError.None : UpdateError.BrokerDenied;
        }
        catch (Exception)
        {
            return UpdateError.BrokerLost;
        }
    }

    /// <inheritdoc/>
    public void Close()
    {
        try
        {
            if (client.IsConnected) client.DisconnectAsync(new MqttClientDisconnectOptions()).GetAwaiter().GetResult();
        }
        catch (Exception)
        {
            // The connection is gone, which is all that is wanted.
        }

        client.Dispose();
    }

    private static MqttClientOptions Options(MqttOptions options)
    {
        var client = new MqttClientOptionsBuilder()
            .WithProtocolVersion(MqttProtocolVersion.V500)
            .WithTcpServer(options.Host, options.Port)
            .WithClientId(options.ClientId)
            .WithCleanStart()
            .WithTimeout(AnswerTime)
            .WithKeepAlivePeriod(TimeSpan.FromSeconds(options.KeepAliveSeconds))
            .WithMaximumPacketSize(MqttOptions.MaximumPacketSize)
            .WithReceiveMaximum(MqttOptions.ReceiveMaximum)
            .WithWillTopic(options.WillTopic)
            .WithWillPayload(RemoteLink.OfflineStatus)
            .WithWillQualityOfServiceLevel(MqttQualityOfServiceLevel.AtLeastOnce)
            .WithWillRetain();
        if (options.User != null) client.WithCredentials(options.User, options.Password);
        if (options.IsSecure) client.WithTlsOptions(tls => Secure(tls, options.CaCertificate));
        return client.Build();
    }

    private static void Secure(MqttClientTlsOptionsBuilder tls, string? authority)
    {
        tls.UseTls().WithSslProtocols(SslProtocols.Tls12).WithRevocationMode(X509RevocationMode.NoCheck);
        if (authority != null) tls.WithTrustChain(Authorities(authority));
    }

    private static X509Certificate2Collection Authorities(string pem)
    {
        var authorities = new X509Certificate2Collection();
        authorities.ImportFromPem(pem);
        if (authorities.Count == 0) throw new CryptographicException("there is no certificate in the authority's PEM");
        return authorities;
    }
}
