using NanoOta.Cli;
using NanoOta.Cli.Device;
using NanoOta.Cli.Fleet;
using NanoOta.Releases;
using NanoOta.Tests.Releases;

namespace NanoOta.Tests.Cli;

/// <summary>Addresses, and other values that are refused by name or taken as they are meant.</summary>
[TestClass]
public sealed class AddressTests
{
    [TestMethod]
    [DataRow("http://h", "http://h")]
    [DataRow("HTTP://Host/Rel/", "http://Host/Rel/")]
    [DataRow("HttpS://h:8443/x.cose", "https://h:8443/x.cose")]
    [DataRow("http://h/rel/?sig=a%2Fb&x=1", "http://h/rel/?sig=a%2Fb&x=1")]
    [DataRow("http://[::1]:80/", "http://[::1]:80/")]
    public void An_address_of_releases_is_taken_with_a_query_and_a_scheme_in_any_case(string given, string expected) =>
        Assert.AreEqual(expected, WebAddress.OfReleases("--offer", given));

    [TestMethod]
    [DataRow("ftp://h/", "is not an http or https address")]
    [DataRow("h/rel", "is not an http or https address")]
    [DataRow("http://", "is not an http or https address")]
    [DataRow("http://h:0/", "is not an http or https address")]
    [DataRow("http://h:65536/", "is not an http or https address")]
    [DataRow("http://h/a b", "is not an http or https address")]
    [DataRow("http://h/ü", "is not an http or https address")]
    [DataRow("http://h/\u001b[31m", "is not an http or https address")]
    [DataRow("http://lamp:hush@h/", "has a user in it; give --user NAME:PASSWORD instead")]
    [DataRow("http://lamp@h/", "has a user in it; give --user NAME:PASSWORD instead")]
    [DataRow("http://h/#top", "has a fragment, which is never sent to a server; omit it with its #")]
    public void An_address_that_no_device_can_use_is_refused_at_once_without_a_password(string given, string message)
    {
        using var folder = new TemporaryFolder();
        var refusal = NanoOtaTool.Run("device", "--board", TestInput.BoardName, "--flash", folder.File("none"), "--offer", given).Refusal;
        StringAssert.Contains(refusal, "--offer '");
        StringAssert.Contains(refusal, message);
        Assert.DoesNotContain("hush", refusal);
        Assert.DoesNotContain("\u001b", refusal);
    }

    [TestMethod]
    public void A_broker_may_be_written_in_capitals()
    {
        var address = BrokerAddress.Parse("MQTTS://Broker");
        Assert.AreEqual((true, "broker", 8883), (address.IsSecure, address.Host, address.Port));
        Assert.AreEqual("mqtts://Broker", WebAddress.WithPlainScheme("MQTTS://Broker"));
    }

    [TestMethod]
    public void Key_and_token_together_are_refused_with_which_to_drop() => StringAssert.Contains(
        NanoOtaTool.Run("command", "d", "check", "--broker", "mqtt://h", "--key", "k.pem", "--token-file", "t").Refusal,
        "--key and --token-file exclude each other; omit --token-file if the firmware has the command key, else --key");

    [TestMethod]
    [DataRow("0")]
    [DataRow("-1")]
    [DataRow("9007199254740992")]
    public void A_counter_out_of_range_is_refused(string counter)
    {
        var refusal = NanoOtaTool.Run("command", "d", "check", "--broker", "mqtt://h", "--key", "k.pem", "--counter", counter).Refusal;
        StringAssert.Contains(refusal, $"--counter {counter} is out of range; give 1 to 9007199254740991");
    }

    [TestMethod]
    public void Nothing_from_a_file_or_a_device_moves_the_cursor()
    {
        const string Nasty = "a\u001b[2Jb\u009b\u0007\u202e\rc";
        const string Shown = @"a\u001B[2Jb\u009B\u0007\u202E\u000Dc";
        Assert.AreEqual(Shown, DeviceText.Visible(Nasty));
        Assert.AreEqual("käse 🧀 \\uD83E", DeviceText.Visible("käse 🧀 \uD83E"));
        StringAssert.Contains(NanoOtaTool.Run("inspect", Nasty).Refusal, Shown);
        var output = new StringWriter();
        var view = new DeviceView(Report.Console(output));
        view.OnConsole(Nasty);
        view.On(new DeviceEvent { By = DeviceEvent.ByBoard, Event = "boot" + Nasty, Version = Nasty, Reason = Nasty, Detail = Nasty });
        Assert.IsFalse(output.ToString().Any(c => char.IsControl(c) && c != '\n'), output.ToString());
        StringAssert.Contains(output.ToString(), Shown);
    }
}
