using System.Text;
using NanoOta.Tests.Mqtt;
using NanoOta.Tests.Simulation;

namespace NanoOta.Tests.Diagnostics;

/// <summary>Secrets that must not appear in the report or in the history in flash.</summary>
[TestClass]
public sealed class SecretsTests
{
    private static readonly SimRelease First = SimRelease.Make("1.0.0", 1, 5);
    private static readonly SimRelease Second = SimRelease.Make("1.1.0", 2, 7);

    [TestMethod]
    public void No_secret_of_ports_and_options_is_in_the_report_or_in_flash()
    {
        const string User = "fleet-user-4711", Password = "pw-of-server-4712", Query = "query-key-4713", Fragment = "fragment-4714",
            Token = "command-token-4715", Header = "header-value-4716", Login = "broker-user-4717", LoginPassword = "broker-pw-4718",
            Wifi = "wifi-password-4719";
        // Nothing listens there: the download is refused, with all secrets in the address.
        string address = $"http://{User}:{Password}@127.0.0.1:1/lamp/?key={Query}#{Fragment}";
        var source = new HttpReleaseSource { Credential = new HttpCredential("http://127.0.0.1:1/", "X-Token", Header) };
        var device = SimDevice.Offered(First, Second);
        var remote = new MqttOptions("broker.example")
        {
            Product = "lamp",
            Board = "board-a",
            DeviceId = "lamp-17",
            Token = Token,
            CommandKeys = [SimMqtt.Key.Public.Base64],
            User = Login,
            Password = LoginPassword,
            MakeBroker = () => throw new InvalidOperationException("no broker"),
        };
        device.Break = ports =>
        {
            _ = new RemoteLoop(remote, ports, () => false);
            ports.Settings = new WifiSettings(Wifi);
            if (device.Address == address) ports.Source = source;
        };
        device.Configure = options => options.DeviceId = "lamp-17";
        var sim = new SimHistory(device);
        Assert.IsTrue(device.RunUntilConfirmed("1.1.0"));
        device.Address = address;
        device.PowerCycle();
        Assert.IsTrue(device.RunOneCheck());
        StringAssert.Contains(sim.Lines[^1], "1013", "the fault is in it");

        var report = sim.Write(device.Agent!);
        var flash = device.Flash.Snapshot()[(SimDevice.Map.Records + FlashLayout.History)..];
        string[] secrets = [User, Password, Query, Fragment, Token, Header, Login, LoginPassword, Wifi, $"{User}:{Password}",
            $"{Login}:{LoginPassword}", SimMqtt.Key.Public.Base64];
        foreach (var secret in secrets)
            foreach (var form in Forms(secret))
            {
                Assert.IsFalse(Holds(report, form), $"{form} is in the report");
                Assert.IsFalse(Holds(flash, form), $"{form} is in flash");
            }

        Assert.IsTrue(Holds(report, "\"address\":\"http://127.0.0.1:1/lamp/\""), Encoding.ASCII.GetString(report));
    }

    [TestMethod]
    [DataRow("http://updates.example/lamp/", "http://updates.example/lamp/")]
    [DataRow("https://user:pw@host:8443/x/manifest.cose?key=secret", "https://host:8443/x/manifest.cose")]
    [DataRow("https://token@host/x/", "https://host/x/")]
    [DataRow("https://host?key=secret", "https://host")]
    [DataRow("https://host/x#secret", "https://host/x")]
    [DataRow("https://host/x?a=b@secret", null)]
    [DataRow("https://user:p/w@host/x", null)]
    [DataRow("https://user:p?w@host/x", null)]
    [DataRow("https://user:p#w@host/x", null)]
    [DataRow("https://a@b:pw@host/x", "https://host/x")]
    [DataRow("user:pw@host/x", null)]
    [DataRow("user:p://w@host/x", null)]
    [DataRow("secret://host/x", null)]
    [DataRow("", null)]
    public void Only_the_public_part_of_an_address_is_reported(string address, string? reported) =>
        Assert.AreEqual(reported, PlainAddress.Of(address));

    private static bool Holds(byte[] bytes, string text) => bytes.AsSpan().IndexOf(Encoding.UTF8.GetBytes(text)) >= 0;

    // Base64 at any of the three alignments, without the characters that its neighbours decide.
    private static IEnumerable<string> Forms(string secret)
    {
        yield return secret;
        yield return Convert.ToHexString(Encoding.UTF8.GetBytes(secret));
        yield return Convert.ToHexStringLower(Encoding.UTF8.GetBytes(secret));
        for (int shift = 0; shift < 3; shift++)
        {
            var text = Convert.ToBase64String([.. new byte[shift], .. Encoding.UTF8.GetBytes(secret)]);
            yield return text[4..^4];
        }
    }

    private sealed class WifiSettings(string password) : ISettings
    {
        public string Password { get; } = password;

        public bool Keep(byte[] release, int schema, int nextSchema) => Password.Length > 0;

        public RestoreOutcome Restore(byte[] release, bool onlyIfUnreadable) => RestoreOutcome.Nothing;
    }
}
