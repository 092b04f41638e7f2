using System.Diagnostics.CodeAnalysis;
using System.Net;
using Microsoft.AspNetCore.Http;
using NanoOta.Boards;
using NanoOta.Cli.Device;
using NanoOta.Cli.Fleet;
using NanoOta.Cli.Release;
using NanoOta.Releases;

namespace NanoOta.Cli.Scenarios;

/// <summary>What scenarios work with: one device, and a release folder behind a server of its own.</summary>
internal sealed class Bench : IAsyncDisposable
{
    private const int RetryAfterSeconds = 1;

    private readonly CancellationToken stop;
    private ReleaseServer? server;
    private volatile Func<HttpContext, RequestDelegate, Task> intercept = Closed;

    private Bench(IDeviceUnderTest device, string folder, CancellationToken stop)
    {
        Device = device;
        Folder = folder;
        this.stop = stop;
        Directory.CreateDirectory(Releases);
    }

    public IDeviceUnderTest Device { get; }

    public string Folder { get; }

    public SigningKey Key => Device.Key;

    public Board Board => Device.Board;

    public string Product => Device.Product;

    /// <summary>The environment of the device, unless a scenario runs it in another.</summary>
    public DeviceEnvironment Environment { get; private set; } = new("");

    private string Releases => Path.Combine(Folder, "releases");

    /// <summary>Starts the server for a device.</summary>
    /// <param name="device">The device; the caller disposes it.</param>
    /// <param name="folder">An existing folder for releases and boards.</param>
    /// <param name="stop">Ends a run early.</param>
    /// <exception cref="ReleaseException">The address of the server is not available.</exception>
    public static async Task<Bench> StartAsync(IDeviceUnderTest device, string folder, CancellationToken stop)
    {
        var bench = new Bench(device, folder, stop);
        bench.server = await ReleaseServer.StartAsync(bench.Releases, device.Listen.Address, device.Listen.Port,
            intercept: (context, next) => bench.intercept(context, next));
        bench.Environment = new DeviceEnvironment(device.AddressOf(bench.server.EndPoint));
        return bench;
    }

    /// <summary>The image of an app of the scenarios.</summary>
    /// <exception cref="PreconditionException">There is none for this device.</exception>
    public AppImage Build(string app, string version, Board? board = null) => Device.Build(app, version, board ?? Board);

    /// <summary>Packs and signs a release, and replaces the one on the server.</summary>
    [return: NotNullIfNotNull(nameof(image))]
    public AppImage? Publish(AppImage? image, string version, SigningKey? key = null, Board? board = null,
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
    /// <returns>What was flashed.</returns>
    public ReleaseOrder Flash(string app, string version, Func<ReleaseOrder, ReleaseOrder>? change = null)
    {
        var firmware = new ReleaseOrder(Product, Board, version, null, Build(app, version));
        if (change != null) firmware = change(firmware);
        Device.Flash(firmware);
        return firmware;
    }

    /// <summary>Creates a board of another kind, with the chip of this one and app slots of a size.</summary>
    public Board OtherBoard(string id, int slotSize)
    {
        const int Slots = 0x200000;
        var folder = Directory.CreateDirectory(Path.Combine(Folder, "boards", id + "-" + Path.GetRandomFileName())).FullName;
        File.WriteAllText(Path.Combine(folder, "partitions.csv"), $"""
            factory,  app,  factory, 0x10000,  0x1D0000,
            deploy_0, data, 0x84,    0x{Slots:X}, 0x{slotSize:X},
            deploy_1, data, 0x84,    0x{Slots + slotSize:X}, 0x{slotSize:X},
            nanoota,  data, 0x40,    0x{Slots + 2 * slotSize:X}, 0x80000,
            """);
        File.WriteAllText(Path.Combine(folder, "board.json"), $$"""
            { "id": "{{id}}", "name": "{{id}}", "chip": "{{Board.Chip.Name}}", "flashSize": "16MB", "partitions": "partitions.csv" }
            """);
        return Board.Load(folder);
    }

    /// <summary>Runs the device until it reaches a goal, then reads what it boots.</summary>
    /// <param name="goal">The state to reach.</param>
    /// <param name="environment">Its environment; null = <see cref="Environment"/>.</param>
    /// <param name="onEvent">Receives each event while the device runs.</param>
    /// <param name="mayEnd">A further condition for the end of the run.</param>
    /// <param name="handler">Receives the requests to the server before it serves files.</param>
    public RunResult Run(Goal goal, DeviceEnvironment? environment = null, Action<DeviceEvent, IDeviceControl>? onEvent = null,
        Func<bool>? mayEnd = null, Func<HttpContext, RequestDelegate, Task>? handler = null)
    {
        var trace = new List<DeviceEvent>();
        intercept = handler ?? Open;
        try
        {
            var end = Device.Run(new RunOrder(goal, environment ?? Environment, environment != null, (e, device) =>
            {
                trace.Add(e);
                onEvent?.Invoke(e, device);
            }, mayEnd ?? (() => true)), stop);
            intercept = Open;
            return RunResult.Of(end, trace, Device.ReadFirmware(stop));
        }
        finally
        {
            intercept = Closed;
        }
    }

    /// <summary>Serves the release to others than the device.</summary>
    public T Serve<T>(Func<T> action)
    {
        intercept = Open;
        try
        {
            return action();
        }
        finally
        {
            intercept = Closed;
        }
    }

    public async ValueTask DisposeAsync()
    {
        if (server != null) await server.DisposeAsync();
    }

    private static Task Open(HttpContext context, RequestDelegate next) => next(context);

    // A device that is not switched off between two runs must not take the next release before its run.
    private static Task Closed(HttpContext context, RequestDelegate next)
    {
        context.Response.StatusCode = StatusCodes.Status503ServiceUnavailable;
        context.Response.Headers.RetryAfter = $"{RetryAfterSeconds}";
        return Task.CompletedTask;
    }
}
