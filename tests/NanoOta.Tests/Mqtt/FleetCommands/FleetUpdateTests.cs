using System.Net;
using System.Text.Json;
using Microsoft.AspNetCore.Http;
using NanoOta.Cli;
using NanoOta.Cli.Release;
using NanoOta.Releases;
using NanoOta.Tests.Cli;
using NanoOta.Tests.Releases;

namespace NanoOta.Tests.Mqtt.FleetCommands;

/// <summary>Many whole devices, one broker, one web server, and the operator's commands.</summary>
[TestClass]
[DoNotParallelize]
public sealed class FleetUpdateTests
{
    private const int Devices = 200, SpreadMs = 4000;

    private readonly TemporaryFolder folder = new();
    private int manifests, images, now, peak;

    [TestCleanup]
    public void CleanUp() => folder.Dispose();

    [TestMethod]
    public async Task Two_hundred_devices_update_from_one_announcement_and_watch_shows_each()
    {
        var image = Pack();
        await using var server = await ReleaseServer.StartAsync(folder.File("release"), IPAddress.Loopback, 0, intercept: CountAsync);
        using var broker = new Mosquitto();
        var url = $"mqtt://127.0.0.1:{broker.Port}";
        var devices = Enumerable.Range(0, Devices).Select(i => new WholeDevice(Options(server, $"d-{i:000}"), broker.Port)).ToList();
        try
        {
            var watch = new RunningTool("watch", "--broker", url, "--json", "--until", "confirmed:1.1.0", "--devices", $"{Devices}");
            watch.AwaitOutput("watching");
            devices.ForEach(device => device.PowerOn());
            LinkSetup.Await(() => watch.Json.Count(Has("ver", "1.0.0")) >= Devices, "fleet that runs 1.0.0");
            NanoOtaTool.Run("publish", folder.File("release"), "--trust", folder.File("keys/public.pem"), "--broker", url).MustSucceed();
            (await watch.EndAsync()).MustSucceed();
            int activated = watch.Json.Where(Has("e", "activated")).Select(Device).Distinct().Count();
            Assert.IsGreaterThan(Devices / 2, activated, "the messages of an update before its reset arrive as well");
            Assert.HasCount(Devices, watch.Json.Where(Has("ver", "1.1.0")).Select(Device).Distinct().ToList());
        }
        finally
        {
            devices.ForEach(device => device.PowerOff());
            devices.ForEach(device => device.Dispose());
        }

        Console.WriteLine($"at most {peak} of {Devices} downloads at once, {images} requests for an image");
        Assert.IsTrue(devices.TrueForAll(device => device.Holds(image)));
        Assert.IsLessThan(Devices / 20, manifests, "it was not found by asking the server");
    }

    // Slots of a size that 200 devices can have in memory.
    private string Board()
    {
        Directory.CreateDirectory(folder.File("board"));
        folder.Write("board/partitions.csv", """
            factory,  app,  factory, 0x10000,  0x1D0000,
            deploy_0, data, 0x84,    0x1E0000, 0xC000,
            deploy_1, data, 0x84,    0x1EC000, 0xC000,
            nanoota,  data, 0x40,    0x200000, 0x12000,
            """);
        folder.Write("board/board.json", """
            { "id": "board-a", "name": "small slots", "chip": "esp32", "flashSize": "4MB", "partitions": "partitions.csv" }
            """);
        return folder.File("board");
    }

    private byte[] Pack()
    {
        NanoOtaTool.Run("keygen", "--out", folder.File("keys")).MustSucceed();
        folder.Write("NanoOta.Identity.dll", TestInput.Dll("NanoOta.Identity"));
        folder.Write("App.dll", TestInput.AppDll("NanoOta.Identity"));
        NanoOtaTool.Run("pack", "--board", Board(), "--product", "lamp", "--app", folder.File("App.dll"), "--version", "1.1.0",
            "--key", folder.File("keys/private.pem"), "--out", folder.File("release")).MustSucceed();
        return File.ReadAllBytes(Directory.GetFiles(folder.File("release"), "*.bin").Single());
    }

    private UpdateOptions Options(ReleaseServer server, string id) => new()
    {
        Address = $"http://{server.EndPoint}/",
        Product = "lamp",
        Board = "board-a",
        Chip = "esp32",
        TrustedKeys = [PublicKey.Load(folder.File("keys/public.pem")).Base64],
        DeviceId = id,
        CheckIntervalMs = int.MaxValue, // the first check is drawn from a sixtieth of that, which is hours
        AnnounceSpreadMs = SpreadMs,
        ShortestTrialMs = 300,
        RetryDelayMs = 100,
    };

    private async Task CountAsync(HttpContext context, RequestDelegate next)
    {
        var path = context.Request.Path.Value!;
        if (path.EndsWith("/manifest.cose")) Interlocked.Increment(ref manifests);
        bool isImage = path.EndsWith(".bin");
        if (!isImage)
        {
            await next(context);
            return;
        }

        Interlocked.Increment(ref images);
        int busy = Interlocked.Increment(ref now);
        for (int most = peak; busy > most; most = peak) Interlocked.CompareExchange(ref peak, busy, most);
        await next(context);
        Interlocked.Decrement(ref now);
    }

    private static Func<JsonElement, bool> Has(string field, string value) => line => line.TryGetProperty("message", out var message)
        && message.ValueKind == JsonValueKind.Object && message.TryGetProperty(field, out var found) && found.GetString() == value;

    private static string? Device(JsonElement line) => line.GetProperty("device").GetString();
}
