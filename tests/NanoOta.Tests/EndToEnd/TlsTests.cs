using System.Net;
using System.Security.Cryptography;
using System.Security.Cryptography.X509Certificates;
using NanoOta.Tests.Cli;

namespace NanoOta.Tests.EndToEnd;

/// <summary>
/// Whom the virtual device trusts over https: the product's source on .NET, a real nginx, an authority made for the test. How
/// the device's own TLS decides cannot be shown here.
/// </summary>
[TestClass]
public sealed class TlsTests
{
    private const string ThisHost = "127.0.0.1";

    [TestMethod]
    public async Task A_server_that_a_trusted_authority_vouches_for_is_updated_from()
    {
        await using var desk = new Desk().Flash("good", "1.0.0").Pack("good", "1.1.0");
        Assert.AreEqual(0, await RunAsync(desk, "confirmed:1.1.0", ThisHost, validDays: 1, isTrusted: true));
    }

    [TestMethod]
    [DataRow("127.0.0.2", 1, true, DisplayName = "certificate for another host")]
    [DataRow(ThisHost, -1, true, DisplayName = "certificate that has expired")]
    [DataRow(ThisHost, 1, false, DisplayName = "certificate of an unknown authority")]
    public async Task A_server_that_nobody_vouches_for_is_told_nothing_and_believed_nothing(string host, int validDays, bool isTrusted)
    {
        await using var desk = new Desk().Flash("good", "1.0.0").Pack("good", "1.1.0");
        Assert.AreEqual(0, await RunAsync(desk, "refused", host, validDays, isTrusted));
        Assert.AreEqual((int)UpdateError.Unreachable, desk.Last("refused").GetProperty("code").GetInt32());
        Assert.DoesNotContain("offer", desk.Story());
        Assert.AreEqual("", File.ReadAllText(desk.FileOf("access.log")), "no request was made");
    }

    private static async Task<int> RunAsync(Desk desk, string until, string host, int validDays, bool isTrusted)
    {
        using var authority = Authority("authority of the test");
        using var other = Authority("authority of somebody else");
        var (chain, key) = Leaf(authority, IPAddress.Parse(host), validDays);
        File.WriteAllText(desk.FileOf("chain.pem"), chain);
        File.WriteAllText(desk.FileOf("key.pem"), key);
        File.WriteAllText(desk.FileOf("trusted.pem"), (isTrusted ? authority : other).ExportCertificatePem());
        using var nginx = new Nginx(desk.Releases, $"""
            ssl_certificate {desk.FileOf("chain.pem")};
            ssl_certificate_key {desk.FileOf("key.pem")};
            access_log {desk.FileOf("access.log")};
            """, listen: "ssl");
        using var device = NanoOtaTool.Start(AppContext.BaseDirectory, desk.DeviceArguments(nginx.Address, until),
            ("SSL_CERT_FILE", desk.FileOf("trusted.pem")), ("SSL_CERT_DIR", "/nowhere"));
        var output = device.StandardOutput.ReadToEndAsync();
        await device.WaitForExitAsync();
        Console.WriteLine(await output);
        return device.ExitCode;
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
        var request = new CertificateRequest("CN=server of the test", key, HashAlgorithmName.SHA256);
        var names = new SubjectAlternativeNameBuilder();
        names.AddIpAddress(host);
        request.CertificateExtensions.Add(names.Build());
        var now = DateTimeOffset.UtcNow;
        using var leaf = request.Create(authority, now.AddDays(-5), now.AddDays(validDays), RandomNumberGenerator.GetBytes(8));
        return (leaf.ExportCertificatePem() + "\n" + authority.ExportCertificatePem(), key.ExportPkcs8PrivateKeyPem());
    }
}
