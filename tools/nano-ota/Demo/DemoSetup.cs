using System.Net;
using Microsoft.AspNetCore.Http;
using NanoOta.Boards;
using NanoOta.Cli.Device;
using NanoOta.Cli.Fleet;
using NanoOta.Cli.Release;
using NanoOta.Releases;
using NanoOta.VirtualDevice;

namespace NanoOta.Cli.Demo;

/// <summary>What all scenarios share: a folder with a key, a release folder behind a server, and a device.</summary>
internal sealed class DemoSetup : IAsyncDisposable
{
    /// <summary>Product of the demo's releases.</summary>
    public const string Product = "demo";

    private const string BoardName = "lolin-d32-4mb"; // has a battery
    private static readonly TimeSpan TrialWatchdog = TimeSpan.FromSeconds(5);
    private static readonly TimeSpan RunLimit = TimeSpan.FromSeconds(40);

    private readonly CancellationToken stop;
    private ReleaseServer? server;
    private volatile Func<HttpContext, RequestDelegate, Task>? intercept;

    private DemoSetup(string folder, CancellationToken stop)
    {
        Folder = folder;
        this.stop = stop;
        Directory.CreateDirectory(Releases);
        Key.Save(Path.Combine(folder, "private.pem"));
    }

    public string Folder { get; }

    public SigningKey Key { get; } = SigningKey.Generate();

    public Board Board { get; } = Board.Load(BoardName);

    /// <summary>The environment of the device, unless a scenario runs it in another.</summary>
    public DeviceEnvironment Environment { get; private set; } = new("");

    private string Releases => Path.Combine(Folder, "releases");

    private string FlashFile => Path.Combine(Folder, "device.flash");

    public static async Task<DemoSetup> StartAsync(string folder, CancellationToken stop)
    {
        var setup = new DemoSetup(folder, stop);
        setup.server = await ReleaseServer.StartAsync(setup.Releases, IPAddress.Loopback, 0, intercept: (context, next) =>
            setup.intercept is { } intercept ? intercept(context, next) : next(context));
        setup.Environment = new DeviceEnvironment($"http://{setup.server.EndPoint}/");
        return setup;
    }

    /// <summary>The image of one of the demo's apps.</summary>
    public AppImage Build(string app, string version, Board? board = null) =>
        AppPath.Load([Path.Combine(AppContext.BaseDirectory, "apps", app, app + ".dll")],
            AppIdentity.For(board ?? Board, Product, version, [Key.Public])).Image;

    /// <summary>Packs and signs a release, and replaces the one on the server.</summary>
    public AppImage Publish(AppImage image, string version, SigningKey? key = null, Board? board = null,
        Func<ReleaseOrder, ReleaseOrder>? change = null)
    {
        var order = new ReleaseOrder(Product, board ?? Board, version, null, image);
        ReleaseBuilder.Publish(change == null ? order : change(order), key ?? Key, Releases);
        return image;
    }

    public AppImage Publish(string app, string version) => Publish(Build(app, version), version);

    /// <summary>The announcement of the release on the server.</summary>
    public Announcement ReadAnnouncement() => Announcement.Read(Releases);

    /// <summary>Path of an image file on the server.</summary>
    public string FileOf(AppImage image) => Path.Combine(Releases, image.FileName + ".bin");

    /// <summary>Flashes the device by cable.</summary>
    /// <returns>The content of its flash.</returns>
    public byte[] Flash(string app, string version)
    {
        var flash = FlashImage.Create(new ReleaseOrder(Product, Board, version, null, Build(app, version)));
        File.WriteAllBytes(FlashFile, flash);
        return flash;
    }

    /// <summary>Creates a board of another kind.</summary>
    public Board OtherBoard(string id, string table)
    {
        var folder = Directory.CreateDirectory(Path.Combine(Folder, "boards", id + "-" + Path.GetRandomFileName())).FullName;
        File.WriteAllText(Path.Combine(folder, "partitions.csv"), table);
        File.WriteAllText(Path.Combine(folder, "board.json"), $$"""
            { "id": "{{id}}", "name": "{{id}}", "chip": "esp32", "flashSize": "4MB", "partitions": "partitions.csv" }
            """);
        return Board.Load(folder);
    }

    /// <summary>Powers the device until it reaches a goal, then reads its flash.</summary>
    /// <param name="goal">The state to reach.</param>
    /// <param name="environment">Its environment; null = <see cref="Environment"/>.</param>
    /// <param name="onEvent">Receives each event while the device runs; it may cut power or arm the flash.</param>
    /// <param name="mayEnd">A further condition for the end of the run.</param>
    /// <param name="handler">Receives the requests to the server before it serves files.</param>
    public RunResult Run(Goal goal, DeviceEnvironment? environment = null, Action<DeviceEvent, DeviceRun, NorFlash>? onEvent = null,
        Func<bool>? mayEnd = null, Func<HttpContext, RequestDelegate, Task>? handler = null)
    {
        using var flash = NorFlash.Open(FlashFile, Board.FlashSize);
        var trace = new List<DeviceEvent>();
        DeviceRun? run = null;
        run = new DeviceRun(Board, flash, environment ?? Environment, TrialWatchdog)
        {
            OnEvent = e =>
            {
                trace.Add(e);
                onEvent?.Invoke(e, run!, flash);
            },
            MayEnd = mayEnd ?? (() => true),
        };
        intercept = handler;
        using (run)
        {
            bool isReached = run.Run(goal, RunLimit, stop);
            intercept = null;
            return new RunResult(isReached ? run.Reached : null, trace, run.BytesFetched, run.Boots, Read(flash));
        }
    }

    // The boot record chooses the slot; the hash verifies its image.
    private FlashContent? Read(NorFlash flash)
    {
        var record = new BootRecords(flash, FlashMap.Of(Board)).Load() ?? BootRecord.None;
        var slot = FlashImage.Read(Board, flash.Snapshot(), FlashFile).FirstOrDefault(s => s.Slot == record.Chosen);
        return slot == null ? null : new FlashContent(slot.Descriptor.Version, slot.Image != null, record.State);
    }

    public async ValueTask DisposeAsync()
    {
        if (server != null) await server.DisposeAsync();
        Key.Dispose();
    }
}
