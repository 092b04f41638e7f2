using System.Net;
using System.Net.Http.Headers;
using NanoOta.Cli;
using NanoOta.Tests.Releases;

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
    public async Task A_taken_port_is_told_with_the_remedy()
    {
        var port = server.EndPoint.Port.ToString();
        var refused = await Task.Run(() => NanoOtaTool.Run("serve", folder.Path, "--http", port));
        StringAssert.Contains(refused.Refusal, $"port {port}");
        StringAssert.Contains(refused.Refusal, "--http");
    }

    [TestMethod]
    [OSCondition(OperatingSystems.Linux | OperatingSystems.OSX)]
    public async Task Serve_prints_its_address_first_and_ends_well_after_an_interrupt()
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
