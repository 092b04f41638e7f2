using System.Net;
using System.Net.Sockets;
using NanoOta.Cli.Fleet;
using NanoOta.Tests.Cli;
using NanoOta.Tests.Releases;

namespace NanoOta.Tests.Mqtt.FleetCommands;

/// <summary>The broker in nano-ota serve.</summary>
[TestClass]
public sealed class ServeBrokerTests
{
    private readonly TemporaryFolder folder = new();

    [TestCleanup]
    public void CleanUp() => folder.Dispose();

    [TestMethod]
    public async Task Devices_watch_and_commands_work_over_the_broker_of_serve()
    {
        int port = Support.LoopbackServer.FreePort();
        await using var broker = await EmbeddedBroker.StartAsync(IPAddress.Loopback, port);
        using var setup = new LinkSetup(port);
        setup.Start();
        LinkSetup.Await(() => setup.Link.IsConnected && setup.Bench.SendQueue.Count == 0, "connection");
        var watch = new RunningTool("watch", "--broker", $"mqtt://127.0.0.1:{port}", "--timeout", "20");
        watch.AwaitOutput("confirmed");
        MqttBench.Key.Save(folder.File("key.pem"));
        string[] pause = ["command", MqttBench.DeviceId, "pause", "--product", "lamp", "--broker", $"mqtt://127.0.0.1:{port}", "--key",
            folder.File("key.pem")];
        var command = new RunningTool(pause);
        setup.Bench.Control.Answer(setup.AwaitCommand(), UpdateError.None);
        (await command.EndAsync()).MustSucceed();
        setup.Stop(inOrder: false);
        setup.Dispose();
        var none = NanoOtaTool.Run([.. pause[..1], "unknown", .. pause[2..]]);
        Assert.AreEqual(3, none.ExitCode);
        StringAssert.Contains(none.Error, "no device subscribes");
    }

    [TestMethod]
    public async Task A_late_subscriber_gets_the_announcement_and_an_oversized_one_is_withheld()
    {
        int port = Support.LoopbackServer.FreePort();
        await using var broker = await EmbeddedBroker.StartAsync(IPAddress.Loopback, port);
        using var setup = new LinkSetup(port);
        await broker.AnnounceAsync(setup.Bench.Topics.Offer, new byte[4095]);
        await setup.WatchAsync(port);
        await setup.PublishAsync(setup.Bench.Topics.Offer, new byte[4096], retain: true);
        setup.Start();
        LinkSetup.Await(() => setup.Bench.Control.TakeAnnouncement() is { Length: 4095 }, "announcement");
        Assert.AreEqual(0, setup.Bench.ReceiveQueue.Refused);
    }

    [TestMethod]
    public async Task A_packet_with_an_excessive_length_ends_its_connection_at_once()
    {
        int port = Support.LoopbackServer.FreePort();
        await using var broker = await EmbeddedBroker.StartAsync(IPAddress.Loopback, port);
        byte[][] packets =
        [
            [0x10, 0xFF, 0xFF, 0xFF, 0x7F, 0, 4, (byte)'M', (byte)'Q'], // a CONNECT of 256 MB
            [0x10, 0xFF, 0xFF, 0xFF, 0xFF, 0xFF, 0xFF], // a length without an end
            [0x30, 0x81, 0x80, 0x02], // a PUBLISH of 32 KB
        ];
        foreach (var packet in packets)
        {
            using var client = new TcpClient { ReceiveTimeout = 60_000 };
            await client.ConnectAsync(IPAddress.Loopback, port);
            await client.GetStream().WriteAsync(packet);
            Assert.IsTrue(HasEnded(client), Convert.ToHexString(packet));
        }

        using var setup = new LinkSetup(port);
        setup.Start();
        LinkSetup.Await(() => setup.Link.IsConnected, "connection");
    }

    [TestMethod]
    public async Task Connections_are_bounded_and_one_that_ends_makes_room()
    {
        int port = Support.LoopbackServer.FreePort();
        await using var broker = await EmbeddedBroker.StartAsync(IPAddress.Loopback, port, maxClients: 2);
        using TcpClient first = new(), second = new(), third = new() { ReceiveTimeout = 60_000 };
        foreach (var client in new[] { first, second, third }) await client.ConnectAsync(IPAddress.Loopback, port);
        Assert.IsTrue(HasEnded(third));
        first.Close();
        using var setup = new LinkSetup(port);
        setup.Start();
        LinkSetup.Await(() => setup.Link.IsConnected, "connection");
    }

    // A reset is an end as well.
    private static bool HasEnded(TcpClient client)
    {
        try
        {
            return client.GetStream().Read(new byte[1]) == 0;
        }
        catch (IOException e)
        {
            return e.InnerException is SocketException { SocketErrorCode: SocketError.ConnectionReset };
        }
    }

    [TestMethod]
    public async Task A_device_with_a_higher_counter_reports_which_one_it_accepts()
    {
        int port = Support.LoopbackServer.FreePort();
        await using var broker = await EmbeddedBroker.StartAsync(IPAddress.Loopback, port);
        using var setup = new LinkSetup(port);
        setup.Start();
        LinkSetup.Await(() => setup.Link.IsConnected && setup.Bench.SendQueue.Count == 0, "connection");
        MqttBench.Key.Save(folder.File("key.pem"));
        string[] check = ["command", MqttBench.DeviceId, "check", "--product", "lamp", "--broker", $"mqtt://127.0.0.1:{port}", "--key",
            folder.File("key.pem")];
        // A time that was once far ahead let the counter go there, too (SPEC.md, section 8.6).
        setup.Bench.Clock.UnixSeconds = 8_000_000_000;
        var ahead = new RunningTool([.. check, "--counter", "8000000000000"]);
        setup.Bench.Control.Answer(setup.AwaitCommand(), UpdateError.None);
        (await ahead.EndAsync()).MustSucceed();

        var refused = new RunningTool(check);
        LinkSetup.Await(() =>
        {
            setup.Bench.Clock.Milliseconds += 100;
            Assert.IsNull(setup.Bench.Control.TakeCommand());
            return refused.Code.IsCompleted;
        }, "refusal");
        var answer = await refused.EndAsync();
        Assert.AreEqual(1, answer.ExitCode, answer.Error);
        StringAssert.Contains(answer.Output, "its last counter is 8000000000000, so give --counter 8000000000001");
        var again = new RunningTool([.. check, "--counter", "8000000000001"]);
        setup.Bench.Control.Answer(setup.AwaitCommand(), UpdateError.None);
        (await again.EndAsync()).MustSucceed();
    }

    [TestMethod]
    [OSCondition(OperatingSystems.Linux | OperatingSystems.OSX)]
    public async Task Serve_announces_its_release_and_ends_cleanly_after_an_interrupt()
    {
        Pack();
        int port = Support.LoopbackServer.FreePort();
        using var serve = NanoOtaTool.Start(folder.Path, "serve", "release", "--http", "0", "--broker-port", $"{port}",
            "--trust", "keys/public.pem");
        try
        {
            StringAssert.StartsWith(await serve.StandardOutput.ReadLineAsync(), "http://127.0.0.1:");
            Assert.AreEqual($"mqtt://127.0.0.1:{port}", await serve.StandardOutput.ReadLineAsync());
            Assert.AreEqual($"announced lamp 1.2.0 for {TestInput.BoardName}", await serve.StandardOutput.ReadLineAsync());
            using var setup = new LinkSetup(port);
            await setup.WatchAsync(port);
            var topic = new Topics("lamp", TestInput.BoardName, "x").Offer;
            LinkSetup.Await(() => setup.Seen.Any(m => m.Topic == topic && m.Retain), "announcement");
            NanoOtaTool.Interrupt(serve);
            await serve.WaitForExitAsync();
            Assert.AreEqual(0, serve.ExitCode, await serve.StandardError.ReadToEndAsync());
        }
        finally
        {
            if (!serve.HasExited) serve.Kill();
        }
    }

    [TestMethod]
    public void A_bad_announcement_or_port_is_refused_before_anything_is_served()
    {
        Pack();
        string[] serve = ["serve", folder.File("release"), "--http", "0"];
        var trusted = folder.File("keys/public.pem");
        StringAssert.Contains(NanoOtaTool.Run([.. serve, "--broker-port", "1883"]).Refusal, "--trust is missing");
        StringAssert.Contains(NanoOtaTool.Run([.. serve, "--trust", trusted]).Refusal, "--trust needs --broker-port");
        StringAssert.Contains(NanoOtaTool.Run([.. serve, "--broker-port", "0", "--trust", trusted]).Refusal, "--broker-port 0");
        string[] elsewhere = ["serve", folder.Path, "--broker-port", "1", "--trust", trusted];
        StringAssert.Contains(NanoOtaTool.Run(elsewhere).Refusal, "no release to announce");
        using var taken = new TcpListener(IPAddress.Loopback, 0);
        taken.Start();
        var port = ((IPEndPoint)taken.LocalEndpoint).Port.ToString();
        serve = [.. serve, "--trust", trusted, "--broker-port"];
        StringAssert.Contains(NanoOtaTool.Run([.. serve, port]).Refusal, "give another port with --broker-port");
        File.AppendAllText(Directory.GetFiles(folder.File("release"), "*.bin").Single(), "x");
        StringAssert.Contains(NanoOtaTool.Run([.. serve, "1883"]).Refusal, "is not announced: image");
    }

    private void Pack()
    {
        NanoOtaTool.Run("keygen", "--out", folder.File("keys")).MustSucceed();
        folder.Write("NanoOta.Identity.dll", TestInput.Dll("NanoOta.Identity"));
        folder.Write("App.dll", TestInput.AppDll("NanoOta.Identity"));
        NanoOtaTool.Run("pack", "--board", TestInput.BoardName, "--product", "lamp", "--app", folder.File("App.dll"), "--version", "1.2.0",
            "--key", folder.File("keys/private.pem"), "--out", folder.File("release")).MustSucceed();
    }
}
