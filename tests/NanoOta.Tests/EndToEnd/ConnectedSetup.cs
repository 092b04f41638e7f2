using System.Collections.Concurrent;
using System.Net;
using NanoOta.Boards;
using NanoOta.Cli;
using NanoOta.Cli.Device;
using NanoOta.Cli.Release;
using NanoOta.Releases;
using NanoOta.Tests.Mqtt;
using NanoOta.VirtualDevice;

namespace NanoOta.Tests.EndToEnd;

/// <summary>A developer's setup with a broker, and a device that does not check for releases by itself: messages cause all of its actions.</summary>
internal sealed class ConnectedSetup : IAsyncDisposable
{
    public const string DeviceId = "lamp-1";

    /// <summary>Longest interval between two checks of a device.</summary>
    public const int NeverSeconds = 1_000_000;

    private static readonly TimeSpan TrialWatchdog = TimeSpan.FromSeconds(20), Patience = TimeSpan.FromSeconds(180);

    private readonly DeveloperSetup setup;
    private ReleaseServer? server;
    private LinkSetup? observer;

    public ConnectedSetup(DeveloperSetup setup, Mosquitto broker)
    {
        this.setup = setup;
        Broker = broker;
    }

    public Mosquitto Broker { get; }

    public SigningKey CommandKey { get; } = SigningKey.Generate();

    public Topics Topics { get; } = new("default", DeveloperSetup.DefaultBoard, DeviceId);

    /// <summary>Files that the device requested from the server, in order.</summary>
    public ConcurrentQueue<string> Asked { get; } = [];

    /// <summary>Events of the device.</summary>
    public ConcurrentQueue<DeviceEvent> Events { get; } = [];

    /// <summary>Called before a file is served.</summary>
    public Action<string> OnAsked { get; set; } = _ => { };

    /// <summary>Receives each event on the board's thread.</summary>
    public Action<DeviceEvent> OnEvent { get; set; } = _ => { };

    /// <summary>The client that watches the broker and sends to the device.</summary>
    public LinkSetup Observer => observer!;

    public static byte[] ManifestOf(DeveloperSetup setup) => ReleaseCheck.ReadManifest(setup.Releases);

    public async Task<ConnectedSetup> StartAsync()
    {
        server = await ReleaseServer.StartAsync(setup.Releases, IPAddress.Loopback, 0, intercept: (context, next) =>
        {
            var file = context.Request.Path.Value!;
            Asked.Enqueue(file);
            OnAsked(file);
            return next(context);
        });
        await WatchAsync();
        return this;
    }

    /// <summary>Connects a new observer, as after a restart of the broker.</summary>
    public async Task WatchAsync()
    {
        observer?.Dispose();
        observer = new LinkSetup(Broker.Port);
        await observer.WatchAsync(Broker.Port);
    }

    /// <summary>Whether the device published this state since the observer connected.</summary>
    public bool IsReported(string version, string state) => Observer.Saw(Topics.Status, s => s.GetProperty("on").GetInt32() == 1
        && s.TryGetProperty("ver", out var v) && v.GetString() == version && s.GetProperty("state").GetString() == state
        && s.GetProperty("phase").GetString() == "idle" && s.GetProperty("err").GetInt32() == 0);

    /// <summary>Waits for the status of an online device.</summary>
    public void AwaitOnline() => Observer.AwaitMessage(Topics.Status, s => s.GetProperty("on").GetInt32() == 1);

    /// <summary>Runs the device until it has reached a state and a further condition holds.</summary>
    /// <returns>Bytes of images that it fetched; fails if it did not reach the state.</returns>
    public async Task<int> RunAsync(string goal, Func<bool> mayEnd)
    {
        var board = Board.Load(DeveloperSetup.DefaultBoard);
        using var flash = NorFlash.Open(setup.FlashFile, board.FlashSize);
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
        Assert.IsTrue(reached, string.Join("\n", Events.Select(e => e.ToJson())) + "\n" + string.Join("\n", Observer.Seen));
        return run.BytesFetched;
    }

    public async ValueTask DisposeAsync()
    {
        observer?.Dispose();
        if (server != null) await server.DisposeAsync();
        CommandKey.Dispose();
    }
}
