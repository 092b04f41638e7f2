using NanoOta.Tests.Cli;

namespace NanoOta.Tests.EndToEnd;

/// <summary>A release folder needs nothing but a static web server.</summary>
[TestClass]
public sealed class NginxTests
{
    [TestMethod]
    public async Task A_device_updates_from_nginx()
    {
        await using var setup = new Desk().Flash("good", "1.0.0").Pack("good", "1.1.0");
        using var nginx = new Nginx(setup.Releases);
        Assert.AreEqual(0, (await setup.RunDeviceAsync("confirmed:1.1.0", nginx.Address)).ExitCode);
    }

    [TestMethod]
    public async Task A_device_updates_from_nginx_that_does_not_know_ranges_and_compresses()
    {
        await using var setup = new Desk().Flash("good", "1.0.0").Pack("good", "1.1.0");
        using var nginx = new Nginx(setup.Releases, "max_ranges 0; gzip on; gzip_types *;");
        Assert.AreEqual(0, (await setup.RunDeviceAsync("confirmed:1.1.0", nginx.Address)).ExitCode);
    }

    [TestMethod]
    public async Task A_device_goes_on_where_it_was_when_nginx_comes_back()
    {
        await using var setup = new Desk().Flash("good", "1.0.0").Pack("good", "1.1.0");
        using var nginx = new Nginx(setup.Releases, "location ~ bin$ { limit_rate 30k; }");
        var device = Task.Run(() => NanoOtaTool.Run(setup.DeviceArguments(nginx.Address, "confirmed:1.1.0")));
        for (int i = 0; i < 200 && !HasProgress(setup); i++) await Task.Delay(50);
        nginx.Kill();
        await Task.Delay(300);
        nginx.Start();
        Assert.AreEqual(0, (await device).ExitCode);
        var staged = setup.Last("staged");
        Assert.IsLessThanOrEqualTo(staged.GetProperty("size").GetInt32() + BlockIndex.BlockSize, staged.GetProperty("bytes").GetInt32());
        Assert.Contains("error", setup.Story());
    }

    private static bool HasProgress(Desk setup)
    {
        if (!File.Exists(setup.EventsFile)) return false;
        using var reader = new StreamReader(File.Open(setup.EventsFile, FileMode.Open, FileAccess.Read, FileShare.ReadWrite));
        return reader.ReadToEnd().Contains("\"progress\"");
    }
}
