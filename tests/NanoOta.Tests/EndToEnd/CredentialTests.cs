using NanoOta.Tests.Cli;
using NanoOta.Tests.Releases;
using NanoOta.Tests.Simulation;
using NanoOta.Tests.Support;

namespace NanoOta.Tests.EndToEnd;

/// <summary>Credentials reach a private server, a real nginx, and no other.</summary>
[TestClass]
public sealed class CredentialTests
{
    private const string Password = "päss wörd";
    private const string Log = "log_format seen '[$http_authorization][$http_x_key][$request]';";

    private static readonly SimRelease First = SimRelease.Make("1.0.0", 1, 5);
    private static readonly SimRelease Second = SimRelease.Make("1.1.0", 2, 7);

    private readonly TemporaryFolder folder = new();

    [TestCleanup]
    public void CleanUp() => folder.Dispose();

    [TestMethod]
    public void A_private_server_accepts_user_and_password()
    {
        using var nginx = Private();
        Assert.AreEqual(UpdateError.None, Open(nginx, HttpCredential.Basic(nginx.Address, "lämp", Password)));
        Assert.AreEqual(UpdateError.NotAuthorized, Open(nginx, HttpCredential.Basic(nginx.Address, "lämp", Password + "!")));
        Assert.AreEqual(UpdateError.NotAuthorized, Open(nginx, null));
    }

    [TestMethod]
    public void A_private_server_accepts_a_header()
    {
        using var nginx = WithKey();
        Assert.AreEqual(UpdateError.None, Open(nginx, new HttpCredential(nginx.Address + "any/path", "X-Key", "a b=")));
        Assert.AreEqual(UpdateError.NotAuthorized, Open(nginx, new HttpCredential(nginx.Address, "X-Key", "a b")));
        Assert.AreEqual(UpdateError.NotAuthorized, Open(nginx, null));
    }

    [TestMethod]
    public void A_mirror_never_receives_the_server_s_credential()
    {
        Directory.CreateDirectory(folder.File("mirror/1.1.0"));
        File.WriteAllBytes(folder.File("mirror/1.1.0/app.bin"), Second.Image);
        using var mirror = Recording("mirror");
        Directory.CreateDirectory(folder.File("files/1.1.0"));
        File.WriteAllBytes(folder.File("files/1.1.0/app.idx"), TestImage.Index(Second.Image));
        var manifest = TestManifest.For(Second.Image, "1.1.0", 2, TestManifest.SharedKey);
        manifest.Change = map => map.Add((10L, new object[] { mirror.Address }));
        File.WriteAllBytes(folder.File("files/manifest.cose"), manifest.Sign());
        using var nginx = WithKey();
        var device = new SimDevice(First) { Address = nginx.Address };
        device.Know(Second);
        device.Break = ports => ports.Source = new HttpReleaseSource(20_000)
        {
            Credential = new HttpCredential(nginx.Address, "X-Key", "a b="),
        };

        Assert.IsTrue(device.RunUntilConfirmed("1.1.0"));
        Assert.Contains("[-][-][GET /1.1.0/app.bin HTTP/1.1]", ReadLog(lines: 1));
        Assert.DoesNotContain("a b=", ReadLog(lines: 1));
    }

    [TestMethod]
    [DataRow("https://127.0.0.1:{port}/", DisplayName = "given for https")]
    [DataRow("http://127.0.0.1:{other}/", DisplayName = "given for another port")]
    [DataRow("http://127.0.0.1/", DisplayName = "given for the default port")]
    [DataRow("http://localhost:{port}/", DisplayName = "given for another name of the host")]
    [DataRow("http://127.0.0.1:{port}@127.0.0.2/", DisplayName = "for another host behind user information that resembles this one")]
    public void A_credential_is_sent_to_its_own_origin_only(string given)
    {
        Directory.CreateDirectory(folder.File("mirror"));
        File.WriteAllText(folder.File("mirror/manifest.cose"), "here");
        using var nginx = Recording("mirror");
        int port = new Uri(nginx.Address).Port;
        var address = given.Replace("{port}", $"{port}").Replace("{other}", $"{port ^ 1}");
        Assert.AreEqual(UpdateError.None, Open(nginx, HttpCredential.Basic(address, "lamp", "secret")));
        Assert.AreEqual("[-][-][GET /manifest.cose HTTP/1.1]\n", ReadLog(lines: 1));
    }

    [TestMethod]
    public void A_credential_that_cannot_be_sent_is_refused_when_it_is_created()
    {
        const string Address = "https://updates.example/";
        (string Name, string Value)[] headers =
        [
            ("", "x"), ("X Key", "x"), ("X-Key:", "x"), ("X-Key\r\n", "x"), ("Schlüssel", "x"), ("X-Key", ""), ("X-Key", " x"),
            ("X-Key", "x "), ("X-Key", "x\r\nHost: y"), ("X-Key", "x\ny"), ("X-Key", "x\0"), ("X-Key", "ü"), ("X-Key", "x\u007f"),
            (null!, "x"), ("X-Key", null!),
            ("Accept", "x"), ("Connection", "x"), ("Content-Length", "1"), ("Expect", "x"), ("host", "x"), ("If-Modified-Since", "x"),
            ("Proxy-Connection", "x"), ("RANGE", "x"), ("Referer", "x"), ("Transfer-Encoding", "x"), ("User-Agent", "x"),
        ];
        foreach (var (name, value) in headers)
            Assert.ThrowsExactly<ArgumentException>(() => new HttpCredential(Address, name, value), $"{name}: {value}");
        foreach (var (user, password) in new[] { ("a:b", "c"), ("a\n", "c"), ("a", "c\r"), ("a", "\0"), (null!, "c"), ("a", null!) })
            Assert.ThrowsExactly<ArgumentException>(() => HttpCredential.Basic(Address, user, password), $"{user}:{password}");
        foreach (var address in new[] { "", "updates.example", "ftp://updates.example/", "/etc/passwd", null! })
            Assert.ThrowsExactly<ArgumentException>(() => HttpCredential.Basic(address, "a", "b"), $"{address}");
    }

    [TestMethod]
    public async Task A_device_updates_from_a_private_server_and_never_prints_the_password()
    {
        await using var setup = new DeveloperSetup().Flash("good", "1.0.0").Pack("good", "1.1.0");
        File.WriteAllText(folder.File("users"), "lamp:{PLAIN}s3cr3t-w0rd\n");
        using var nginx = new Nginx(setup.Releases, $"auth_basic lamps; auth_basic_user_file {folder.File("users")};");
        var refused = NanoOtaTool.Run(setup.DeviceArguments(nginx.Address, "refused"));
        Assert.AreEqual(0, refused.ExitCode, refused.Error);
        Assert.AreEqual((int)UpdateError.NotAuthorized, setup.Last("refused").GetProperty("code").GetInt32());

        var run = NanoOtaTool.Run([.. setup.DeviceArguments(nginx.Address, "confirmed:1.1.0"), "--user", "lamp:s3cr3t-w0rd"]);
        Assert.AreEqual(0, run.ExitCode, run.Error);
        Assert.DoesNotContain("s3cr3t", run.Output + run.Error + File.ReadAllText(setup.EventsFile));
    }

    [TestMethod]
    public async Task Wrong_credentials_on_the_command_line_are_refused_and_not_printed()
    {
        await using var setup = new DeveloperSetup().Flash("good", "1.0.0");
        string Refusal(params string[] more) => NanoOtaTool.Run([.. setup.DeviceArguments("http://127.0.0.1:9/", "idle"), .. more]).Refusal;
        File.WriteAllText(setup.FileOf("no.pem"), "no certificate");
        string[] refusals =
        [
            Refusal("--user", "s3cr3t"), Refusal("--user", "lamp:s3cr3t\n"), Refusal("--header", "s3cr3t"), Refusal("--header", "X-Key:"),
            Refusal("--header", "Range: s3cr3t"), Refusal("--header", "X-Key: s3cr3t", "--user", "lamp:s3cr3t"),
        ];
        foreach (var refusal in refusals)
        {
            StringAssert.Contains(refusal, "give ");
            Assert.DoesNotContain("s3cr3t", refusal);
        }

        foreach (var (name, option) in new[] { ("NANO_OTA_USER", "--user"), ("NANO_OTA_HEADER", "--header") })
        {
            using var process = NanoOtaTool.Start(folder.Path, setup.DeviceArguments("http://127.0.0.1:9/", "idle"), (name, "s3cr3t"));
            var error = await process.StandardError.ReadToEndAsync();
            await process.WaitForExitAsync();
            Assert.AreEqual($"nano-ota: {option} has no colon; give {(option == "--user" ? "NAME:PASSWORD" : "'NAME: VALUE'")}", error.Trim());
        }

        StringAssert.Contains(Refusal("--ca", setup.FileOf("no.pem")), "no.pem: no certificate in PEM form; give a PEM file");
        StringAssert.Contains(Refusal("--ca", setup.FileOf("nowhere.pem")), "no such file for --ca");
    }

    private Nginx Private()
    {
        Directory.CreateDirectory(folder.File("files"));
        File.WriteAllText(folder.File("files/manifest.cose"), "here");
        folder.Write("users", $"lämp:{{PLAIN}}{Password}\n");
        return new Nginx(folder.File("files"), $"auth_basic lamps; auth_basic_user_file {folder.File("users")};");
    }

    private Nginx WithKey()
    {
        Directory.CreateDirectory(folder.File("files"));
        if (!File.Exists(folder.File("files/manifest.cose"))) File.WriteAllText(folder.File("files/manifest.cose"), "here");
        return new Nginx(folder.File("files"), "if ($is_known = 0) { return 403; }",
            around: "map $http_x_key $is_known { default 0; 'a b=' 1; }");
    }

    private Nginx Recording(string root) => new(folder.File(root), $"access_log {folder.File("seen.log")} seen;", around: Log);

    // nginx writes a line after the answer.
    private string ReadLog(int lines)
    {
        for (int i = 0; i < 100 && File.ReadAllLines(folder.File("seen.log")).Length < lines; i++) Thread.Sleep(50);
        return File.ReadAllText(folder.File("seen.log"));
    }

    private static UpdateError Open(Nginx nginx, HttpCredential? credential)
    {
        var source = new HttpReleaseSource(20_000) { Credential = credential };
        var error = source.Open(nginx.Address + "manifest.cose", 0, -1);
        source.Close();
        return error;
    }
}
