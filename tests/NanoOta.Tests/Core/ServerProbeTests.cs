using NanoOta.Releases;
using NanoOta.Tests.Simulation;
using NanoOta.Tests.Support;

namespace NanoOta.Tests.Core;

/// <summary>Health by the server: what it takes to be Good, and that nothing makes it Bad.</summary>
[TestClass]
public sealed class ServerProbeTests : IClock, IMemory
{
    private const string Mirror = "http://mirror.example/";

    private static readonly SimRelease Release = SimRelease.Make("1.1.0", 2, 7);

    private readonly SimServer server = new();
    private readonly UpdateOptions options = new()
    {
        Address = SimServer.Address,
        Product = "lamp",
        Board = "board-a",
        TrustedKeys = [TestManifest.SharedKey.Base64],
    };

    private bool isOnline = true;
    private ServerProbe? probe;
    private UpdatePorts? ports;

    public long Milliseconds { get; private set; }

    public long UnixSeconds => 0;

    public int Free { get; private set; } = 90_000;

    public int LargestBlock => Free;

    public int FreeManaged => 50_000;

    void IMemory.Release()
    {
    }

    [TestInitialize]
    public void Make()
    {
        server.Publish(Release);
        ports = new UpdatePorts { Source = server, Crypto = new HostCrypto(), Clock = this };
        server.Memory = this;
        probe = new ServerProbe(ports, options, () => isOnline);
    }

    [TestMethod]
    public void Firmware_is_healthy_after_its_server_delivered_manifest_and_first_block()
    {
        Assert.AreEqual(0, server.Opens, "the server is contacted only after the health checks");
        Assert.IsTrue(IsGoodWithin(1000));
        Assert.AreEqual(4096, server.ImageBytesRead);
        Assert.IsFalse(server.IsOpen);
        Assert.AreEqual(2, server.Opens);
        for (int i = 0; i < 10; i++) Assert.AreEqual(Health.Good, probe!.Check());
        Assert.AreEqual(2, server.Opens);
    }

    [TestMethod]
    public void A_file_with_an_overwritten_beginning_is_requested_again_at_once()
    {
        server.PieceSize = 100;
        for (int i = 0; i < 3; i++) Assert.AreEqual(Health.Unknown, probe!.Check());
        Assert.AreEqual(1, server.Opens);
        Array.Fill(ports!.Block, (byte)0xFF);
        ports.IsBlockLent = false;
        server.PieceSize = 4096;
        // Less than any wait after a fault.
        Assert.IsTrue(IsGoodWithin(400));
        Assert.AreEqual(3, server.Opens);
    }

    [TestMethod]
    public void Without_a_network_the_probe_makes_no_request()
    {
        isOnline = false;
        Assert.IsFalse(IsGoodWithin(60_000));
        Assert.AreEqual(0, server.Opens);
        isOnline = true;
        Assert.IsTrue(IsGoodWithin(1000));
    }

    [TestMethod]
    [DataRow("an unknown signer")]
    [DataRow("another product")]
    [DataRow("another board")]
    [DataRow("a page in place of the manifest")]
    [DataRow("a page in place of the image")]
    [DataRow("no manifest")]
    [DataRow("no image")]
    [DataRow("a shorter image")]
    public void Any_other_server_answer_is_unknown_and_requested_again(string what)
    {
        Mistake(what);
        Assert.IsFalse(IsGoodWithin(300_000));
        Assert.IsInRange(8, 60, server.Opens, "neither given up nor hammered");
        server.Publish(Release);
        Assert.IsTrue(IsGoodWithin(31_000), "mended");
    }

    [TestMethod]
    [DataRow(UpdateError.Unreachable)]
    [DataRow(UpdateError.ConnectionLost)]
    [DataRow(UpdateError.ServerFailed)]
    [DataRow(UpdateError.Redirected)]
    [DataRow(UpdateError.UnexpectedStatus)]
    public void A_server_without_an_answer_is_retried_with_growing_waits(object error)
    {
        var asked = new List<long>();
        server.OnOpen = (_, _) =>
        {
            asked.Add(Milliseconds);
            return (UpdateError)error;
        };
        Assert.IsFalse(IsGoodWithin(300_000));
        Assert.IsInRange(8, 40, asked.Count);
        Assert.IsLessThanOrEqualTo(1100, asked[1] - asked[0]);
        Assert.IsGreaterThanOrEqualTo(15_000, asked[^1] - asked[^2]);
        server.OnOpen = (_, _) => UpdateError.None;
        Assert.IsTrue(IsGoodWithin(61_000));
    }

    [TestMethod]
    public void The_probe_honours_Retry_After()
    {
        server.RetryAfterSeconds = 100;
        server.OnOpen = (_, _) => UpdateError.ServerFailed;
        Assert.IsFalse(IsGoodWithin(99_000));
        Assert.AreEqual(1, server.Opens);
        server.OnOpen = (_, _) => UpdateError.None;
        Assert.IsTrue(IsGoodWithin(10_000));
    }

    [TestMethod]
    public void A_mirror_may_deliver_the_block()
    {
        var manifest = TestManifest.For(Release.Image, "1.1.0", 2, TestManifest.SharedKey);
        manifest.Change = map => map.Add((10L, new object[] { Mirror }));
        server.Publish(Release with { Manifest = manifest.Sign() });
        server.Mirror = Mirror;
        server.OnOpen = (name, _) => name.EndsWith(".cose") ? UpdateError.None : UpdateError.FileNotFound;
        Assert.IsTrue(IsGoodWithin(3000));
    }

    [TestMethod]
    public void Without_memory_for_TLS_no_handshake_is_tried()
    {
        options.Address = SimServer.SecureAddress;
        Free = 30_000;
        Assert.IsFalse(IsGoodWithin(60_000));
        Assert.AreEqual(0, server.Opens);
        Free = 60_000;
        Assert.IsTrue(IsGoodWithin(31_000));
    }

    [TestMethod]
    public void Outside_a_trial_the_probe_holds_no_buffers()
    {
        ports = new UpdatePorts { Source = server, Crypto = new HostCrypto(), Clock = this };
        _ = new ServerProbe(ports, options, () => true);
        long before = GC.GetAllocatedBytesForCurrentThread();
        _ = new ServerProbe(ports, options, () => true);
        long bytes = GC.GetAllocatedBytesForCurrentThread() - before;
        Assert.IsLessThanOrEqualTo(256, bytes);
    }

    private void Mistake(string what)
    {
        var manifest = TestManifest.For(Release.Image, "1.1.0", 2, TestManifest.SharedKey);
        byte[] page = [.. "<html>Welcome to our hotel's network</html>"u8, .. new byte[Release.Image.Length]];
        switch (what)
        {
            case "an unknown signer": manifest.Key = new TestKey(); break;
            case "another product": manifest.Product = "heater"; break;
            case "another board": manifest.Board = "board-b"; break;
            case "a page in place of the image": server.Put("1.1.0/app.bin", page[..Release.Image.Length]); break;
            case "no image": manifest.ImageLocation = "gone.bin"; break;
            case "a shorter image": server.Put("1.1.0/app.bin", Release.Image[..^1]); break;
        }

        server.Put("manifest.cose", what == "a page in place of the manifest" ? page[..200] : manifest.Sign());
        if (what == "no manifest") server.Remove("manifest.cose");
    }

    private bool IsGoodWithin(int milliseconds)
    {
        for (long end = Milliseconds + milliseconds; Milliseconds < end; Milliseconds += 50)
        {
            var health = probe!.Check();
            Assert.AreNotEqual(Health.Bad, health);
            if (health == Health.Good) return true;
        }

        return false;
    }
}
