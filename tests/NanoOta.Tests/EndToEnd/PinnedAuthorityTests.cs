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
    private readonly SomeAuthority authority = new(), other = new("authority of somebody else");

    [TestCleanup]
    public void CleanUp()
    {
        authority.Dispose();
        other.Dispose();
        folder.Dispose();
    }

    [TestMethod]
    public void A_server_of_the_given_authority_is_believed() => Believes(authority.Pem, authority.Server());

    [TestMethod]
    public void Of_two_authorities_either_may_vouch()
    {
        Believes(authority.Pem + "\n" + other.Pem, authority.Server());
        Believes(other.Pem + "\n" + authority.Pem, authority.Server());
    }

    [TestMethod]
    public void An_authority_that_has_expired_beside_a_good_one_does_no_harm_and_no_good()
    {
        using var expired = new SomeAuthority("authority of old", validDays: -1);
        Believes(expired.Pem + "\n" + authority.Pem, authority.Server());
        Refuses(expired.Pem + "\n" + authority.Pem, expired.Server());
    }

    [TestMethod]
    public void An_authority_that_renewed_its_certificate_is_known_by_either()
    {
        var expired = authority.PemValidFor(days: -1);
        Believes(expired + "\n" + authority.Pem, authority.Server());
        Believes(authority.Pem + "\n" + expired, authority.Server());
        Refuses(expired, authority.Server());
    }

    [TestMethod]
    public void Another_authority_is_not_believed_although_the_server_sends_its_certificate_too() =>
        Refuses(other.Pem, authority.Server());

    [TestMethod]
    public void A_namesake_of_the_authority_is_not_believed()
    {
        using var namesake = new SomeAuthority();
        Refuses(authority.Pem, namesake.Server());
    }

    [TestMethod]
    public void A_certificate_for_another_host_is_not_believed() => Refuses(authority.Pem, authority.Server("127.0.0.2"));

    [TestMethod]
    public void A_certificate_that_has_expired_is_not_believed() => Refuses(authority.Pem, authority.Server(validDays: -1));

    [TestMethod]
    [DataRow("TLSv1.3", "-tls1_3")]
    [DataRow("TLSv1.1", "-tls1_1")]
    public void A_server_without_TLS_1_2_is_not_spoken_to(string protocol, string option)
    {
        using var nginx = Serve(authority.Server(), $"ssl_protocols {protocol}; ssl_ciphers ALL:@SECLEVEL=0;");
        AssertSpeaks(nginx, option);
        Assert.AreEqual(UpdateError.Unreachable, Open(nginx.Address, authority.Pem));
        Assert.AreEqual("", File.ReadAllText(folder.File("access.log")), "no request was made");
    }

    [TestMethod]
    public void Plain_http_asks_for_no_authority()
    {
        folder.Write("manifest.cose", "here");
        using var nginx = new Nginx(folder.Path);
        Assert.AreEqual(UpdateError.None, Open(nginx.Address, authority.Pem));
    }

    [TestMethod]
    public void What_holds_no_certificate_or_a_damaged_one_is_refused_when_it_is_set()
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

    private void Refuses(string authorities, (string Chain, string Key) server)
    {
        using var nginx = Serve(server);
        Assert.AreEqual(UpdateError.Unreachable, Open(nginx.Address, authorities));
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

    // A server that speaks nothing at all would be refused as well.
    private static void AssertSpeaks(Nginx nginx, string option)
    {
        string[] arguments = ["s_client", "-connect", new Uri(nginx.Address).Authority, option, "-cipher", "ALL:@SECLEVEL=0"];
        var (_, output, errors) = NativeBuild.Run(OptionalTools.Here.Find("openssl"), arguments);
        StringAssert.Contains(output, "BEGIN CERTIFICATE", errors);
    }
}
