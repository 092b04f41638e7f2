using NanoOta.Tests.Simulation;
using NanoOta.Tests.Support;

namespace NanoOta.Tests.Http;

/// <summary>
/// Whatever a server does, an update ends in success or in a numbered refusal, never in a hang, and when the server is mended
/// the next check succeeds. Real sockets, the product's HTTP source; only the waiting is virtual.
/// </summary>
[TestClass]
public sealed class HttpFaultTests
{
    // Long, so that a slow machine does not fail a test; short where silence is what is tested.
    private const int TimeoutMs = 20_000, SilenceMs = 400;

    private static readonly SimRelease First = SimRelease.Make("1.0.0", 1, 5);
    private static readonly SimRelease Second = SimRelease.Make("1.1.0", 2, 7);

    private const string Page = "<html><body>Welcome to the hotel</body></html>";

    private const string Manifest = "manifest.cose", Image = "1.1.0/app.bin", Index = "1.1.0/app.idx";

    private readonly FaultyServer server = new(new()
    {
        [Manifest] = Second.Manifest,
        [Index] = TestImage.Index(Second.Image),
        [Image] = Second.Image,
    });

    private readonly SimDevice device = new(First);

    public HttpFaultTests()
    {
        device.Know(Second);
        device.Address = server.Address;
        device.Break = ports => ports.Source = new HttpReleaseSource(TimeoutMs);
    }

    [TestCleanup]
    public void Stop() => server.Dispose();

    private void RefusesAndRecovers(UpdateError expected)
    {
        Assert.IsTrue(device.RunOneCheck());
        Assert.AreEqual(expected, device.LastRefusal);
        Assert.AreEqual("1.0.0", device.RunningVersion);
        server.Answer = server.Serve;
        Assert.IsTrue(device.RunUntilConfirmed("1.1.0"));
    }

    private void AnswerFor(string file, Func<Request, System.Net.Sockets.NetworkStream, Task> answer) =>
        server.Answer = (request, stream) => request.Path == file ? answer(request, stream) : server.Serve(request, stream);

    [TestMethod]
    public void A_good_server_gets_one_request_for_each_file_and_the_first_block()
    {
        Assert.IsTrue(device.RunUntilConfirmed("1.1.0"));
        Assert.AreEqual(4, server.Requests);
    }

    [TestMethod]
    public void A_server_that_ignores_ranges_still_serves_a_resumed_update()
    {
        int drops = 3;
        server.Answer = (request, stream) => request.Path == Image && drops-- > 0
            ? FaultyServer.Send(stream, "200 OK", "application/octet-stream", Second.Image[..9000], length: Second.Image.Length)
            : server.Serve(request with { From = null }, stream);
        Assert.IsTrue(device.RunUntilConfirmed("1.1.0"));
    }

    [TestMethod]
    public void A_server_that_closes_early_again_and_again_serves_the_image_in_the_end()
    {
        AnswerFor(Image, (request, stream) => FaultyServer.Send(stream, request.From == null ? "200 OK" : "206 Partial Content",
            "application/octet-stream", Second.Image[(request.From ?? 0)..Math.Min(Second.Image.Length, (request.From ?? 0) + 5000)],
            request.From == null ? "" : $"Content-Range: bytes {request.From}-{Second.Image.Length - 1}/{Second.Image.Length}\r\n",
            Second.Image.Length - (request.From ?? 0)));
        Assert.IsTrue(device.RunUntilConfirmed("1.1.0"));
    }

    [TestMethod]
    public void A_server_that_closes_before_the_first_byte_is_refused()
    {
        AnswerFor(Image, (_, stream) => FaultyServer.Send(stream, "200 OK", "application/octet-stream", [], length: Second.Image.Length));
        RefusesAndRecovers(UpdateError.ConnectionLost);
    }

    [TestMethod]
    public void A_server_that_hangs_up_at_once_is_refused()
    {
        server.Answer = (_, _) => Task.CompletedTask;
        RefusesAndRecovers(UpdateError.ConnectionLost);
    }

    [TestMethod]
    public void A_port_without_a_listener_is_refused()
    {
        var address = device.Address;
        device.Address = "http://127.0.0.1:9/";
        Assert.IsTrue(device.RunOneCheck());
        Assert.AreEqual(UpdateError.ConnectionRefused, device.LastRefusal);
        device.Address = address;
        device.PowerCycle();
        Assert.IsTrue(device.RunUntilConfirmed("1.1.0"));
    }

    [TestMethod]
    [DataRow(Manifest)]
    [DataRow(Index)]
    [DataRow(Image)]
    public void A_missing_file_is_refused(string file)
    {
        AnswerFor(file, (_, stream) => FaultyServer.Send(stream, "404 Not Found", "text/html", "<html>"u8.ToArray()));
        RefusesAndRecovers(UpdateError.FileNotFound);
    }

    [TestMethod]
    [DataRow("500 Internal Server Error", UpdateError.ServerFailed)]
    [DataRow("503 Service Unavailable", UpdateError.ServerFailed)]
    [DataRow("429 Too Many Requests", UpdateError.ServerFailed)]
    [DataRow("401 Unauthorized", UpdateError.NotAuthorized)]
    [DataRow("403 Forbidden", UpdateError.NotAuthorized)]
    [DataRow("407 Proxy Authentication Required", UpdateError.UnexpectedStatus)]
    [DataRow("204 No Content", UpdateError.UnexpectedStatus)]
    [DataRow("416 Range Not Satisfiable", UpdateError.RangeRefused)]
    public void Other_answers_are_refused_with_a_number_of_their_own(string status, object expected)
    {
        AnswerFor(Image, (_, stream) => FaultyServer.Send(stream, status, "text/plain", []));
        RefusesAndRecovers((UpdateError)expected);
    }

    [TestMethod]
    public void A_server_that_fails_once_is_retried()
    {
        int failures = 2;
        AnswerFor(Image, (request, stream) => failures-- > 0
            ? FaultyServer.Send(stream, "503 Service Unavailable", "text/plain", [])
            : server.Serve(request, stream));
        Assert.IsTrue(device.RunUntilConfirmed("1.1.0"));
        Assert.AreEqual(0, device.Count(UpdateEventKind.Refused));
    }

    [TestMethod]
    public void A_page_instead_of_the_manifest_is_refused()
    {
        AnswerFor(Manifest, (_, stream) => FaultyServer.SendPage(stream, Page));
        RefusesAndRecovers(UpdateError.ManifestNotSigned);
    }

    [TestMethod]
    public void A_page_instead_of_the_image_is_refused_by_its_length()
    {
        AnswerFor(Image, (_, stream) => FaultyServer.SendPage(stream, Page));
        RefusesAndRecovers(UpdateError.WrongLength);
    }

    [TestMethod]
    public void A_page_of_the_right_length_is_refused_by_its_hash()
    {
        AnswerFor(Image, (_, stream) => FaultyServer.SendPage(stream, Page.PadRight(Second.Image.Length)));
        RefusesAndRecovers(UpdateError.BlockCorrupt);
    }

    [TestMethod]
    public void A_server_that_never_answers_is_refused()
    {
        device.Break = ports => ports.Source = new HttpReleaseSource(SilenceMs);
        AnswerFor(Image, async (_, _) => await server.Never);
        RefusesAndRecovers(UpdateError.TimedOut);
    }

    [TestMethod]
    public void A_server_that_stalls_permanently_is_refused()
    {
        device.Break = ports => ports.Source = new HttpReleaseSource(SilenceMs);
        AnswerFor(Image, async (_, stream) =>
        {
            await FaultyServer.Send(stream, "200 OK", "application/octet-stream", Second.Image[..100], length: Second.Image.Length);
            await server.Never;
        });
        RefusesAndRecovers(UpdateError.TimedOut);
    }

    [TestMethod]
    public void A_body_without_a_length_is_read_to_its_end()
    {
        server.Answer = async (request, stream) =>
        {
            await stream.WriteAsync("HTTP/1.1 200 OK\r\nConnection: close\r\n\r\n"u8.ToArray());
            await stream.WriteAsync(server.Files[request.Path]);
        };
        Assert.IsTrue(device.RunUntilConfirmed("1.1.0"));
    }

    [TestMethod]
    public void A_manifest_that_never_ends_is_refused()
    {
        AnswerFor(Manifest, (_, stream) => FaultyServer.Send(stream, "200 OK", "application/octet-stream", new byte[1_000_000]));
        RefusesAndRecovers(UpdateError.ManifestTooLarge);
    }

    [TestMethod]
    [DataRow("ftp://127.0.0.1/")]
    [DataRow("file:///etc/passwd")]
    [DataRow("")]
    public void An_address_of_another_scheme_is_refused(string address)
    {
        device.Address = address;
        Assert.IsTrue(device.RunOneCheck());
        Assert.AreEqual(UpdateError.BadAddress, device.LastRefusal);
    }
}
