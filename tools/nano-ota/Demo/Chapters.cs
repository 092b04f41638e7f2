using NanoOta.Cli.Device;
using NanoOta.Releases;
using NanoOta.VirtualDevice;

namespace NanoOta.Cli.Demo;

/// <summary>The chapters of the demo, in the order of the story: each goes on with the device as the one before left it.</summary>
internal static class Chapters
{
    private const int BlockSize = BlockIndex.BlockSize;

    /// <summary>Slots of 1 MB on a 4 MB flash, for a release that is too big for the demo's device.</summary>
    private const string LargeSlots = """
        factory,  app,  factory, 0x10000,  0x1D0000,
        deploy_0, data, 0x84,    0x1E0000, 0x100000,
        deploy_1, data, 0x84,    0x2E0000, 0x100000,
        nanoota,  data, 0x40,    0x3E0000, 0x20000,
        """;

    /// <summary>All of them; each is called once, in this order.</summary>
    public static IReadOnlyList<Func<World, Chapter>> All { get; } =
    [
        FirstFlash, GoodUpdate, LostConnection, PowerCut, CorruptFile, Stranger, WrongBoard, TooBig,
        CrashOnBoot, Hang, Unhealthy, NoLoop, Recover,
        Circumstances.BusyServer, Circumstances.WeakBattery, Circumstances.PowerBlip, Circumstances.WrongRuntime, Circumstances.Wave,
        Aftermath.LateCrash, Aftermath.SafeMode, Aftermath.Sleeper,
        Connected.Announce, Connected.BrokerDown, Connected.ForgedCommand,
    ];

    private static Chapter FirstFlash(World world)
    {
        world.Flash("good", "1.0.0");
        var image = world.Publish("good", "1.0.0");
        return Chapter.Of("first-flash", "nothing to do; boots 1.0.0", world.Play(new Goal("idle")), image.Size);
    }

    private static Chapter GoodUpdate(World world)
    {
        var image = world.Publish("good", "1.1.0");
        var played = world.Play(new Goal("confirmed", "1.1.0"));
        return Chapter.Of("good-update", "confirmed 1.1.0; boots 1.1.0; every byte fetched once", played, image.Size,
            played.BytesFetched == image.Size ? "every byte fetched once" : $"{played.BytesFetched} of {image.Size} bytes fetched");
    }

    private static Chapter LostConnection(World world)
    {
        FlashAnew(world, "1.1.0");
        var image = world.Publish("good", "1.2.0");
        var drops = new DroppedConnections(image.Size / 5);
        world.Intercept = drops.Intercept;
        var played = world.Play(new Goal("confirmed", "1.2.0"));
        world.Intercept = null;
        bool isCheap = drops.Count >= 4 && played.BytesFetched <= image.Size + drops.Count * BlockSize;
        return Chapter.Of("lost-connection", "confirmed 1.2.0; boots 1.2.0; at least 4 drops, at most a block twice for each",
            played, image.Size, isCheap ? "at least 4 drops, at most a block twice for each"
                : $"{drops.Count} drops, {played.BytesFetched} bytes fetched for {image.Size}");
    }

    private static Chapter PowerCut(World world)
    {
        FlashAnew(world, "1.2.0");
        var image = world.Publish("good", "1.3.0");
        var map = FlashMap.Of(world.Board);
        var director = new PowerCuts(map);
        var played = world.Play(new Goal("confirmed", "1.3.0"), director.On);
        bool isCheap = played.BytesFetched <= image.Size + BlockSize;
        return Chapter.Of("power-cut",
            "confirmed 1.3.0; boots 1.3.0; cut while staging, in the boot record, in the trial; at most a block twice",
            played, image.Size, $"cut {string.Join(", ", director.Cuts)}; "
                + (isCheap ? "at most a block twice" : $"{played.BytesFetched} bytes fetched for {image.Size}"));
    }

    private static Chapter CorruptFile(World world)
    {
        var image = world.Publish("good", "1.4.0");
        var file = world.FileOf(image);
        var bytes = File.ReadAllBytes(file);
        for (int i = bytes.Length / 2; i < bytes.Length; i += 1000) bytes[i] ^= 0x20;
        File.WriteAllBytes(file, bytes);
        return Chapter.Of("corrupt-file", $"refused for {Say(UpdateError.BlockCorrupt)}; boots 1.3.0",
            world.Play(new Goal("refused")), image.Size);
    }

    private static Chapter Stranger(World world)
    {
        using var stranger = SigningKey.Generate();
        var image = world.Publish(world.Build("good", "1.4.1"), "1.4.1", key: stranger);
        return Refused(world, "stranger", UpdateError.UnknownKey, image);
    }

    private static Chapter WrongBoard(World world)
    {
        var other = world.OtherBoard("some-other-board", LargeSlots);
        var image = world.Publish(world.Build("good", "1.4.2", other), "1.4.2", board: other);
        return Refused(world, "wrong-board", UpdateError.WrongBoard, image);
    }

    private static Chapter TooBig(World world)
    {
        var larger = world.OtherBoard(world.Board.Id, LargeSlots);
        var small = world.Build("good", "1.4.3");
        var padding = VirtualAssembly.Wrap([.. small.Assemblies[0].Contents.ToArray(), .. new byte[900_000]]);
        var app = VirtualAssembly.Wrap(small.Assemblies[^1].Contents.ToArray());
        var image = world.Publish(AppImage.Build([padding, app]), "1.4.3", board: larger);
        return Refused(world, "too-big", UpdateError.ImageTooBig, image);
    }

    private static Chapter CrashOnBoot(World world) =>
        Reverted(world, "crash-on-boot", "crashes-at-start", "1.5.0", UpdateError.TrialWatchdog);

    private static Chapter Hang(World world) => Reverted(world, "hang", "hangs", "1.6.0", UpdateError.TrialWatchdog);

    private static Chapter Unhealthy(World world) => Reverted(world, "unhealthy", "unhealthy", "1.7.0", UpdateError.HealthCheckFailed);

    private static Chapter NoLoop(World world)
    {
        var image = world.Publish("unhealthy", "1.7.0");
        return Refused(world, "no-loop", UpdateError.Quarantined, image);
    }

    private static Chapter Recover(World world)
    {
        var image = world.Publish("good", "1.8.0");
        return Chapter.Of("recover", "confirmed 1.8.0; boots 1.8.0", world.Play(new Goal("confirmed", "1.8.0")), image.Size);
    }

    // Releases of one app differ in few blocks, and staging keeps what is right already: only a blank slot needs all of them.
    private static void FlashAnew(World world, string version) => world.Flash("good", version);

    private static Chapter Refused(World world, string id, UpdateError code, AppImage image)
    {
        var played = world.Play(new Goal("refused"));
        return Chapter.Of(id, $"refused for {Say(code)}; boots 1.3.0; nothing fetched", played, image.Size,
            played.BytesFetched == 0 ? "nothing fetched" : $"{played.BytesFetched} bytes fetched");
    }

    private static Chapter Reverted(World world, string id, string app, string version, UpdateError code)
    {
        var image = world.Publish(app, version);
        var played = world.Play(new Goal("reverted"));
        bool wasTried = played.Trace.Any(e => e.Event == "boot" && e.Version == version);
        return Chapter.Of(id, $"reverted for {Say(code)}; boots 1.3.0; {version} was tried", played, image.Size,
            wasTried ? $"{version} was tried" : $"{version} was never tried");
    }

    /// <summary>A number with its text.</summary>
    public static string Say(UpdateError code) => $"{(int)code} ({UpdateErrors.Text(code)})";

    /// <summary>How a device ended, in the words of a chapter.</summary>
    public static string Say(DeviceEvent? end) => end switch
    {
        null => "not reached in time",
        { Code: > 0 } => $"{end.Event} for {end.Code} ({end.Reason})",
        { Event: "idle" } => "nothing to do",
        _ => $"{end.Event} {end.Version}",
    };
}
