using NanoOta.Tests.EndToEnd;
using NanoOta.Tests.Releases;
using NanoOta.Tests.Simulation;
using NanoOta.Tests.Support;

namespace NanoOta.Tests.Http;

/// <summary>Files of a release that lie where a redirect leads, as those of release hosts and of storages do.</summary>
[TestClass]
public sealed class RedirectTests
{
    private const string Manifest = "manifest.cose", Image = "1.1.0/app.bin";

    private static readonly SimRelease First = SimRelease.Make("1.0.0", 1, 5);
    private static readonly SimRelease Second = SimRelease.Make("1.1.0", 2, 7);

    private readonly FaultyServer host = new([]), storage = new(new()
    {
        [Manifest] = Second.Manifest,
        ["1.1.0/app.idx"] = TestImage.Index(Second.Image),
        [Image] = Second.Image,
    });

    private readonly List<string> asked = [];
    private int signature = 1;

    public RedirectTests()
    {
        host.Answer = (request, stream) =>
        {
            asked.Add("host");
            return new Exchange(host, request, stream).Redirect("302 Found", $"{storage.Address}{request.Path}?sig={signature}%2Fb&x=1");
        };
        storage.Answer = (request, stream) =>
        {
            asked.Add("storage " + request.Path.Split("?sig=")[1]);
            return request.Path.EndsWith($"?sig={signature}%2Fb&x=1") ? storage.Serve(request, stream)
                : FaultyServer.Send(stream, "403 Forbidden", "text/plain", []);
        };
    }

    [TestCleanup]
    public void Stop()
    {
        host.Dispose();
        storage.Dispose();
    }

    [TestMethod]
    public void A_release_whose_host_redirects_to_a_signed_storage_is_confirmed()
    {
        Assert.IsTrue(Device().RunUntilConfirmed("1.1.0"));
        Assert.AreEqual(host.Requests, storage.Requests);
    }

    [TestMethod]
    public void The_rest_of_a_file_is_requested_where_its_beginning_came_from()
    {
        var source = new HttpReleaseSource();
        Assert.AreEqual(UpdateError.None, source.Open(host.Address + Image, 0, Second.Image.Length));
        Assert.AreEqual(UpdateError.None, source.Open(host.Address + Image, 5000, Second.Image.Length));
        Assert.AreEqual(5000, source.Position);
        CollectionAssert.AreEqual(new[] { "host", "storage 1%2Fb&x=1", "storage 1%2Fb&x=1" }, asked);

        Assert.AreEqual(UpdateError.None, source.Open(host.Address + Image, 0, Second.Image.Length));
        Assert.AreEqual("host", asked[3], "a file that begins anew is looked for anew");
        source.Close();
    }

    [TestMethod]
    public void A_signature_that_has_expired_leads_back_to_the_first_address()
    {
        var source = new HttpReleaseSource();
        Assert.AreEqual(UpdateError.None, source.Open(host.Address + Image, 0, Second.Image.Length));
        signature = 2;
        asked.Clear();
        Assert.AreEqual(UpdateError.None, source.Open(host.Address + Image, 5000, Second.Image.Length));
        CollectionAssert.AreEqual(new[] { "storage 1%2Fb&x=1", "host", "storage 2%2Fb&x=1" }, asked);
        source.Close();
    }

    [TestMethod]
    public void A_storage_that_is_gone_leads_back_to_the_first_address_at_the_next_try()
    {
        var source = new HttpReleaseSource();
        Assert.AreEqual(UpdateError.None, source.Open(host.Address + Image, 0, Second.Image.Length));
        storage.Dispose();
        Assert.AreEqual(UpdateError.ConnectionRefused, source.Open(host.Address + Image, 5000, Second.Image.Length));
        host.Files[Image] = Second.Image;
        host.Answer = host.Serve;
        Assert.AreEqual(UpdateError.None, source.Open(host.Address + Image, 5000, Second.Image.Length));
        source.Close();
    }

    [TestMethod]
    public void A_credential_is_sent_to_its_origin_and_not_to_a_redirect_target()
    {
        List<string> atHost = [], atStorage = [];
        var redirect = host.Answer;
        host.Answer = (request, stream) =>
        {
            atHost.AddRange(request.Headers);
            return redirect(request, stream);
        };
        var serve = storage.Answer;
        storage.Answer = (request, stream) =>
        {
            atStorage.AddRange(request.Headers);
            return serve(request, stream);
        };
        var source = new HttpReleaseSource { Credential = new HttpCredential(host.Address, "X-Key", "s3cr3t") };
        Assert.AreEqual(UpdateError.None, source.Open(host.Address + Manifest, 0, -1));
        CollectionAssert.Contains(atHost, "X-Key: s3cr3t");
        Assert.IsNotEmpty(atStorage);
        Assert.IsFalse(atStorage.Exists(h => h.Contains("s3cr3t")));
        source.Close();
    }

    [TestMethod]
    public void Http_leads_to_https_and_https_never_to_http()
    {
        using var authority = new TestAuthority();
        using var secure = new TlsServer(authority.Server());
        host.Answer = (request, stream) => new Exchange(host, request, stream).Redirect("301 Moved Permanently", secure.Address + "x");
        var source = new HttpReleaseSource { CaCertificate = authority.Pem };
        Assert.AreEqual(UpdateError.None, source.Open(host.Address + Manifest, 0, -1));
        source.Close();

        int before = storage.Requests;
        using var down = new TlsServer(authority.Server(),
            $"HTTP/1.1 302 Found\r\nLocation: {storage.Address}x\r\nContent-Length: 0\r\n\r\n");
        Assert.AreEqual(UpdateError.Redirected, source.Open(down.Address + Manifest, 0, -1));
        Assert.AreEqual(before, storage.Requests);
    }

    [TestMethod]
    public void A_real_nginx_that_redirects_with_a_query_is_followed()
    {
        using var folder = new TemporaryFolder();
        Directory.CreateDirectory(folder.File("1.1.0"));
        foreach (var (name, content) in storage.Files) File.WriteAllBytes(folder.File(name), content);
        using var target = new Nginx(folder.Path, "if ($arg_sig != 'a/b') { return 403; }");
        using var nginx = new Nginx(folder.Path, $"return 302 {target.Address[..^1]}$uri?sig=a/b;");
        Assert.IsTrue(Device(nginx.Address).RunUntilConfirmed("1.1.0"));
    }

    private SimDevice Device(string? address = null)
    {
        var device = new SimDevice(First) { Address = address ?? host.Address };
        device.Know(Second);
        device.Break = ports => ports.Source = new HttpReleaseSource(20_000);
        return device;
    }
}
