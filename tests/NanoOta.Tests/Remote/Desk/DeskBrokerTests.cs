using System.Net;
using System.Net.Sockets;
using NanoOta.Cli.Remote;
using NanoOta.Tests.Cli;
using NanoOta.Tests.Releases;

namespace NanoOta.Tests.Remote.Desk;

/// <summary>The broker in nano-ota serve.</summary>
[TestClass]
public sealed class DeskBrokerTests
{
    private readonly TemporaryFolder folder = new();

    [TestCleanup]
    public void CleanUp() => folder.Dispose();

    [TestMethod]
    public async Task Devices_watch_and_commands_work_over_it_as_over_any_other()
    {
        int port = Support.LoopbackServer.FreePort();
        await using var broker = await DeskBroker.StartAsync(IPAddress.Loopback, port);
        using var world = new RemoteWorld(port);
        world.Start();
        RemoteWorld.Await(() => world.Link.IsConnected && world.Bench.SendQueue.Count == 0, "connection");
        var watch = new RunningTool("watch", "--broker", $"mqtt://127.0.0.1:{port}", "--timeout", "20");
        watch.AwaitOutput("confirmed");
        RemoteBench.Key.Save(folder.File("key.pem"));
        string[] pause = ["command", RemoteBench.DeviceId, "pause", "--product", "lamp", "--broker", $"mqtt://127.0.0.1:{port}", "--key",
            folder.File("key.pem")];
        var command = new RunningTool(pause);
        world.Bench.Control.Answer(world.AwaitCommand(), UpdateError.None);
        (await command.EndAsync()).MustSucceed();
        world.Stop(inOrder: false);
        world.Dispose();
        var nobody = NanoOtaTool.Run([.. pause[..1], "nobody", .. pause[2..]]);
        Assert.AreEqual(3, nobody.ExitCode);
        StringAssert.Contains(nobody.Error, "nobody listens");
    }

    [TestMethod]
    public async Task Who_comes_later_gets_the_announcement_and_what_no_device_takes_is_kept_back()
    {
        int port = Support.LoopbackServer.FreePort();
        await using var broker = await DeskBroker.StartAsync(IPAddress.Loopback, port);
        using var world = new RemoteWorld(port);
        await broker.AnnounceAsync(world.Bench.Topics.Offer, new byte[4095]);
        await world.WatchAsync(port);
        await world.PublishAsync(world.Bench.Topics.Offer, new byte[4096], retain: true);
        world.Start();
        RemoteWorld.Await(() => world.Bench.Control.TakeAnnouncement() is { Length: 4095 }, "announcement");
        Assert.AreEqual(0, world.Bench.ReceiveQueue.Refused);
    }

    [TestMethod]
    public async Task A_packet_that_claims_to_be_larger_than_any_ends_its_connection_at_once()
    {
        int port = Support.LoopbackServer.FreePort();
        await using var broker = await DeskBroker.StartAsync(IPAddress.Loopback, port);
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

        using var world = new RemoteWorld(port);
        world.Start();
        RemoteWorld.Await(() => world.Link.IsConnected, "connection");
    }

    [TestMethod]
    public async Task Connections_are_bounded_and_one_that_ends_makes_room()
    {
        int port = Support.LoopbackServer.FreePort();
        await using var broker = await DeskBroker.StartAsync(IPAddress.Loopback, port, maxClients: 2);
        using TcpClient first = new(), second = new(), third = new() { ReceiveTimeout = 60_000 };
        foreach (var client in new[] { first, second, third }) await client.ConnectAsync(IPAddress.Loopback, port);
        Assert.IsTrue(HasEnded(third));
        first.Close();
        using var world = new RemoteWorld(port);
        world.Start();
        RemoteWorld.Await(() => world.Link.IsConnected, "connection");
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
    public async Task A_device_whose_counter_is_ahead_says_which_one_it_takes()
    {
        int port = Support.LoopbackServer.FreePort();
        await using var broker = await DeskBroker.StartAsync(IPAddress.Loopback, port);
        using var world = new RemoteWorld(port);
        world.Start();
        RemoteWorld.Await(() => world.Link.IsConnected && world.Bench.SendQueue.Count == 0, "connection");
        RemoteBench.Key.Save(folder.File("key.pem"));
        string[] check = ["command", RemoteBench.DeviceId, "check", "--product", "lamp", "--broker", $"mqtt://127.0.0.1:{port}", "--key",
            folder.File("key.pem")];
        // A time that was once far ahead let the counter go there, too (SPEC.md, section 8.6).
        world.Bench.Clock.UnixSeconds = 8_000_000_000;
        var ahead = new RunningTool([.. check, "--counter", "8000000000000"]);
        world.Bench.Control.Answer(world.AwaitCommand(), UpdateError.None);
        (await ahead.EndAsync()).MustSucceed();

        var refused = new RunningTool(check);
        RemoteWorld.Await(() =>
        {
            world.Bench.Clock.Milliseconds += 100;
            Assert.IsNull(world.Bench.Control.TakeCommand());
            return refused.Code.IsCompleted;
        }, "refusal");
        var answer = await refused.EndAsync();
        Assert.AreEqual(1, answer.ExitCode, answer.Error);
        StringAssert.Contains(answer.Output, "its last counter is 8000000000000, so give --counter 8000000000001");
        var again = new RunningTool([.. check, "--counter", "8000000000001"]);
        world.Bench.Control.Answer(world.AwaitCommand(), UpdateError.None);
        (await again.EndAsync()).MustSucceed();
    }

    [TestMethod]
    [OSCondition(OperatingSystems.Linux | OperatingSystems.OSX)]
    public async Task Serve_is_a_broker_that_announces_its_release_and_ends_well_after_an_interrupt()
    {
        Pack();
        int port = Support.LoopbackServer.FreePort();
        using var serve = NanoOtaTool.Start(folder.Path, "serve", "release", "--http", "0", "--broker-port", $"{port}",
            "--trust", "keys/public.pem");
        try
        {
            StringAssert.StartsWith(await serve.StandardOutput.ReadLineAsync(), "http://127.0.0.1:");
            Assert.AreEqual($"mqtt://127.0.0.1:{port}", await serve.StandardOutput.ReadLineAsync());
            Assert.AreEqual($"announced lamp 1.2.0 for {Some.BoardName}", await serve.StandardOutput.ReadLineAsync());
            using var world = new RemoteWorld(port);
            await world.WatchAsync(port);
            var topic = new Topics("lamp", Some.BoardName, "x").Offer;
            RemoteWorld.Await(() => world.Seen.Any(m => m.Topic == topic && m.Retain), "announcement");
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
    public void What_cannot_be_announced_or_listened_on_is_refused_before_anything_is_served()
    {
        Pack();
        string[] serve = ["serve", folder.File("release"), "--http", "0"];
        var trusted = folder.File("keys/public.pem");
        StringAssert.Contains(NanoOtaTool.Run([.. serve, "--broker-port", "1883"]).Refusal, "--trust is missing");
        StringAssert.Contains(NanoOtaTool.Run([.. serve, "--trust", trusted]).Refusal, "--trust is for --broker-port");
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
        folder.Write("NanoOta.Identity.dll", Some.Dll("NanoOta.Identity"));
        folder.Write("App.dll", Some.AppDll("NanoOta.Identity"));
        NanoOtaTool.Run("pack", "--board", Some.BoardName, "--product", "lamp", "--app", folder.File("App.dll"), "--version", "1.2.0",
            "--key", folder.File("keys/private.pem"), "--out", folder.File("release")).MustSucceed();
    }
}
