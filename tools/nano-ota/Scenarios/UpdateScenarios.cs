using NanoOta.Cli.Device;

namespace NanoOta.Cli.Scenarios;

/// <summary>Good releases that the device must install, in spite of faults around it.</summary>
internal static class UpdateScenarios
{
    private const string Old = "1.0.0", New = "1.1.0";
    private const int BlockSize = BlockIndex.BlockSize;

    public static ScenarioResult FirstFlash(Bench bench)
    {
        bench.Flash("good", Old);
        var image = bench.Publish("good", Old);
        return bench.Run(new Goal("idle")).MustRest(Old, image);
    }

    public static ScenarioResult GoodUpdate(Bench bench)
    {
        bench.Flash("good", Old);
        var image = bench.Publish("good", New);
        var run = bench.Run(new Goal("confirmed", New));
        return run.MustConfirm(New, image, Fact.Equal("image bytes fetched", image.Size, run.BytesFetched));
    }

    public static ScenarioResult LostConnection(Bench bench)
    {
        bench.Flash("good", Old);
        var image = bench.Publish("good", New);
        var server = new DroppedConnections(image.Size / 5);
        var run = bench.Run(new Goal("confirmed", New), handler: server.Intercept);
        return run.MustConfirm(New, image,
            Fact.AtLeast("dropped connections", 4, server.Count),
            Fact.AtMost("image bytes fetched", image.Size + server.Count * BlockSize, run.BytesFetched));
    }

    public static ScenarioResult PowerCut(Bench bench)
    {
        bench.Flash("good", Old);
        var image = bench.Publish("good", New);
        var power = new PowerFailures(new PowerFailure("progress", Percent: 30), new PowerFailure("staged"), new PowerFailure("trial"));
        var run = bench.Run(new Goal("confirmed", New), onEvent: power.On);
        return run.MustConfirm(New, image,
            Fact.EqualLists("power failures", ["progress", "staged", "trial"], power.Done),
            Fact.Equal("boots after a power failure", 3, run.CountResets(ResetReason.PowerOn)),
            Fact.AtMost("image bytes fetched", image.Size + 2 * BlockSize, run.BytesFetched));
    }

    public static ScenarioResult BusyServer(Bench bench)
    {
        bench.Flash("good", Old);
        var image = bench.Publish("good", New);
        var server = new BusyServer(seconds: 1);
        var run = bench.Run(new Goal("confirmed", New), handler: server.Intercept);
        return run.MustConfirm(New, image,
            Fact.Equal("files with a first answer of 503", 3, server.Rejected), // manifest, index and image
            Fact.Equal("requests before Retry-After", 0, server.Early));
    }

    public static ScenarioResult PowerBlip(Bench bench)
    {
        bench.Flash("good", Old);
        var image = bench.Publish("good", New);
        var run = bench.Run(new Goal("confirmed", New), onEvent: new PowerFailures(new PowerFailure("trial", Times: 3)).On);
        return run.MustConfirm(New, image,
            Fact.Equal("power failures", 3, run.CountResets(ResetReason.PowerOn)),
            Fact.Equal("boots on trial", 4, run.Count("trial")));
    }

    public static ScenarioResult Sleeper(Bench bench)
    {
        bench.Flash("sleeper", Old);
        var image = bench.Publish("sleeper", New);
        var run = bench.Run(new Goal("confirmed", New));
        int staging = CountWakes(run.Trace.TakeWhile(e => e.Event != "activated"));
        int trial = CountWakes(run.Trace.SkipWhile(e => e.Event != "trial"));
        return run.MustConfirm(New, image,
            Fact.AtLeast("sleeps while staging", 2, staging),
            Fact.Equal("sleeps in the trial", 1, trial),
            Fact.Equal("power failures", 0, run.CountResets(ResetReason.PowerOn)),
            Fact.AtMost("image bytes fetched", image.Size + staging * BlockSize, run.BytesFetched));
    }

    private static int CountWakes(IEnumerable<DeviceEvent> trace) =>
        trace.Count(e => e is { Event: "boot", Reset: ResetReason.DeepSleep });
}
