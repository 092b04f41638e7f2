using System.Collections.Concurrent;
using System.Net;
using NanoOta.Boards;
using NanoOta.Cli;
using NanoOta.Cli.Device;
using NanoOta.Cli.Release;
using NanoOta.Releases;
using NanoOta.Tests.Remote;
using NanoOta.VirtualDevice;

namespace NanoOta.Tests.EndToEnd;

/// <summary>A desk with a broker, and a device that looks for nothing by itself: what it does, a message made it do.</summary>
internal sealed class ConnectedDesk : IAsyncDisposable
{
    public const string DeviceId = "lamp-1";

    /// <summary>Longest that a device can be told to wait between two looks.</summary>
    public const int NeverSeconds = 1_000_000;

    private static readonly TimeSpan TrialWatchdog = TimeSpan.FromSeconds(20), Patience = TimeSpan.FromSeconds(180);

    private readonly Desk desk;
    private ReleaseServer? server;
    private RemoteWorld? desktop;

    public ConnectedDesk(Desk desk, Mosquitto broker)
    {
        this.desk = desk;
        Broker = broker;
    }

    public Mosquitto Broker { get; }

    public SigningKey CommandKey { get; } = SigningKey.Generate();

    public Topics Topics { get; } = new("default", Desk.DefaultBoard, DeviceId);

    /// <summary>Files that the device asked the server for, in order.</summary>
    public ConcurrentQueue<string> Asked { get; } = [];

    /// <summary>Events of the device.</summary>
    public ConcurrentQueue<DeviceEvent> Events { get; } = [];

    /// <summary>Comes before a file is served.</summary>
    public Action<string> OnAsked { get; set; } = _ => { };

    /// <summary>Hears each event, on the board's thread.</summary>
    public Action<DeviceEvent> OnEvent { get; set; } = _ => { };

    /// <summary>Who watches the broker and speaks to the device.</summary>
    public RemoteWorld Desktop => desktop!;

    public static byte[] ManifestOf(Desk desk) => ReleaseCheck.ReadManifest(desk.Releases);

    public async Task<ConnectedDesk> StartAsync()
    {
        server = await ReleaseServer.StartAsync(desk.Releases, IPAddress.Loopback, 0, intercept: (context, next) =>
        {
            var file = context.Request.Path.Value!;
            Asked.Enqueue(file);
            OnAsked(file);
            return next(context);
        });
        await WatchAsync();
        return this;
    }

    /// <summary>Watches anew, as after a restart of the broker.</summary>
    public async Task WatchAsync()
    {
        desktop?.Dispose();
        desktop = new RemoteWorld(Broker.Port);
        await desktop.WatchAsync(Broker.Port);
    }

    /// <summary>Whether the device has told this of itself since the desk watches.</summary>
    public bool IsTold(string version, string state) => Desktop.Saw(Topics.Status, s => s.GetProperty("on").GetInt32() == 1
        && s.TryGetProperty("ver", out var v) && v.GetString() == version && s.GetProperty("state").GetString() == state
        && s.GetProperty("phase").GetString() == "idle" && s.GetProperty("err").GetInt32() == 0);

    /// <summary>Waits for a status of a device that is there.</summary>
    public void AwaitOnline() => Desktop.AwaitMessage(Topics.Status, s => s.GetProperty("on").GetInt32() == 1);

    /// <summary>Powers the device until it has reached a state and something more holds.</summary>
    /// <returns>Bytes of images that it fetched; fails when it did not get there.</returns>
    public async Task<int> RunAsync(string goal, Func<bool> mayEnd)
    {
        var board = Board.Load(Desk.DefaultBoard);
        using var flash = NorFlash.Open(desk.FlashFile, board.FlashSize);
        var around = new DeviceEnvironment($"http://{server!.EndPoint}/")
        {
            Id = DeviceId,
            CheckSeconds = NeverSeconds,
            Broker = new DeviceBroker { Address = $"mqtt://127.0.0.1:{Broker.Port}", CommandKeys = CommandKey.Public.Base64 },
        };
        using var run = new DeviceRun(board, flash, around, TrialWatchdog)
        {
            OnEvent = e =>
            {
                Events.Enqueue(e);
                OnEvent(e);
            },
            MayEnd = mayEnd,
        };
        bool reached = await Task.Run(() => run.Run(Goal.Parse(goal), Patience, CancellationToken.None));
        Assert.IsTrue(reached, string.Join("\n", Events.Select(e => e.ToJson())) + "\n" + string.Join("\n", Desktop.Seen));
        return run.BytesFetched;
    }

    public async ValueTask DisposeAsync()
    {
        desktop?.Dispose();
        if (server != null) await server.DisposeAsync();
        CommandKey.Dispose();
    }
}
