using NanoOta.Releases;
using NanoOta.Tests.Releases;

namespace NanoOta.Tests.Cli;

[TestClass]
public sealed class RolloutCommandTests
{
    private readonly TemporaryFolder folder = new();

    private string Release => folder.File("release");

    [TestInitialize]
    public void Publish()
    {
        NanoOtaTool.Run("keygen", "--out", folder.File("keys")).MustSucceed();
        folder.Write("NanoOta.Identity.dll", TestInput.Dll("NanoOta.Identity"));
        folder.Write("App.dll", TestInput.AppDll("NanoOta.Identity"));
        Pack().MustSucceed();
    }

    [TestCleanup]
    public void CleanUp() => folder.Dispose();

    private NanoOtaTool Pack(params string[] more) => NanoOtaTool.Run(["pack", "--board", TestInput.BoardName, "--app",
        folder.File("App.dll"), "--version", "1.2.0", "--key", folder.File("keys/private.pem"), "--out", Release, .. more]);

    private NanoOtaTool Rollout(params string[] more) =>
        NanoOtaTool.Run(["rollout", Release, "--key", folder.File("keys/private.pem"), .. more]);

    // As devices read it.
    private Manifest Read()
    {
        var crypto = new HostCrypto();
        var keys = new TrustedKeys([PublicKey.Load(folder.File("keys/public.pem")).Base64], crypto);
        byte[] file = File.ReadAllBytes(Path.Combine(Release, "manifest.cose"));
        Assert.AreEqual(UpdateError.None, new ManifestReader(keys, crypto, runtime: null!).Read(file, file.Length, out var manifest));
        return manifest;
    }

    [TestMethod]
    public void A_published_release_is_widened_limited_and_stopped_and_nothing_else_changes()
    {
        Pack("--wave", "10", "--expires", "30d", "--after", "1.1.0", "--mirror", "https://a.example/x/", "--mirror", "HTTP://b/").MustSucceed();
        var first = Read();
        CollectionAssert.AreEqual(new[] { "https://a.example/x/", "http://b/" }, first.Mirrors);
        Assert.AreEqual(10, first.WavePercent);
        Assert.AreEqual((1L << 32) + (1L << 16), first.LowestSequence);
        CollectionAssert.AreEqual(new[] { "https://a.example/x/", "http://b/" }, first.Mirrors);
        Assert.AreEqual(30 * 86400.0, first.Expires - DateTimeOffset.UtcNow.ToUnixTimeSeconds(), 600);

        var files = Directory.GetFiles(Release, "app-*").ToDictionary(f => f, File.ReadAllBytes);
        Rollout("--wave", "50", "--expires", "2099-01-31").MustSucceed();
        var second = Read();
        Assert.AreEqual(50, second.WavePercent);
        Assert.AreEqual(new DateTimeOffset(2099, 1, 31, 0, 0, 0, TimeSpan.Zero).ToUnixTimeSeconds(), second.Expires);
        CollectionAssert.AreEqual(first.Mirrors, second.Mirrors);
        CollectionAssert.AreEqual(first.App.Digest, second.App.Digest);
        Assert.AreEqual(first.Sequence, second.Sequence);
        foreach (var (file, content) in files) CollectionAssert.AreEqual(content, File.ReadAllBytes(file));

        Assert.AreEqual("stopped", Rollout("--wave", "0", "--mirror", "none", "--expires", "never", "--json").MustSucceed().Json
            .GetProperty("rollout").GetProperty("wave").GetString());
        var last = Read();
        Assert.AreEqual((0, 0L, 0), (last.WavePercent, last.Expires, last.Mirrors.Length));
        NanoOtaTool.Run("verify", Release, "--trust", folder.File("keys/public.pem")).MustSucceed();
    }

    [TestMethod]
    public void Only_the_key_that_signed_a_release_may_change_its_rollout()
    {
        NanoOtaTool.Run("keygen", "--out", folder.File("other")).MustSucceed();
        byte[] before = File.ReadAllBytes(Path.Combine(Release, "manifest.cose"));
        var refusal = NanoOtaTool.Run("rollout", Release, "--wave", "5", "--key", folder.File("other/private.pem")).Refusal;
        StringAssert.Contains(refusal, "not signed by this key");
        CollectionAssert.AreEqual(before, File.ReadAllBytes(Path.Combine(Release, "manifest.cose")));
    }

    [TestMethod]
    [DataRow("101", "--wave")]
    [DataRow("-1", "--wave")]
    [DataRow("2001-01-01", "--expires", "in the past")]
    [DataRow("tomorrow", "--expires", "30d")]
    [DataRow("one", "--after", "Semantic Version")]
    [DataRow("0", "--after", "--after 0 is out of range")]
    [DataRow("0d", "--expires", "--expires '0d' is wrong")]
    [DataRow("0h", "--expires", "--expires '0h' is wrong")]
    [DataRow("99.0.0", "--after", "no device would install")]
    [DataRow("http://a:99999/", "--mirror", "mirror 'http://a:99999/' is wrong")]
    [DataRow("http://a:0/", "--mirror", "mirror 'http://a:0/' is wrong")]
    [DataRow("http://u:p@a/", "--mirror", "--mirror 'http://…@a/' has a user in it")]
    [DataRow("http://a/?x=1/", "--mirror", "mirror 'http://a/?x=1/' is wrong")]
    [DataRow("ftp://a/", "--mirror", "mirror 'ftp://a/'")]
    [DataRow("http://a", "--mirror", "a slash at the end")]
    public void A_wrong_value_is_refused_and_the_release_stays(string value, string option, string reason = "wave")
    {
        byte[] before = File.ReadAllBytes(Path.Combine(Release, "manifest.cose"));
        StringAssert.Contains(Rollout(option, value).Refusal, reason);
        CollectionAssert.AreEqual(before, File.ReadAllBytes(Path.Combine(Release, "manifest.cose")));
    }

    [TestMethod]
    public void Mirrors_and_no_mirrors_together_are_refused() =>
        StringAssert.Contains(Rollout("--mirror", "none", "--mirror", "http://b/").Refusal, "--mirror 'none' removes all mirrors");
}
