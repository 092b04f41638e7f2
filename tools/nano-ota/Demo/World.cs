using System.Net;
using Microsoft.AspNetCore.Http;
using NanoOta.Boards;
using NanoOta.Cli.Device;
using NanoOta.Cli.Fleet;
using NanoOta.Cli.Release;
using NanoOta.Releases;
using NanoOta.VirtualDevice;

namespace NanoOta.Cli.Demo;

/// <summary>What a chapter plays in: a folder with a key, a release folder behind a server, and a device.</summary>
internal sealed class World : IAsyncDisposable
{
    /// <summary>Product of the demo's releases.</summary>
    public const string Product = "demo";

    private const string BoardName = "lolin-d32-4mb"; // has a battery
    private static readonly TimeSpan TrialWatchdog = TimeSpan.FromSeconds(5);
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(40);

    private readonly CancellationToken stop;
    private ReleaseServer? server;

    private World(string folder, CancellationToken stop)
    {
        Folder = folder;
        this.stop = stop;
        Directory.CreateDirectory(Releases);
        Key.Save(Path.Combine(folder, "private.pem"));
    }

    public string Folder { get; }

    public SigningKey Key { get; } = SigningKey.Generate();

    public Board Board { get; } = Board.Load(BoardName);

    /// <summary>What the device finds around it; a chapter may change it.</summary>
    public Surroundings Around { get; set; } = new("");

    /// <summary>Comes before the server's files; a chapter may set it.</summary>
    public Func<HttpContext, RequestDelegate, Task>? Intercept { get; set; }

    private string Releases => Path.Combine(Folder, "releases");

    private string FlashFile => Path.Combine(Folder, "device.flash");

    public static async Task<World> StartAsync(string folder, CancellationToken stop)
    {
        var world = new World(folder, stop);
        world.server = await ReleaseServer.StartAsync(world.Releases, IPAddress.Loopback, 0, intercept: (context, next) =>
            world.Intercept is { } intercept ? intercept(context, next) : next(context));
        world.Around = new Surroundings($"http://{world.server.EndPoint}/");
        return world;
    }

    /// <summary>The image of one of the demo's apps.</summary>
    public AppImage Build(string app, string version, Board? board = null) =>
        AppPath.Load([Path.Combine(AppContext.BaseDirectory, "apps", app, app + ".dll")],
            AppIdentity.For(board ?? Board, Product, version, [Key.Public])).Image;

    /// <summary>Packs and signs a release, and puts it on the server in place of the one before.</summary>
    public AppImage Publish(AppImage image, string version, SigningKey? key = null, Board? board = null,
        Func<ReleaseOrder, ReleaseOrder>? change = null)
    {
        var order = new ReleaseOrder(Product, board ?? Board, version, null, image);
        ReleaseBuilder.Publish(change == null ? order : change(order), key ?? Key, Releases);
        return image;
    }

    public AppImage Publish(string app, string version) => Publish(Build(app, version), version);

    /// <summary>The release on the server, as it is announced.</summary>
    public Announcement Announcement() => Fleet.Announcement.Read(Releases);

    /// <summary>Path of an image file on the server.</summary>
    public string FileOf(AppImage image) => Path.Combine(Releases, image.FileName + ".bin");

    /// <summary>Flashes the device by cable; gives what its flash holds.</summary>
    public byte[] Flash(string app, string version)
    {
        var flash = FlashImage.Create(new ReleaseOrder(Product, Board, version, null, Build(app, version)));
        File.WriteAllBytes(FlashFile, flash);
        return flash;
    }

    /// <summary>A board of another kind, made for a chapter.</summary>
    public Board OtherBoard(string id, string table)
    {
        var folder = Directory.CreateDirectory(Path.Combine(Folder, "boards", id + "-" + Path.GetRandomFileName())).FullName;
        File.WriteAllText(Path.Combine(folder, "partitions.csv"), table);
        File.WriteAllText(Path.Combine(folder, "board.json"), $$"""
            { "id": "{{id}}", "name": "{{id}}", "chip": "esp32", "flashSize": "4MB", "partitions": "partitions.csv" }
            """);
        return Board.Load(folder);
    }

    /// <summary>Powers the device until a state is reached, and then looks at its flash.</summary>
    /// <param name="goal">The state.</param>
    /// <param name="direct">Hears each event while the device runs, and may cut power or arm the flash.</param>
    /// <param name="mayEnd">What else must hold before power goes.</param>
    public Played Play(Goal goal, Action<DeviceEvent, DeviceRun, NorFlash>? direct = null, Func<bool>? mayEnd = null)
    {
        using var flash = NorFlash.Open(FlashFile, Board.FlashSize);
        var trace = new List<DeviceEvent>();
        DeviceRun? run = null;
        run = new DeviceRun(Board, flash, Around, TrialWatchdog)
        {
            OnEvent = e =>
            {
                trace.Add(e);
                direct?.Invoke(e, run!, flash);
            },
            MayEnd = mayEnd ?? (() => true),
        };
        using (run)
        {
            bool reached = run.Run(goal, Patience, stop);
            return new Played(reached ? run.Reached : null, trace, run.BytesFetched, run.Boots, LookAt(flash));
        }
    }

    /// <summary>What would boot, from the flash alone: the record says which slot, the hashes say what is in it.</summary>
    private string LookAt(NorFlash flash)
    {
        var record = new BootRecords(flash, FlashMap.Of(Board)).Load() ?? BootRecord.None;
        var slot = FlashImage.Read(Board, flash.Snapshot(), FlashFile).FirstOrDefault(s => s.Slot == record.Chosen);
        if (slot == null) return "boots an unknown firmware";
        var state = record.State == BootState.Confirmed ? "" : $", {record.State.ToString().ToLowerInvariant()}";
        return $"boots {slot.Descriptor.Version}{(slot.Image == null ? ", damaged" : "")}{state}";
    }

    public async ValueTask DisposeAsync()
    {
        if (server != null) await server.DisposeAsync();
        Key.Dispose();
    }
}

/// <summary>How a chapter went.</summary>
/// <param name="End">The event that ended it; null when its state was not reached in time.</param>
/// <param name="Trace">All events.</param>
/// <param name="BytesFetched">Bytes of images that the device fetched.</param>
/// <param name="Boots">Boots of the device.</param>
/// <param name="Firmware">What the flash would boot now.</param>
internal sealed record Played(DeviceEvent? End, IReadOnlyList<DeviceEvent> Trace, int BytesFetched, int Boots, string Firmware)
{
    /// <summary>This, and what was played behind it.</summary>
    public Played Then(Played next) => next with
    {
        Trace = [.. Trace, .. next.Trace],
        BytesFetched = BytesFetched + next.BytesFetched,
        Boots = Boots + next.Boots,
    };
}
