using System.Net;
using System.Security.Cryptography;
using System.Security.Cryptography.X509Certificates;
using NanoOta.Mqtt.Virtual;

namespace NanoOta.Tests.Mqtt;

/// <summary>The brokers that the virtual device accepts by TLS. The TLS of a real device is not tested here.</summary>
[TestClass]
public sealed class BrokerTlsTests
{
    [TestMethod]
    public void A_broker_of_the_pinned_authority_is_accepted()
    {
        using var authority = Authority("authority of the test");
        Assert.AreEqual(UpdateError.None, Connect(authority, authority, "127.0.0.1", validDays: 1));
    }

    [TestMethod]
    [DataRow("127.0.0.2", 1, true, DisplayName = "certificate for another host")]
    [DataRow("127.0.0.1", -1, true, DisplayName = "certificate that has expired")]
    [DataRow("127.0.0.1", 1, false, DisplayName = "certificate of an unknown authority")]
    public void An_untrusted_broker_receives_nothing(string host, int validDays, bool isTrusted)
    {
        using var authority = Authority("authority of the test");
        using var other = Authority("other authority");
        Assert.AreEqual(UpdateError.BrokerUnreachable, Connect(authority, isTrusted ? authority : other, host, validDays));
    }

    [TestMethod]
    public void A_broker_without_TLS_is_refused_when_TLS_is_configured()
    {
        using var authority = Authority("authority of the test");
        using var broker = new Mosquitto();
        Assert.AreEqual(UpdateError.BrokerUnreachable, Connect(broker.Port, authority.ExportCertificatePem()));
        Assert.DoesNotContain("New client connected", broker.Log);
    }

    [TestMethod]
    public void With_text_that_is_not_a_certificate_no_broker_is_trusted()
    {
        using var broker = new Mosquitto();
        Assert.AreEqual(UpdateError.BrokerUnreachable, Connect(broker.Port, "not a certificate"));
    }

    private static UpdateError Connect(X509Certificate2 authority, X509Certificate2 trusted, string host, int validDays)
    {
        using var broker = new Mosquitto(folder =>
        {
            var (chain, key) = Leaf(authority, IPAddress.Parse(host), validDays);
            folder.Write("chain.pem", chain);
            folder.Write("key.pem", key);
            return $"allow_anonymous true\ncertfile {folder.File("chain.pem")}\nkeyfile {folder.File("key.pem")}";
        });
        var error = Connect(broker.Port, trusted.ExportCertificatePem());
        Assert.AreEqual(error == UpdateError.None, broker.Log.Contains("as test"), "the broker received the device's id: " + broker.Log);
        return error;
    }

    private static UpdateError Connect(int port, string authority)
    {
        var broker = new MqttNetBroker();
        var error = broker.Connect(new MqttOptions("127.0.0.1")
        {
            Port = port,
            IsSecure = true,
            CaCertificate = authority,
            ClientId = "test",
            WillTopic = "will",
        }, (_, _, _) => { });
        broker.Close();
        return error;
    }

    private static X509Certificate2 Authority(string name)
    {
        using var key = ECDsa.Create(ECCurve.NamedCurves.nistP256);
        var request = new CertificateRequest($"CN={name}", key, HashAlgorithmName.SHA256);
        request.CertificateExtensions.Add(new X509BasicConstraintsExtension(true, false, 0, true));
        request.CertificateExtensions.Add(new X509KeyUsageExtension(X509KeyUsageFlags.KeyCertSign, true));
        var now = DateTimeOffset.UtcNow;
        return request.CreateSelfSigned(now.AddDays(-10), now.AddDays(10));
    }

    private static (string Chain, string Key) Leaf(X509Certificate2 authority, IPAddress host, int validDays)
    {
        using var key = ECDsa.Create(ECCurve.NamedCurves.nistP256);
        var request = new CertificateRequest("CN=broker of the test", key, HashAlgorithmName.SHA256);
        var names = new SubjectAlternativeNameBuilder();
        names.AddIpAddress(host);
        request.CertificateExtensions.Add(names.Build());
        var now = DateTimeOffset.UtcNow;
        using var leaf = request.Create(authority, now.AddDays(-5), now.AddDays(validDays), RandomNumberGenerator.GetBytes(8));
        return (leaf.ExportCertificatePem() + "\n" + authority.ExportCertificatePem(), key.ExportPkcs8PrivateKeyPem());
    }
}
