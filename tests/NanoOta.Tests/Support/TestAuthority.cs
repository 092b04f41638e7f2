using System.Net;
using System.Security.Cryptography;
using System.Security.Cryptography.X509Certificates;

namespace NanoOta.Tests.Support;

/// <summary>A certificate authority made for a test.</summary>
internal sealed class TestAuthority : IDisposable
{
    private readonly ECDsa key = ECDsa.Create(ECCurve.NamedCurves.nistP256);
    private readonly X500DistinguishedName name;
    private readonly X509Certificate2 certificate;

    public TestAuthority(string name = "authority of the test", int validDays = 10)
    {
        this.name = new X500DistinguishedName($"CN={name}");
        certificate = SelfSigned(validDays);
    }

    public string Pem => certificate.ExportCertificatePem();

    /// <summary>The same authority, name and key, with another certificate.</summary>
    public string PemValidFor(int days)
    {
        using var other = SelfSigned(days);
        return other.ExportCertificatePem();
    }

    /// <summary>Chain and key of a server, in PEM form.</summary>
    /// <param name="host">Address of the server.</param>
    /// <param name="validDays">Days from now that its certificate is good; it has been for five.</param>
    public (string Chain, string Key) Server(string host = "127.0.0.1", int validDays = 1)
    {
        using var own = ECDsa.Create(ECCurve.NamedCurves.nistP256);
        var request = new CertificateRequest("CN=server of the test", own, HashAlgorithmName.SHA256);
        var names = new SubjectAlternativeNameBuilder();
        names.AddIpAddress(IPAddress.Parse(host));
        request.CertificateExtensions.Add(names.Build());
        var now = DateTimeOffset.UtcNow;
        using var leaf = request.Create(name, X509SignatureGenerator.CreateForECDsa(key), now.AddDays(-5), now.AddDays(validDays),
            RandomNumberGenerator.GetBytes(8));
        return (leaf.ExportCertificatePem() + "\n" + Pem, own.ExportPkcs8PrivateKeyPem());
    }

    public void Dispose()
    {
        certificate.Dispose();
        key.Dispose();
    }

    private X509Certificate2 SelfSigned(int validDays)
    {
        var request = new CertificateRequest(name, key, HashAlgorithmName.SHA256);
        request.CertificateExtensions.Add(new X509BasicConstraintsExtension(true, false, 0, true));
        request.CertificateExtensions.Add(new X509KeyUsageExtension(X509KeyUsageFlags.KeyCertSign, true));
        var now = DateTimeOffset.UtcNow;
        return request.CreateSelfSigned(now.AddDays(-10), now.AddDays(validDays));
    }
}
