using NanoOta.Tests.Cli;

namespace NanoOta.Tests.EndToEnd;

/// <summary>A release folder needs nothing but a static web server.</summary>
[TestClass]
public sealed class NginxTests
{
    [TestMethod]
    public async Task A_device_updates_from_nginx()
    {
        await using var setup = new DeveloperSetup().Flash("good", "1.0.0").Pack("good", "1.1.0");
        using var nginx = new Nginx(setup.Releases);
        Assert.AreEqual(0, (await setup.RunDeviceAsync("confirmed:1.1.0", nginx.Address)).ExitCode);
    }

    [TestMethod]
    public async Task A_device_updates_from_an_nginx_that_lacks_ranges_and_compresses()
    {
        await using var setup = new DeveloperSetup().Flash("good", "1.0.0").PackByDefault("good", "1.1.0");
        using var nginx = new Nginx(setup.Releases, "max_ranges 0; gzip on; gzip_types *;");
        Assert.AreEqual(0, (await setup.RunDeviceAsync("confirmed:1.1.0", nginx.Address)).ExitCode);
    }

    [TestMethod]
    public async Task A_download_resumes_after_nginx_returns()
    {
        await using var setup = new DeveloperSetup().Flash("good", "1.0.0").PackByDefault("good", "1.1.0");
        using var nginx = new Nginx(setup.Releases, "location ~ pack$ { limit_rate 10k; }");
        var device = Task.Run(() => NanoOtaTool.Run(setup.DeviceArguments(nginx.Address, "confirmed:1.1.0")));
        for (int i = 0; i < 200 && !HasProgress(setup); i++) await Task.Delay(50);
        nginx.Kill();
        await Task.Delay(300);
        nginx.Start();
        Assert.AreEqual(0, (await device).ExitCode);
        var staged = setup.Last("staged");
        Assert.IsLessThanOrEqualTo(staged.GetProperty("packed").GetInt32() + PackedModel.MaxCode, staged.GetProperty("bytes").GetInt32());
        Assert.Contains("error", setup.Story());
    }

    private static bool HasProgress(DeveloperSetup setup)
    {
        if (!File.Exists(setup.EventsFile)) return false;
        using var reader = new StreamReader(File.Open(setup.EventsFile, FileMode.Open, FileAccess.Read, FileShare.ReadWrite));
        return reader.ReadToEnd().Contains("\"progress\"");
    }
}
