using System.Net;
using System.Text.Json;
using NanoOta.Cli;
using NanoOta.Cli.Release;
using NanoOta.Tests.Cli;
using NanoOta.Tests.Releases;
using NanoOta.Tests.Support;

namespace NanoOta.Tests.EndToEnd;

/// <summary>A developer's setup: keys, a release folder behind the product's server, and a device, all created with nano-ota.</summary>
internal sealed class DeveloperSetup : IAsyncDisposable
{
    private readonly TemporaryFolder folder = new();
    private readonly string board;
    private ReleaseServer? server;

    /// <summary>The default board.</summary>
    public const string DefaultBoard = "esp32-devkitc-4mb";

    public DeveloperSetup(string board = DefaultBoard)
    {
        this.board = board;
        NanoOtaTool.Run("keygen", "--out", folder.File("keys")).MustSucceed();
        Directory.CreateDirectory(Releases);
    }

    public string Releases => folder.File("releases");

    public string FlashFile => folder.File("device.flash");

    public string EventsFile => folder.File("events.jsonl");

    private static string App(string name) => Repository.At("tests", "apps", name);

    public DeveloperSetup Flash(string app, string version)
    {
        NanoOtaTool.Run("flash", "--board", board, "--app", App(app), "--version", version,
            "--trust", folder.File("keys/public.pem"), "--out", FlashFile).MustSucceed();
        return this;
    }

    public DeveloperSetup Pack(string app, string version) => PackWith(app, version);

    /// <summary>The arguments of <c>nano-ota pack</c> for a release in place of the one before, with the plain image alone: packed files
    /// take seconds.</summary>
    public string[] PackArguments(string app, string version, string forBoard) => [.. DefaultPackArguments(app, version, forBoard), "--no-delta"];

    public async Task<string> ServeAsync()
    {
        server ??= await ReleaseServer.StartAsync(Releases, IPAddress.Loopback, 0);
        return $"http://{server.EndPoint}/";
    }

    /// <summary>The arguments of <c>nano-ota device</c> for this setup.</summary>
    public string[] DeviceArguments(string offer, string until, int timeout = 60) =>
    [
        "device", "--board", board, "--flash", FlashFile, "--offer", offer, "--until", until, "--timeout", $"{timeout}",
        "--events", EventsFile, "--trial-watchdog", "8",
    ];

    public async Task<NanoOtaTool> RunDeviceAsync(string until, string? offer = null) =>
        NanoOtaTool.Run(DeviceArguments(offer ?? await ServeAsync(), until));

    /// <summary>The same, with further options.</summary>
    public async Task<NanoOtaTool> RunDeviceWithAsync(string until, params string[] more) =>
        NanoOtaTool.Run([.. DeviceArguments(await ServeAsync(), until), .. more]);

    /// <summary>Packs a release with further options.</summary>
    public DeveloperSetup PackWith(string app, string version, params string[] more)
    {
        NanoOtaTool.Run([.. PackArguments(app, version, board), .. more]).MustSucceed();
        return this;
    }

    /// <summary>Packs a release with packed files, as nano-ota does by default.</summary>
    public DeveloperSetup PackByDefault(string app, string version)
    {
        NanoOtaTool.Run(DefaultPackArguments(app, version, board)).MustSucceed();
        return this;
    }

    /// <summary>Path of a file of this setup.</summary>
    public string FileOf(string name) => folder.File(name);

    /// <summary>The events of the last run; every line must be one of those that are documented.</summary>
    public List<JsonElement> Events()
    {
        string[] known =
        [
            "boot", "offer", "refused", "staging", "progress", "staged", "activated", "reboot", "trial", "health", "confirmed",
            "rejected", "reverted", "error", "delayed", "notice", "sleep",
        ];
        var events = File.ReadAllLines(EventsFile).Select(line => JsonDocument.Parse(line).RootElement).ToList();
        foreach (var e in events) CollectionAssert.Contains(known, e.GetProperty("event").GetString());
        return events;
    }

    public string[] Story() => [.. Events().Select(e => e.GetProperty("event").GetString()!)];

    public JsonElement Last(string name) => Events().Last(e => e.GetProperty("event").GetString() == name);

    private string[] DefaultPackArguments(string app, string version, string forBoard) =>
    [
        "pack", "--board", forBoard, "--app", App(app), "--version", version, "--key", folder.File("keys/private.pem"), "--out", Releases,
    ];

    public async ValueTask DisposeAsync()
    {
        if (server != null) await server.DisposeAsync();
        folder.Dispose();
    }
}
