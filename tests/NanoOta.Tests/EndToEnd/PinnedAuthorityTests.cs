using NanoOta.Tests.Native;
using NanoOta.Tests.Releases;
using NanoOta.Tests.Support;

namespace NanoOta.Tests.EndToEnd;

/// <summary>
/// Which https servers the product's source gets a file from, on .NET, against a real nginx. How the device's own TLS decides cannot
/// be shown here.
/// </summary>
[TestClass]
public sealed class PinnedAuthorityTests
{
    private readonly TemporaryFolder folder = new();
    private readonly TestAuthority authority = new(), other = new("other authority");

    [TestCleanup]
    public void CleanUp()
    {
        authority.Dispose();
        other.Dispose();
        folder.Dispose();
    }

    [TestMethod]
    public void A_server_of_the_pinned_authority_is_trusted() => Believes(authority.Pem, authority.Server());

    [TestMethod]
    public void Either_of_two_pinned_authorities_is_trusted()
    {
        Believes(authority.Pem + "\n" + other.Pem, authority.Server());
        Believes(other.Pem + "\n" + authority.Pem, authority.Server());
    }

    [TestMethod]
    public void An_expired_authority_beside_a_valid_one_changes_nothing()
    {
        using var expired = new TestAuthority("authority of old", validDays: -1);
        Believes(expired.Pem + "\n" + authority.Pem, authority.Server());
        Refuses(expired.Pem + "\n" + authority.Pem, expired.Server(), UpdateError.CertificateExpired);
    }

    [TestMethod]
    public void A_renewed_authority_is_trusted_by_either_certificate()
    {
        var expired = authority.PemValidFor(days: -1);
        Believes(expired + "\n" + authority.Pem, authority.Server());
        Believes(authority.Pem + "\n" + expired, authority.Server());
        Refuses(expired, authority.Server(), UpdateError.CertificateExpired);
    }

    [TestMethod]
    public void Another_authority_is_not_trusted_although_the_server_sends_it() =>
        Refuses(other.Pem, authority.Server(), UpdateError.CertificateUnknown);

    [TestMethod]
    public void Another_authority_of_the_same_name_is_not_trusted()
    {
        using var namesake = new TestAuthority();
        Refuses(authority.Pem, namesake.Server(), UpdateError.CertificateUnknown);
    }

    [TestMethod]
    public void A_certificate_for_another_host_is_not_trusted() =>
        Refuses(authority.Pem, authority.Server("127.0.0.2"), UpdateError.CertificateOfOther);

    [TestMethod]
    public void An_expired_certificate_is_not_trusted() =>
        Refuses(authority.Pem, authority.Server(validDays: -1), UpdateError.CertificateExpired);

    [TestMethod]
    [DataRow("TLSv1.3", "-tls1_3")]
    [DataRow("TLSv1.1", "-tls1_1")]
    public void A_server_without_TLS_1_2_is_refused(string protocol, string option)
    {
        using var nginx = Serve(authority.Server(), $"ssl_protocols {protocol}; ssl_ciphers ALL:@SECLEVEL=0;");
        AssertSpeaks(nginx, option);
        Assert.AreEqual(UpdateError.TlsFailed, Open(nginx.Address, authority.Pem));
        Assert.AreEqual("", File.ReadAllText(folder.File("access.log")), "no request was made");
    }

    [TestMethod]
    public void Plain_http_needs_no_authority()
    {
        folder.Write("manifest.cose", "here");
        using var nginx = new Nginx(folder.Path);
        Assert.AreEqual(UpdateError.None, Open(nginx.Address, authority.Pem));
    }

    [TestMethod]
    public void Text_without_a_valid_certificate_is_refused_when_it_is_set()
    {
        var source = new HttpReleaseSource();
        var middle = authority.Pem.Length / 2;
        string[] wrong = ["", "/etc/ssl/ca.pem", authority.Server().Key, authority.Pem[..^20], authority.Pem.Remove(middle, 4),
            other.Pem + "\n" + authority.Pem.Insert(middle, "!")];
        foreach (var text in wrong)
        {
            Assert.ThrowsExactly<ArgumentException>(() => source.CaCertificate = text, text);
            Assert.IsNull(source.CaCertificate);
        }
    }

    private void Believes(string authorities, (string Chain, string Key) server)
    {
        using var nginx = Serve(server);
        Assert.AreEqual(UpdateError.None, Open(nginx.Address, authorities));
    }

    private void Refuses(string authorities, (string Chain, string Key) server, UpdateError expected)
    {
        using var nginx = Serve(server);
        Assert.AreEqual(expected, Open(nginx.Address, authorities));
        Assert.AreEqual("", File.ReadAllText(folder.File("access.log")), "no request was made");
    }

    private static UpdateError Open(string address, string authorities)
    {
        var source = new HttpReleaseSource(20_000) { CaCertificate = authorities };
        var error = source.Open(address + "manifest.cose", 0, -1);
        source.Close();
        return error;
    }

    private Nginx Serve((string Chain, string Key) server, string settings = "")
    {
        folder.Write("manifest.cose", "here");
        folder.Write("chain.pem", server.Chain);
        folder.Write("key.pem", server.Key);
        File.Delete(folder.File("access.log"));
        return new Nginx(folder.Path, $"""
            ssl_certificate {folder.File("chain.pem")};
            ssl_certificate_key {folder.File("key.pem")};
            access_log {folder.File("access.log")};
            {settings}
            """, listen: "ssl");
    }

    // A server that never responds would be refused as well.
    private static void AssertSpeaks(Nginx nginx, string option)
    {
        string[] arguments = ["s_client", "-connect", new Uri(nginx.Address).Authority, option, "-cipher", "ALL:@SECLEVEL=0"];
        var (_, output, errors) = NativeBuild.Run(OptionalTools.Here.Find("openssl"), arguments);
        StringAssert.Contains(output, "BEGIN CERTIFICATE", errors);
    }
}
