using System.Diagnostics;
using NanoOta.Tests.Http;

namespace NanoOta.Tests.Esp32;

/// <summary>Health that comes from the update server, over real sockets.</summary>
[TestClass]
public sealed class ServerHealthTests
{
    // The health asks every two seconds; the rest is for slow machines.
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(30);

    private readonly FaultyServer server = new(new() { ["manifest.cose"] = new byte[100_000] });
    private volatile bool isOnline = true;
    private ServerHealth? health;

    /// <summary>Also ends the thread of the health: it lives until it has an answer.</summary>
    [TestCleanup]
    public void Stop()
    {
        server.Answer = server.Serve;
        isOnline = true;
        if (health != null) Assert.IsTrue(BecomesGood(health));
        server.Dispose();
    }

    [TestMethod]
    public void Nobody_is_asked_before_the_health_is()
    {
        Make();
        Assert.AreEqual(0, server.Requests);
        Assert.AreEqual(Health.Unknown, health!.Check(), "there was no time to ask");
    }

    [TestMethod]
    [DataRow("")]
    [DataRow("manifest.cose")]
    public void Firmware_whose_server_answers_is_healthy(string path)
    {
        Make(path);
        Assert.IsTrue(BecomesGood(health!));
        Assert.AreEqual(Health.Good, health!.Check());
        Assert.AreEqual(1, server.Requests, "one answer is enough");
    }

    [TestMethod]
    [DataRow("404 Not Found")]
    [DataRow("503 Service Unavailable")]
    [DataRow("302 Found")]
    [DataRow("200 OK")]
    public void A_server_without_a_manifest_is_asked_again_and_never_bad(string status)
    {
        server.Answer = (_, stream) => FaultyServer.Send(stream, status, "text/plain", []);
        Make();
        Assert.IsTrue(Within(Patience, () => health!.Check() == Health.Unknown && server.Requests >= 2));
        Assert.AreEqual(Health.Unknown, health!.Check());
        server.Answer = server.Serve;
        Assert.IsTrue(BecomesGood(health!));
    }

    [TestMethod]
    public void A_server_that_keeps_silent_holds_nobody_up()
    {
        server.Answer = (_, _) => server.Never;
        Make();
        health!.Check();
        Assert.IsTrue(Within(Patience, () => server.Requests > 0));
        var watch = Stopwatch.StartNew();
        for (int i = 0; i < 1000; i++) Assert.AreEqual(Health.Unknown, health.Check());
        Assert.IsLessThan(400, watch.ElapsedMilliseconds, "a thousand answers in less than one timeout of the source");
    }

    [TestMethod]
    public void Without_a_network_the_server_is_not_asked()
    {
        int looks = 0;
        isOnline = false;
        health = new ServerHealth(new HttpReleaseSource(500), Options(""), () => Interlocked.Increment(ref looks) > 0 && isOnline);
        Assert.IsTrue(Within(Patience, () => health.Check() == Health.Unknown && Volatile.Read(ref looks) >= 2));
        Assert.AreEqual(0, server.Requests);
    }

    [TestMethod]
    public void A_probe_that_throws_is_no_answer()
    {
        int looks = 0;
        health = new ServerHealth(new HttpReleaseSource(500), Options(""),
            () => Interlocked.Increment(ref looks) > 1 ? true : throw new InvalidOperationException("the network is not up"));
        Assert.IsTrue(BecomesGood(health));
        Assert.AreEqual(2, looks);
    }

    [TestMethod]
    public void Only_the_first_piece_of_the_manifest_is_read_and_the_connection_is_closed_before_the_health_is_good()
    {
        var source = new CountingSource();
        health = new ServerHealth(source, Options(""), () => true);
        Assert.IsTrue(BecomesGood(health));
        Assert.IsTrue(source.IsClosed);
        Assert.AreEqual(256, source.BytesAsked);
    }

    private void Make(string path = "") => health = new ServerHealth(new HttpReleaseSource(500), Options(path), () => isOnline);

    private UpdateOptions Options(string path) => new() { Address = server.Address + path };

    private static bool BecomesGood(ServerHealth health) => Within(Patience, () => health.Check() == Health.Good);

    private static bool Within(TimeSpan time, Func<bool> holds)
    {
        for (var watch = Stopwatch.StartNew(); watch.Elapsed < time; Thread.Sleep(20))
            if (holds()) return true;
        return false;
    }

    private sealed class CountingSource : IReleaseSource
    {
        public int BytesAsked { get; private set; }

        public bool IsClosed { get; private set; } = true;

        public int Position => 0;

        public UpdateError Open(string address, int offset, int length)
        {
            IsClosed = false;
            return UpdateError.None;
        }

        public int Read(byte[] buffer, int start, int count)
        {
            BytesAsked += count;
            return count;
        }

        public void Close() => IsClosed = true;
    }
}
