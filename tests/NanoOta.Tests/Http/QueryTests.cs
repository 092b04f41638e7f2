using NanoOta.Tests.Simulation;
using NanoOta.Tests.Support;

namespace NanoOta.Tests.Http;

/// <summary>A query in the address of an offer goes with every file of its folder, and nowhere else.</summary>
[TestClass]
public sealed class QueryTests
{
    private static readonly SimRelease First = SimRelease.Make("1.0.0", 1, 5);
    private static readonly SimRelease Second = SimRelease.Make("1.1.0", 2, 7);

    [TestMethod]
    [DataRow("http://h/rel", "http://h/rel/manifest.cose")]
    [DataRow("http://h/rel/", "http://h/rel/manifest.cose")]
    [DataRow("http://h/rel/new.cose", "http://h/rel/new.cose")]
    [DataRow("http://h/rel?sig=a%2Fb", "http://h/rel/manifest.cose?sig=a%2Fb")]
    [DataRow("http://h/rel/?sig=a/b&x=1", "http://h/rel/manifest.cose?sig=a/b&x=1")]
    [DataRow("http://h/rel/new.cose?sig=a/b.cose", "http://h/rel/new.cose?sig=a/b.cose")]
    [DataRow("http://h/rel/?for=old.cose", "http://h/rel/manifest.cose?for=old.cose")]
    public void The_name_of_the_manifest_comes_before_the_query(string address, string expected) =>
        Assert.AreEqual(expected, new UpdateOptions { Address = address }.ManifestAddress);

    [TestMethod]
    [DataRow("rel/?sig=a%2Fb&x=y/z")]
    [DataRow("rel?sig=a%2Fb&x=y/z")]
    [DataRow("rel/manifest.cose?sig=a%2Fb&x=y/z")]
    public void Every_file_of_the_folder_is_requested_with_the_query(string offer)
    {
        using var server = new FaultyServer(new()
        {
            ["rel/manifest.cose"] = Second.Manifest,
            ["rel/1.1.0/app.idx"] = TestImage.Index(Second.Image),
            ["rel/1.1.0/app.bin"] = Second.Image,
        });
        List<string> paths = [];
        server.Answer = (request, stream) =>
        {
            paths.Add(request.Path);
            return server.Serve(request, stream);
        };
        Assert.IsTrue(Device(server.Address + offer).RunUntilConfirmed("1.1.0"));
        CollectionAssert.IsSubsetOf(
            new[] { "rel/manifest.cose", "rel/1.1.0/app.idx", "rel/1.1.0/app.bin" }.Select(f => f + "?sig=a%2Fb&x=y/z").ToList(), paths);
        Assert.IsTrue(paths.TrueForAll(p => p.EndsWith("?sig=a%2Fb&x=y/z")));
    }

    [TestMethod]
    public void A_mirror_never_receives_the_query()
    {
        using var mirror = new FaultyServer(new() { ["1.1.0/app.bin"] = Second.Image });
        var manifest = TestManifest.For(Second.Image, "1.1.0", 2, TestManifest.SharedKey);
        manifest.Change = map => map.Add((10L, new object[] { mirror.Address }));
        using var server = new FaultyServer(new() { ["manifest.cose"] = manifest.Sign(), ["1.1.0/app.idx"] = TestImage.Index(Second.Image) });
        List<string> paths = [];
        mirror.Answer = (request, stream) =>
        {
            paths.Add(request.Path);
            return mirror.Serve(request, stream);
        };
        Assert.IsTrue(Device(server.Address + "?sig=x").RunUntilConfirmed("1.1.0"));
        Assert.IsNotEmpty(paths);
        Assert.IsTrue(paths.TrueForAll(p => p == "1.1.0/app.bin"));
    }

    private static SimDevice Device(string address)
    {
        var device = new SimDevice(First) { Address = address };
        device.Know(Second);
        device.Break = ports => ports.Source = new HttpReleaseSource(20_000);
        return device;
    }
}
