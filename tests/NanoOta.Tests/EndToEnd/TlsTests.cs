using NanoOta.Tests.Cli;
using NanoOta.Tests.Support;

namespace NanoOta.Tests.EndToEnd;

/// <summary>
/// The servers that the virtual device trusts over https: the product's source on .NET, a real nginx, an authority of the test. How
/// the device's own TLS decides cannot be shown here.
/// </summary>
[TestClass]
public sealed class TlsTests
{
    private const string ThisHost = "127.0.0.1";

    [TestMethod]
    public async Task A_device_updates_from_a_server_of_a_system_authority()
    {
        await using var setup = new DeveloperSetup().Flash("good", "1.0.0").Pack("good", "1.1.0");
        Assert.AreEqual(0, await RunAsync(setup, "confirmed:1.1.0", ThisHost, validDays: 1, isTrusted: true));
    }

    [TestMethod]
    [DataRow("127.0.0.2", 1, true, UpdateError.CertificateOfOther, DisplayName = "certificate for another host")]
    [DataRow(ThisHost, -1, true, UpdateError.CertificateExpired, DisplayName = "certificate that has expired")]
    [DataRow(ThisHost, 1, false, UpdateError.CertificateUnknown, DisplayName = "certificate of an unknown authority")]
    public async Task A_server_without_a_trusted_authority_gets_no_request(
        string host, int validDays, bool isTrusted, UpdateError expected)
    {
        await using var setup = new DeveloperSetup().Flash("good", "1.0.0").Pack("good", "1.1.0");
        Assert.AreEqual(0, await RunAsync(setup, "refused", host, validDays, isTrusted));
        Assert.AreEqual((int)expected, setup.Last("refused").GetProperty("code").GetInt32());
        Assert.DoesNotContain("offer", setup.Story());
        Assert.AreEqual("", File.ReadAllText(setup.FileOf("access.log")), "no request was made");
    }

    [TestMethod]
    public async Task A_device_with_one_pinned_authority_updates_from_its_server_only()
    {
        await using var setup = new DeveloperSetup().Flash("good", "1.0.0").Pack("good", "1.1.0");
        using var authority = new TestAuthority();
        using var other = new TestAuthority("other authority");
        using var nginx = Serve(setup, authority.Server());
        File.WriteAllText(setup.FileOf("ca.pem"), other.Pem);
        var arguments = setup.DeviceArguments(nginx.Address, "refused");
        Assert.AreEqual(0, NanoOtaTool.Run([.. arguments, "--ca", setup.FileOf("ca.pem")]).ExitCode);
        Assert.AreEqual((int)UpdateError.CertificateUnknown, setup.Last("refused").GetProperty("code").GetInt32());

        File.WriteAllText(setup.FileOf("ca.pem"), other.Pem + "\n" + authority.Pem);
        arguments = setup.DeviceArguments(nginx.Address, "confirmed:1.1.0");
        Assert.AreEqual(0, NanoOtaTool.Run([.. arguments, "--ca", setup.FileOf("ca.pem")]).ExitCode);
    }

    private static Nginx Serve(DeveloperSetup setup, (string Chain, string Key) server)
    {
        File.WriteAllText(setup.FileOf("chain.pem"), server.Chain);
        File.WriteAllText(setup.FileOf("key.pem"), server.Key);
        return new Nginx(setup.Releases, $"""
            ssl_certificate {setup.FileOf("chain.pem")};
            ssl_certificate_key {setup.FileOf("key.pem")};
            access_log {setup.FileOf("access.log")};
            """, listen: "ssl");
    }

    private static async Task<int> RunAsync(DeveloperSetup setup, string until, string host, int validDays, bool isTrusted)
    {
        using var authority = new TestAuthority();
        using var other = new TestAuthority("other authority");
        using var nginx = Serve(setup, authority.Server(host, validDays));
        File.WriteAllText(setup.FileOf("trusted.pem"), isTrusted ? authority.Pem : other.Pem);
        using var device = NanoOtaTool.Start(AppContext.BaseDirectory, setup.DeviceArguments(nginx.Address, until),
            ("SSL_CERT_FILE", setup.FileOf("trusted.pem")), ("SSL_CERT_DIR", "/nowhere"));
        var output = device.StandardOutput.ReadToEndAsync();
        await device.WaitForExitAsync();
        Console.WriteLine(await output);
        return device.ExitCode;
    }
}
