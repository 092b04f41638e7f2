using System.Buffers;
using MQTTnet;
using MQTTnet.Protocol;
using NanoOta.Tests.Cli;
using NanoOta.Tests.Releases;

namespace NanoOta.Tests.Mqtt.FleetCommands;

[TestClass]
public sealed class PublishTests
{
    private readonly TemporaryFolder folder = new();

    private string Release => folder.File("release");

    private string Trusted => folder.File("keys/public.pem");

    [TestInitialize]
    public void Pack()
    {
        NanoOtaTool.Run("keygen", "--out", folder.File("keys")).MustSucceed();
        folder.Write("NanoOta.Identity.dll", TestInput.Dll("NanoOta.Identity"));
        folder.Write("App.dll", TestInput.AppDll("NanoOta.Identity"));
        NanoOtaTool.Run("pack", "--board", TestInput.BoardName, "--product", "lamp", "--app", folder.File("App.dll"), "--version", "1.2.0",
            "--key", folder.File("keys/private.pem"), "--out", Release).MustSucceed();
    }

    [TestCleanup]
    public void CleanUp() => folder.Dispose();

    [TestMethod]
    public async Task An_announcement_is_the_exact_manifest_and_stays_until_it_is_withdrawn()
    {
        using var broker = new Mosquitto();
        var topic = new Topics("lamp", TestInput.BoardName, "x").Offer;
        var result = Publish(broker.Port, "--trust", Trusted, "--json").MustSucceed().Json;
        Assert.AreEqual(topic, result.GetProperty("topic").GetString());
        CollectionAssert.AreEqual(File.ReadAllBytes(Path.Combine(Release, "manifest.cose")), await Retained(broker.Port, topic));
        Publish(broker.Port, "--withdraw").MustSucceed();
        Assert.IsNull(await Retained(broker.Port, topic));

        Publish(broker.Port, "--trust", Trusted).MustSucceed();
        Assert.IsNotNull(await Retained(broker.Port, topic));
        NanoOtaTool.Run("publish", "--withdraw", "--product", "lamp", "--board", TestInput.BoardName, "--broker", Url(broker.Port))
            .MustSucceed();
        Assert.IsNull(await Retained(broker.Port, topic));
    }

    [TestMethod]
    public async Task A_release_that_verify_refuses_is_not_announced()
    {
        using var broker = new Mosquitto();
        NanoOtaTool.Run("keygen", "--out", folder.File("other")).MustSucceed();
        AssertNotGood(Publish(broker.Port, "--trust", folder.File("other/public.pem")), "which is not trusted");
        var image = Directory.GetFiles(Release, "*.bin").Single();
        File.AppendAllText(image, "x");
        AssertNotGood(Publish(broker.Port, "--trust", Trusted), "image file");
        Assert.IsFalse(Publish(broker.Port, "--trust", Trusted, "--json").Json.GetProperty("announced").GetBoolean());
        folder.Write("release/manifest.cose", new byte[4096]);
        AssertNotGood(Publish(broker.Port, "--trust", Trusted), "4096 bytes or more");
        Assert.DoesNotContain("New client connected", broker.Log);
        Assert.IsNull(await Retained(broker.Port, "nanoota/#"));
    }

    [TestMethod]
    public void A_denied_publication_is_reported_without_the_password()
    {
        using var broker = new Mosquitto(files =>
        {
            files.Write("acl", "user reader\ntopic read nanoota/#\nuser lamp\ntopic readwrite nanoota/#\n");
            return Mosquitto.Users(files) + $"\nacl_file {files.File("acl")}";
        });
        string As(string login) => $"mqtt://{login}@127.0.0.1:{broker.Port}";
        string[] publish = ["publish", Release, "--trust", Trusted, "--broker"];
        NanoOtaTool.Run([.. publish, As("lamp:secret%20of%20lamp")]).MustSucceed();
        foreach (var (login, message) in new[]
        {
            ("lamp:hush", "rejected the login of user 'lamp'"),
            ("reader:secret%20of%20reader", "does not allow user 'reader' to publish to nanoota/lamp"),
        })
        {
            var refusal = NanoOtaTool.Run([.. publish, As(login)]).Refusal;
            StringAssert.Contains(refusal, message);
            Assert.DoesNotContain("hush", refusal);
            Assert.DoesNotContain("secret", refusal);
        }

        StringAssert.Contains(NanoOtaTool.Run([.. publish, Url(broker.Port)]).Refusal, "a client without a user name");
    }

    [TestMethod]
    public void Over_TLS_only_a_broker_of_the_pinned_authority_gets_the_release()
    {
        using var authority = new Support.TestAuthority();
        using var otherAuthority = new Support.TestAuthority("other authority");
        using var broker = new Mosquitto(files =>
        {
            var (chain, key) = authority.Server();
            files.Write("chain.pem", chain);
            files.Write("key.pem", key);
            return $"allow_anonymous true\ncertfile {files.File("chain.pem")}\nkeyfile {files.File("key.pem")}";
        });
        string[] publish = ["publish", Release, "--trust", Trusted, "--broker", $"mqtts://127.0.0.1:{broker.Port}", "--ca"];
        NanoOtaTool.Run([.. publish, folder.Write("ca.pem", authority.Pem)]).MustSucceed();
        StringAssert.Contains(NanoOtaTool.Run([.. publish, folder.Write("other.pem", otherAuthority.Pem)]).Refusal, "is not trusted");
        StringAssert.Contains(NanoOtaTool.Run([.. publish[..^1]]).Refusal, "--ca");
    }

    [TestMethod]
    public void Missing_and_surplus_options_are_named()
    {
        const string NoBroker = "mqtt://127.0.0.1:1";
        StringAssert.Contains(NanoOtaTool.Run("publish", Release, "--broker", NoBroker).Refusal, "--trust is missing");
        StringAssert.Contains(NanoOtaTool.Run("publish", "--broker", NoBroker).Refusal, "DIR is missing");
        StringAssert.Contains(NanoOtaTool.Run("publish", Release, "--broker", NoBroker, "--board", "b").Refusal, "need --withdraw");
        StringAssert.Contains(NanoOtaTool.Run("publish", "--withdraw", "--product", "p", "--broker", NoBroker).Refusal, "--withdraw needs");
        StringAssert.Contains(NanoOtaTool.Run("publish", Release, "--trust", Trusted, "--broker", NoBroker).Refusal,
            "127.0.0.1:1 cannot be reached");
    }

    private NanoOtaTool Publish(int port, params string[] more) => NanoOtaTool.Run(["publish", Release, "--broker", Url(port), .. more]);

    private static string Url(int port) => $"mqtt://127.0.0.1:{port}";

    private static void AssertNotGood(NanoOtaTool run, string reason)
    {
        Assert.AreEqual(1, run.ExitCode, run.Error);
        StringAssert.Contains(run.Error, reason);
        Assert.HasCount(1, run.Error.TrimEnd().Split('\n'));
    }

    // The retained message of a topic, or null; a marker message of the test follows it.
    private static async Task<byte[]?> Retained(int port, string topic)
    {
        using var setup = new LinkSetup(port);
        byte[]? found = null;
        var client = await setup.WatchAsync(port);
        client.ApplicationMessageReceivedAsync += e =>
        {
            if (e.ApplicationMessage.Retain) found = e.ApplicationMessage.Payload.ToArray();
            return Task.CompletedTask;
        };
        await client.SubscribeAsync(topic, MqttQualityOfServiceLevel.AtLeastOnce);
        await setup.PublishAsync("nanoota/end", []);
        LinkSetup.Await(() => setup.Seen.Any(m => m.Topic == "nanoota/end"), "end");
        return found;
    }
}
