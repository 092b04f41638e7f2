using System.Net;
using System.Net.Http.Headers;
using NanoOta.Cli;
using NanoOta.Cli.Release;
using NanoOta.Tests.Releases;
using static NanoOta.Tests.Support.FileSystemCalls;

namespace NanoOta.Tests.Cli;

[TestClass]
public sealed class ReleaseServerTests
{
    private static readonly byte[] Content = [.. Enumerable.Range(0, 10_000).Select(i => (byte)(i * 7))];

    private readonly TemporaryFolder folder = new();
    private readonly HttpClient http = new();
    private readonly List<string> log = [];
    private ReleaseServer server = null!;

    [TestInitialize]
    public async Task Start()
    {
        folder.Write("app.idx", Content);
        server = await ReleaseServer.StartAsync(folder.Path, IPAddress.Loopback, 0, log.Add);
        http.BaseAddress = new Uri($"http://{server.EndPoint}/");
    }

    [TestCleanup]
    public async Task Stop()
    {
        http.Dispose();
        await server.DisposeAsync();
        folder.Dispose();
    }

    [TestMethod]
    public async Task A_whole_file_comes_as_bytes_with_length_and_etag()
    {
        var response = await http.GetAsync("app.idx");

        Assert.AreEqual(HttpStatusCode.OK, response.StatusCode);
        CollectionAssert.AreEqual(Content, await response.Content.ReadAsByteArrayAsync());
        Assert.AreEqual(Content.Length, response.Content.Headers.ContentLength);
        Assert.AreEqual("application/octet-stream", response.Content.Headers.ContentType!.MediaType);
        Assert.AreEqual("bytes", response.Headers.AcceptRanges.Single());
        Assert.IsFalse(response.Headers.ETag!.IsWeak);
    }

    [TestMethod]
    public async Task A_range_comes_as_partial_content()
    {
        var response = await GetRange(4096, null);

        Assert.AreEqual(HttpStatusCode.PartialContent, response.StatusCode);
        CollectionAssert.AreEqual(Content[4096..], await response.Content.ReadAsByteArrayAsync());
        Assert.AreEqual("bytes 4096-9999/10000", response.Content.Headers.ContentRange!.ToString());
        Assert.AreEqual(HttpStatusCode.RequestedRangeNotSatisfiable, (await GetRange(10_000, null)).StatusCode);
    }

    [TestMethod]
    public async Task If_range_gives_the_range_only_of_the_same_file()
    {
        var tag = (await http.GetAsync("app.idx")).Headers.ETag!;
        Assert.AreEqual(HttpStatusCode.PartialContent, (await GetRange(5, tag)).StatusCode);

        folder.Write("app.idx", Content[..9000]);
        var changed = await GetRange(5, tag);
        Assert.AreEqual(HttpStatusCode.OK, changed.StatusCode);
        Assert.AreEqual(9000, changed.Content.Headers.ContentLength);
    }

    [TestMethod]
    public async Task Nothing_is_listed_and_nothing_outside_is_served()
    {
        Assert.AreEqual(HttpStatusCode.NotFound, (await http.GetAsync("")).StatusCode);
        Assert.AreEqual(HttpStatusCode.NotFound, (await http.GetAsync("gone.bin")).StatusCode);
        Assert.AreEqual(HttpStatusCode.NotFound, (await http.GetAsync("%2e%2e/etc/passwd")).StatusCode);
        Assert.AreEqual(HttpStatusCode.NotFound, (await http.GetAsync("..%2f..%2fetc%2fpasswd")).StatusCode);
    }

    [TestMethod]
    [DataRow("private.pem", "private.pem")]
    [DataRow("private.pem.new", "private.pem.new")]
    [DataRow("KEY.PEM", "KEY.PEM")]
    [DataRow("private.pem", "private%2Epem")]
    public async Task A_key_in_the_folder_is_not_served(string file, string path)
    {
        folder.Write(file, Content);
        Assert.AreEqual(HttpStatusCode.NotFound, (await http.GetAsync(path)).StatusCode);
    }

    [TestMethod]
    public async Task Requests_are_logged_one_line_each()
    {
        await http.GetAsync("gone.bin");
        Assert.AreEqual("GET /gone.bin → 404, 0 bytes", log.Single());
    }

    [TestMethod]
    [OSCondition(OperatingSystems.Linux | OperatingSystems.OSX)]
    public async Task A_release_behind_links_comes_whole_and_in_ranges()
    {
        using var store = new TemporaryFolder();
        File.CreateSymbolicLink(folder.File("linked.idx"), store.Write("content-of-some-release", Content));
        Directory.CreateSymbolicLink(folder.File("latest"), store.Path);

        foreach (var path in new[] { "linked.idx", "latest/content-of-some-release" })
        {
            var response = await http.GetAsync(path);
            Assert.AreEqual(Content.Length, response.Content.Headers.ContentLength, path);
            CollectionAssert.AreEqual(Content, await response.Content.ReadAsByteArrayAsync(), path);
        }

        var request = new HttpRequestMessage(HttpMethod.Get, "linked.idx") { Headers = { Range = new RangeHeaderValue(9000, null) } };
        CollectionAssert.AreEqual(Content[9000..], await (await http.SendAsync(request)).Content.ReadAsByteArrayAsync());
        folder.Write("private.pem", Content);
        File.CreateSymbolicLink(folder.File("key.txt"), folder.File("private.pem"));
        File.CreateSymbolicLink(folder.File("loop"), folder.File("loop"));
        File.CreateSymbolicLink(folder.File("gone"), store.File("nothing"));
        foreach (var path in new[] { "key.txt", "loop", "gone" })
            Assert.AreEqual(HttpStatusCode.NotFound, (await http.GetAsync(path)).StatusCode, path);
    }

    [TestMethod]
    [OSCondition(OperatingSystems.Linux | OperatingSystems.OSX)]
    public async Task Anything_but_a_file_with_content_is_answered_as_not_found()
    {
        folder.Write("app.bin.new", Content);
        folder.Write("empty.bin", []);
        Directory.CreateDirectory(folder.File("sub"));
        File.CreateSymbolicLink(folder.File("zero.bin"), "/dev/zero");
        MakePipe(folder.File("pipe.bin"));
        foreach (var path in new[] { "app.bin.new", "empty.bin", "sub", "sub/", "zero.bin", "pipe.bin" })
            Assert.AreEqual(HttpStatusCode.NotFound, (await http.GetAsync(path)).StatusCode, path);
    }

    [TestMethod]
    [DataRow("GET /app.idx/ HTTP/1.1", "404")]
    [DataRow("GET /app.idx/. HTTP/1.1", "404|200")]
    [DataRow("GET /app.idx%2F HTTP/1.1", "404")]
    [DataRow("GET //app.idx HTTP/1.1", "404|200")]
    [DataRow("GET /%2e%2e%2f%2e%2e%2fetc%2fpasswd HTTP/1.1", "404")]
    [DataRow("GET /..%5c..%5cetc%5cpasswd HTTP/1.1", "404")]
    [DataRow("GET /../../etc/passwd HTTP/1.1", "404|400")]
    [DataRow("GET /app.idx%00 HTTP/1.1", "404|400")]
    [DataRow("GET /%ff%fe HTTP/1.1", "404|400")]
    [DataRow("GET /%1b%5b2J HTTP/1.1", "404")]
    [DataRow("GET /{5000} HTTP/1.1", "404")]
    [DataRow("GET /{300}/{300} HTTP/1.1", "404")]
    [DataRow("GET /{50000} HTTP/1.1", "414|400")]
    [DataRow("GET * HTTP/1.1", "405|400")]
    [DataRow("HEAD /app.idx HTTP/1.1", "200")]
    [DataRow("HEAD /app.idx/ HTTP/1.1", "404")]
    [DataRow("OPTIONS * HTTP/1.1", "404")]
    [DataRow("PUT /app.idx HTTP/1.1", "404|405")]
    [DataRow("GET /app.idx HTTP/9.9", "505|400")]
    [DataRow("nonsense", "400")]
    [DataRow("GET /app.idx HTTP/1.1\r\nRange: bytes=abc", "200")]
    [DataRow("GET /app.idx HTTP/1.1\r\nRange: bytes=5-2", "200|416")]
    [DataRow("GET /app.idx HTTP/1.1\r\nRange: bytes=-0", "200|416")]
    [DataRow("GET /app.idx HTTP/1.1\r\nRange: bytes=-20000", "206")]
    [DataRow("GET /app.idx HTTP/1.1\r\nRange: bytes=0-99999999999999999999999", "200|206")]
    [DataRow("GET /app.idx HTTP/1.1\r\nRange: bytes=0-1,5-6,8-", "200|206")]
    [DataRow("GET /app.idx HTTP/1.1\r\nRange: lines=1-2", "200")]
    [DataRow("GET /app.idx HTTP/1.1\r\nIf-Range: nonsense\r\nRange: bytes=5-", "200|206")]
    [DataRow("GET /app.idx HTTP/1.1\r\nIf-Modified-Since: nonsense", "200")]
    public async Task A_hostile_request_is_answered_with_the_expected_error_status(string request, string expected)
    {
        request = System.Text.RegularExpressions.Regex.Replace(request, @"\{(\d+)\}", count => new string('x', int.Parse(count.Groups[1].Value)));
        using var client = new System.Net.Sockets.TcpClient();
        await client.ConnectAsync(server.EndPoint);
        await client.GetStream().WriteAsync(System.Text.Encoding.Latin1.GetBytes(request + "\r\nHost: h\r\nConnection: close\r\n\r\n"));
        using var reader = new StreamReader(client.GetStream(), System.Text.Encoding.Latin1);
        var status = (await reader.ReadLineAsync() ?? "").Split(' ').ElementAtOrDefault(1) ?? "none";
        CollectionAssert.Contains(expected.Split('|'), status, request[..Math.Min(80, request.Length)]);
        Assert.IsFalse(log.Any(line => line.Any(char.IsControl)), "a path moves no cursor");
    }

    [TestMethod]
    public async Task A_port_in_use_is_reported_with_the_remedy()
    {
        var port = server.EndPoint.Port.ToString();
        var refused = await Task.Run(() => NanoOtaTool.Run("serve", folder.Path, "--http", port));
        StringAssert.Contains(refused.Refusal, $"port {port}");
        StringAssert.Contains(refused.Refusal, "--http");
    }

    [TestMethod]
    [OSCondition(OperatingSystems.Linux | OperatingSystems.OSX)]
    public async Task Serve_prints_its_address_first_and_ends_cleanly_after_an_interrupt()
    {
        using var serve = NanoOtaTool.Start(folder.Path, "serve", ".", "--http", "0", "--verbose");
        try
        {
            var address = await serve.StandardOutput.ReadLineAsync();
            StringAssert.Matches(address, new("^http://127\\.0\\.0\\.1:[0-9]+/$"));
            CollectionAssert.AreEqual(Content, await http.GetByteArrayAsync(new Uri(new Uri(address!), "app.idx")));
            StringAssert.StartsWith(await serve.StandardOutput.ReadLineAsync(), "GET /app.idx ");

            NanoOtaTool.Interrupt(serve);
            await serve.WaitForExitAsync();
            Assert.AreEqual(0, serve.ExitCode, await serve.StandardError.ReadToEndAsync());
        }
        finally
        {
            if (!serve.HasExited) serve.Kill();
        }
    }

    private async Task<HttpResponseMessage> GetRange(long from, EntityTagHeaderValue? ifRange)
    {
        var request = new HttpRequestMessage(HttpMethod.Get, "app.idx");
        request.Headers.Range = new RangeHeaderValue(from, null);
        if (ifRange != null) request.Headers.IfRange = new RangeConditionHeaderValue(ifRange);
        return await http.SendAsync(request);
    }
}
