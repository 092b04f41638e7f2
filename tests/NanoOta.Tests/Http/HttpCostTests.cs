using NanoOta.Tests.Simulation;
using NanoOta.Tests.Support;

namespace NanoOta.Tests.Http;

/// <summary>A faulty server costs a device a bounded number of bytes and connections, and then an error number is reported.</summary>
[TestClass]
public sealed class HttpCostTests
{
    private const int TimeoutMs = 20_000;

    private const string Image = "1.1.0/app.bin";

    private static readonly SimRelease First = SimRelease.Make("1.0.0", 1, 5);
    private static readonly SimRelease Second = SimRelease.Make("1.1.0", 2, 7);

    private readonly FaultyServer server = new(new()
    {
        ["manifest.cose"] = Second.Manifest,
        ["1.1.0/app.idx"] = TestImage.Index(Second.Image),
        [Image] = Second.Image,
    });

    private readonly SimDevice device = new(First);

    public HttpCostTests()
    {
        device.Know(Second);
        device.Address = server.Address;
        device.Break = ports => ports.Source = new HttpReleaseSource(TimeoutMs);
    }

    [TestCleanup]
    public void Stop() => server.Dispose();

    private void AnswerFor(string file, Func<Request, System.Net.Sockets.NetworkStream, Task> answer) =>
        server.Answer = (request, stream) => request.Path == file ? answer(request, stream) : server.Serve(request, stream);

    [TestMethod]
    public void A_server_that_cuts_each_first_answer_serves_the_file_at_the_second()
    {
        HashSet<string> seen = [];
        server.Answer = (request, stream) =>
        {
            if (!seen.Add(request.Path)) return server.Serve(request, stream);
            var file = server.Files[request.Path];
            return new Exchange(server, request, stream).Part("HTTP/1.1 200 OK\nConnection: close", count: file.Length * 9 / 10);
        };
        Assert.IsTrue(device.RunUntilConfirmed("1.1.0"));
    }

    [TestMethod]
    public void A_server_without_ranges_that_fails_at_40_percent_costs_six_tries_a_check()
    {
        int bytes = 0;
        AnswerFor(Image, async (_, stream) =>
        {
            bytes += Second.Image.Length * 4 / 10;
            await FaultyServer.Send(stream, "200 OK", "text/plain", Second.Image[..(Second.Image.Length * 4 / 10)],
                length: Second.Image.Length);
        });
        Assert.IsTrue(device.RunOneCheck());
        Assert.AreEqual(UpdateError.ConnectionLost, device.LastRefusal);
        Assert.IsLessThan(4 * Second.Image.Length, bytes);
    }

    [TestMethod]
    public void A_damaged_image_costs_a_bounded_number_of_bytes_a_day()
    {
        long bytes = 0;
        AnswerFor(Image, (request, stream) =>
        {
            byte[] damaged = [.. Second.Image.Select(b => (byte)~b)];
            bytes += Second.Image.Length;
            return FaultyServer.Send(stream, "200 OK", "text/plain", damaged);
        });
        int checks = 0;
        Assert.IsTrue(device.RunUntil(() =>
        {
            checks = device.Count(UpdateEventKind.Refused);
            return device.Milliseconds > 86_400_000;
        }));
        Assert.AreEqual(UpdateError.BlockCorrupt, device.LastRefusal);
        Assert.IsInRange(20, 30, checks);
        Assert.IsLessThan(checks * 4L * Second.Image.Length, bytes);
        server.Answer = server.Serve;
        Assert.IsTrue(device.RunUntilConfirmed("1.1.0"));
    }

    [TestMethod]
    public void Two_hundred_open_connections_do_not_disturb_a_long_download()
    {
        var source = new HttpReleaseSource(TimeoutMs);
        AnswerFor("kept", async (request, stream) =>
        {
            await FaultyServer.Send(stream, "200 OK", "text/plain", [1, 2, 3], length: 4);
            await server.Never;
        });
        var other = new HttpReleaseSource(TimeoutMs);
        Assert.AreEqual(UpdateError.None, source.Open(server.Address + Image, 0, Second.Image.Length));
        byte[] image = new byte[Second.Image.Length];
        int filled = 0;
        for (int i = 0; i < 200; i++)
        {
            Assert.AreEqual(UpdateError.None, other.Open(server.Address + "kept", 0, -1));
            filled += source.Read(image, filled, image.Length / 200);
        }

        while (filled < image.Length) filled += source.Read(image, filled, image.Length - filled);
        CollectionAssert.AreEqual(Second.Image, image);
        source.Close();
        other.Close();
    }
}
