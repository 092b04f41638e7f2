using NanoOta.Cli.Device;
using NanoOta.VirtualDevice;

namespace NanoOta.Cli.Demo;

/// <summary>Good releases that the device must install, in spite of faults around it.</summary>
internal static class UpdateScenarios
{
    private const int BlockSize = BlockIndex.BlockSize;

    public static ScenarioResult FirstFlash(DemoSetup setup)
    {
        setup.Flash("good", "1.0.0");
        var image = setup.Publish("good", "1.0.0");
        return setup.Run(new Goal("idle")).MustRest("1.0.0", image);
    }

    public static ScenarioResult GoodUpdate(DemoSetup setup)
    {
        var image = setup.Publish("good", "1.1.0");
        var run = setup.Run(new Goal("confirmed", "1.1.0"));
        return run.MustConfirm("1.1.0", image, Fact.Equal("image bytes fetched", image.Size, run.BytesFetched));
    }

    // Releases of one app differ in few blocks, and staging keeps a block that is right already. A newly flashed device has a blank slot.
    public static ScenarioResult LostConnection(DemoSetup setup)
    {
        setup.Flash("good", "1.1.0");
        var image = setup.Publish("good", "1.2.0");
        var server = new DroppedConnections(image.Size / 5);
        var run = setup.Run(new Goal("confirmed", "1.2.0"), handler: server.Intercept);
        return run.MustConfirm("1.2.0", image,
            Fact.AtLeast("dropped connections", 4, server.Count),
            Fact.AtMost("image bytes fetched", image.Size + server.Count * BlockSize, run.BytesFetched));
    }

    public static ScenarioResult PowerCut(DemoSetup setup)
    {
        setup.Flash("good", "1.2.0");
        var image = setup.Publish("good", "1.3.0");
        var cuts = new PowerCuts(FlashMap.Of(setup.Board));
        var run = setup.Run(new Goal("confirmed", "1.3.0"), onEvent: cuts.On);
        return run.MustConfirm("1.3.0", image,
            Fact.EqualLists("power cuts", [CutStep.Staging, CutStep.BootRecord, CutStep.Trial], cuts.Done),
            Fact.AtMost("image bytes fetched", image.Size + BlockSize, run.BytesFetched));
    }

    public static ScenarioResult BusyServer(DemoSetup setup)
    {
        var image = setup.Publish("good", "1.9.0");
        var server = new BusyServer(seconds: 1);
        var run = setup.Run(new Goal("confirmed", "1.9.0"), handler: server.Intercept);
        return run.MustConfirm("1.9.0", image,
            Fact.Equal("files with a first answer of 503", 3, server.Rejected), // manifest, index and image
            Fact.Equal("requests before Retry-After", 0, server.Early));
    }

    public static ScenarioResult PowerBlip(DemoSetup setup)
    {
        var image = setup.Publish("good", "1.11.0");
        int cuts = 0;
        var run = setup.Run(new Goal("confirmed", "1.11.0"), onEvent: (e, device, _) =>
        {
            if (e.Event != "trial" || cuts == 3) return;
            cuts++;
            device.CutPower();
        });
        return run.MustConfirm("1.11.0", image,
            Fact.Equal("power failures", 3, run.Resets(ResetReason.PowerOn)),
            Fact.Equal("boots on trial", 4, run.Count("trial")));
    }

    public static ScenarioResult Sleeper(DemoSetup setup)
    {
        setup.Flash("sleeper", "1.16.0");
        var image = setup.Publish("sleeper", "1.17.0");
        int blips = 0;
        var run = setup.Run(new Goal("confirmed", "1.17.0"), onEvent: (e, _, flash) =>
        {
            if (e.Event != "trial") return;
            blips += (new BootRecords(flash, FlashMap.Of(setup.Board)).Load() ?? BootRecord.None).PowerBlips;
        });
        int staging = run.Trace.TakeWhile(e => e.Event != "activated").Count(e => e.Event == "sleep");
        int trial = run.Trace.SkipWhile(e => e.Event != "trial").Count(e => e.Event == "sleep");
        return run.MustConfirm("1.17.0", image,
            Fact.AtLeast("sleeps while staging", 2, staging),
            Fact.Equal("sleeps in the trial", 1, trial),
            Fact.Equal("power blips in the boot record", 0, blips),
            Fact.AtMost("image bytes fetched", image.Size + staging * BlockSize, run.BytesFetched));
    }
}
