using NanoOta.Tests.Simulation;
using NanoOta.Tests.Support;

namespace NanoOta.Tests.Http;

/// <summary>
/// Each behaviour of a server ends in the right bytes or in a number, of one request and of a whole update, and never goes on for ever.
/// Real sockets and the product's source, download and agent; only the waits between two tries are virtual.
/// </summary>
[TestClass]
public sealed class BehaviourTests
{
    // Long, so that a slow machine does not fail a test; short where it is silence that ends in a number.
    private const int TimeoutMs = 20_000, SilenceMs = 100;

    private static readonly SimRelease First = SimRelease.Make("1.0.0", 1, 5);
    private static readonly SimRelease Second = SimRelease.Make("1.1.0", 2, 3);

    private static readonly byte[] File = [.. "NOIX"u8, .. Enumerable.Range(0, 9996).Select(i => (byte)(i * 31 / 7))];

    public static IEnumerable<object[]> Rows => Behaviours.All.Select(b => new object[] { b });

    [TestMethod]
    public void Each_server_behaviour_has_a_unique_name() =>
        Assert.AreEqual(Behaviours.All.Length, Behaviours.All.Select(b => b.Name).Distinct().Count());

    [TestMethod]
    [DynamicData(nameof(Rows))]
    public void A_request_ends_with_the_right_bytes_or_with_an_error_number(object row)
    {
        var behaviour = (Behaviour)row;
        using var server = new FaultyServer(new() { ["file"] = File });
        server.Answer = (request, stream) => behaviour.Answer(new Exchange(server, request, stream));
        var source = Source(behaviour);
        Assert.AreEqual(behaviour.Expected, Fetch(source, server.Address + "file", behaviour.Offset));
        Assert.AreEqual(behaviour.Wait, source.RetryAfterSeconds);
    }

    [TestMethod]
    [DynamicData(nameof(Rows))]
    public void An_update_is_confirmed_or_refused_and_taken_when_the_server_is_repaired(object row)
    {
        var behaviour = (Behaviour)row;
        using var server = new FaultyServer(new()
        {
            ["manifest.cose"] = Second.Manifest,
            ["1.1.0/app.idx"] = TestImage.Index(Second.Image),
            ["1.1.0/app.bin"] = Second.Image,
        });
        server.Answer = (request, stream) => behaviour.Answer(new Exchange(server, request, stream));
        var device = new SimDevice(First) { Address = server.Address };
        device.Know(Second);
        device.Break = ports => ports.Source = Source(behaviour);
        var expected = behaviour.OfUpdate ?? behaviour.Expected;
        if (expected != UpdateError.None)
        {
            Assert.IsTrue(device.RunOneCheck());
            Assert.AreEqual(expected, device.LastRefusal);
            Assert.AreEqual("1.0.0", device.RunningVersion);
            server.Answer = server.Serve;
        }

        Assert.IsTrue(device.RunUntilConfirmed("1.1.0"));
    }

    private static HttpReleaseSource Source(Behaviour behaviour) => new(behaviour.IsSlow ? SilenceMs : TimeoutMs);

    // As the download judges it: a file of known length that ends early was cut.
    private static UpdateError Fetch(HttpReleaseSource source, string address, int offset)
    {
        var error = source.Open(address, offset, File.Length);
        var buffer = new byte[4096];
        int position = source.Position;
        while (error == UpdateError.None && position < File.Length)
        {
            int read = source.Read(buffer, 0, buffer.Length);
            if (read < 0) error = (UpdateError)(-read);
            else if (read == 0) error = UpdateError.ConnectionLost;
            else Assert.IsTrue(buffer.AsSpan(0, read).SequenceEqual(File.AsSpan(position, read)), $"bytes from {position} on");
            position += read;
        }

        if (error == UpdateError.None) Assert.IsLessThanOrEqualTo(0, source.Read(buffer, 0, buffer.Length), "nothing is behind the end");
        source.Close();
        return error;
    }
}
