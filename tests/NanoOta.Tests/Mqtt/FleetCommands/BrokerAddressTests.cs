using NanoOta.Cli.Fleet;
using NanoOta.Releases;
using NanoOta.Tests.Cli;
using NanoOta.Tests.Releases;

namespace NanoOta.Tests.Mqtt.FleetCommands;

[TestClass]
public sealed class BrokerAddressTests
{
    [TestMethod]
    [DataRow("mqtt://broker", "broker", 1883, null, null)]
    [DataRow("mqtts://broker", "broker", 8883, null, null)]
    [DataRow("mqtt://127.0.0.1:99/", "127.0.0.1", 99, null, null)]
    [DataRow("mqtt://[::1]:99", "::1", 99, null, null)]
    [DataRow("mqtt://lamp@broker", "broker", 1883, "lamp", null)]
    [DataRow("mqtt://lamp:secret%20of%40lamp%2F%3A@broker", "broker", 1883, "lamp", "secret of@lamp/:")]
    public void An_address_gives_host_port_and_login(string text, string host, int port, string? user, string? password)
    {
        var address = BrokerAddress.Parse(text);
        Assert.AreEqual((host, port, user, password), (address.Host, address.Port, address.User, address.Password));
        Assert.AreEqual(text.StartsWith("mqtts"), address.IsSecure);
        Assert.DoesNotContain("@", address.ToString());
    }

    [TestMethod]
    [DataRow("broker")]
    [DataRow("http://broker")]
    [DataRow("mqtt://")]
    [DataRow("mqtt://broker:0")]
    [DataRow("mqtt://broker:70000")]
    [DataRow("mqtt://broker/topic")]
    [DataRow("mqtt://broker?x")]
    [DataRow("mqtt://lamp:hush/hush@broker")]
    [DataRow("mqtt://lamp:1/hush@broker")]
    [DataRow("mqtt://lamp:hush#hush@broker")]
    [DataRow("mqtt://lamp:hush@hush@broker:x")]
    [DataRow("lamp:hush@broker")]
    [DataRow("mqtt://:hush@broker")]
    public void An_invalid_address_is_refused_in_one_line_without_the_password(string text)
    {
        var refusal = NanoOtaTool.Run("watch", "--broker", text).Refusal;
        StringAssert.Contains(refusal, "--broker '");
        Assert.DoesNotContain("hush", refusal);
    }

    [TestMethod]
    public void A_login_from_the_environment_is_taken_verbatim_and_never_printed()
    {
        var address = BrokerAddress.Parse("mqtts://broker", "pem").As("NAME_OF_IT", "lamp:hush:%41@");
        Assert.AreEqual(("lamp", "hush:%41@", "broker", 8883), (address.User, address.Password, address.Host, address.Port));
        Assert.IsTrue(address.IsSecure);
        Assert.AreEqual("pem", address.Authorities);
        foreach (var login in new[] { "hush", ":hush" })
        {
            var message = Assert.ThrowsExactly<ReleaseException>(() => address.As("NAME_OF_IT", login)).Message;
            StringAssert.Contains(message, "NAME_OF_IT has no");
            Assert.DoesNotContain("hush", message);
        }
    }

    [TestMethod]
    public async Task A_password_in_the_address_overrides_the_one_in_the_environment()
    {
        using var broker = new Mosquitto(Mosquitto.Users);
        using var folder = new TemporaryFolder();
        Assert.AreEqual(0, await Withdraw(broker.Port, "", "lamp:secret of lamp"));
        Assert.AreEqual(2, await Withdraw(broker.Port, "", "lamp:wrong"));
        Assert.AreEqual(2, await Withdraw(broker.Port, "lamp:wrong@", "lamp:secret of lamp"));

        async Task<int> Withdraw(int port, string login, string variable)
        {
            using var tool = NanoOtaTool.Start(folder.Path, ["publish", "--withdraw", "--product", "lamp", "--board", "b", "--broker",
                $"mqtt://{login}127.0.0.1:{port}"], ("NANO_OTA_BROKER_USER", variable));
            await tool.WaitForExitAsync();
            var output = await tool.StandardOutput.ReadToEndAsync() + await tool.StandardError.ReadToEndAsync();
            Assert.DoesNotContain("secret of", output);
            return tool.ExitCode;
        }
    }

    [TestMethod]
    public void An_authority_is_for_TLS_and_must_be_one()
    {
        using var folder = new TemporaryFolder();
        using var authority = new Support.TestAuthority();
        var good = folder.Write("ca.pem", authority.Pem);
        StringAssert.Contains(NanoOtaTool.Run("watch", "--broker", "mqtt://b", "--ca", good).Refusal, "--ca is for mqtts://");
        var gone = folder.File("gone");
        StringAssert.Contains(NanoOtaTool.Run("watch", "--broker", "mqtts://b", "--ca", gone).Refusal, "no such file for --ca");
        var bad = folder.Write("bad.pem", "-----BEGIN CERTIFICATE-----\nAAAA\n-----END CERTIFICATE-----\n");
        foreach (var (file, message) in new[]
        {
            (bad, "bad.pem: a certificate that cannot be read; give"),
            (folder.Write("other.pem", "no certificate"), "other.pem: no certificate in PEM form; give"),
        })
            StringAssert.Contains(NanoOtaTool.Run("watch", "--broker", "mqtts://b", "--ca", file).Refusal, message);
    }

    [TestMethod]
    [DataRow("--until", "reverted", "--until 'reverted'")]
    [DataRow("--until", "confirmed:", "confirmed:VERSION")]
    [DataRow("--timeout", "0", "--timeout 0")]
    [DataRow("--product", "a product with a name that is longer than the sixty-four bytes there are", "--product 'a product")]
    public void A_wrong_value_of_watch_is_named(string option, string value, string message) =>
        StringAssert.Contains(NanoOtaTool.Run("watch", "--broker", "mqtt://127.0.0.1:1", option, value).Refusal, message);
}
