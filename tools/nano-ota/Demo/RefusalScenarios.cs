using NanoOta.Cli.Device;
using NanoOta.Releases;
using NanoOta.VirtualDevice;

namespace NanoOta.Cli.Demo;

/// <summary>Releases that the device must refuse, for ever or until a condition changes.</summary>
internal static class RefusalScenarios
{
    /// <summary>Slots of 1 MB on a 4 MB flash, for a release that is too big for the demo's device.</summary>
    private const string LargeSlots = """
        factory,  app,  factory, 0x10000,  0x1D0000,
        deploy_0, data, 0x84,    0x1E0000, 0x100000,
        deploy_1, data, 0x84,    0x2E0000, 0x100000,
        nanoota,  data, 0x40,    0x3E0000, 0x20000,
        """;

    public static ScenarioResult CorruptFile(DemoSetup setup)
    {
        var image = setup.Publish("good", "1.4.0");
        var file = setup.FileOf(image);
        var bytes = File.ReadAllBytes(file);
        for (int i = bytes.Length / 2; i < bytes.Length; i += 1000) bytes[i] ^= 0x20;
        File.WriteAllBytes(file, bytes);
        return setup.Run(new Goal("refused")).MustRefuse(UpdateError.BlockCorrupt, "1.3.0", image);
    }

    public static ScenarioResult UnknownSigner(DemoSetup setup)
    {
        using var untrusted = SigningKey.Generate();
        var image = setup.Publish(setup.Build("good", "1.4.1"), "1.4.1", key: untrusted);
        return RefusedUnread(setup, UpdateError.UnknownKey, image);
    }

    public static ScenarioResult WrongBoard(DemoSetup setup)
    {
        var other = setup.OtherBoard("some-other-board", LargeSlots);
        var image = setup.Publish(setup.Build("good", "1.4.2", other), "1.4.2", board: other);
        return RefusedUnread(setup, UpdateError.WrongBoard, image);
    }

    public static ScenarioResult TooBig(DemoSetup setup)
    {
        var larger = setup.OtherBoard(setup.Board.Id, LargeSlots);
        var small = setup.Build("good", "1.4.3");
        var padding = VirtualAssembly.Wrap([.. small.Assemblies[0].Contents.ToArray(), .. new byte[900_000]]);
        var app = VirtualAssembly.Wrap(small.Assemblies[^1].Contents.ToArray());
        var image = setup.Publish(AppImage.Build([padding, app]), "1.4.3", board: larger);
        return RefusedUnread(setup, UpdateError.ImageTooBig, image);
    }

    public static ScenarioResult WeakBattery(DemoSetup setup)
    {
        const int Low = 3400, Charged = 3900;
        var supply = Path.Combine(setup.Folder, "supply");
        File.WriteAllText(supply, $"{Low}");
        int now = Low, atStaging = 0;
        var image = setup.Publish("good", "1.10.0");
        var run = setup.Run(new Goal("confirmed", "1.10.0"), setup.Environment with { Supply = supply }, (e, _, _) =>
        {
            if (e.Event == "refused") File.WriteAllText(supply, $"{now = Charged}");
            if (e.Event == "staging") atStaging = now;
        });
        var before = run.Trace.TakeWhile(e => e.Event != "refused").ToList();
        return run.MustConfirm("1.10.0", image,
            Fact.Ends($"at {Low} mV", run.Trace.FirstOrDefault(e => e.Event == "refused"), "refused", UpdateError.SupplyLow),
            Fact.Equal("offers read before the refusal", 0, before.Count(e => e.Event == "offer")),
            Fact.Equal("supply in mV when staging began", Charged, atStaging),
            Fact.Equal("boots before staging", 1, run.Trace.TakeWhile(e => e.Event != "staging").Count(e => e.Event == "boot")));
    }

    public static ScenarioResult WrongRuntime(DemoSetup setup)
    {
        const string Driver = "Lamp.Driver";
        const uint Checksum = 0x1A2B3C4D;
        var image = setup.Publish(setup.Build("good", "1.12.0"), "1.12.0",
            change: order => order with { Needs = [new NativeNeed(Driver, Checksum)] });
        var without = setup.Run(new Goal("refused"));
        var with = setup.Run(new Goal("confirmed", "1.12.0"),
            setup.Environment with { Natives = [NativeAssembly.OfModule, new NativeAssembly(Driver, Checksum)] });
        return without.Then(with).MustConfirm("1.12.0", image,
            Fact.Ends($"without {Driver}", without.End, "refused", UpdateError.WrongRuntime),
            Fact.Equal("assembly that the refusal names", Driver, without.End?.Detail?.Split(':')[0]),
            Fact.Equal("image bytes fetched before", 0, without.BytesFetched));
    }

    public static ScenarioResult Wave(DemoSetup setup)
    {
        const int Devices = 200;
        var old = setup.Flash("good", "1.12.0");
        var image = setup.Publish(setup.Build("good", "1.13.0"), "1.13.0",
            change: order => order with { Rollout = new Rollout { WavePercent = 10 } });
        var ids = Enumerable.Range(0, Devices).Select(number => $"lamp-{number:000}");
        var checks = ids.Select(id => new AgentOnlyDevice(setup, old, id).CheckTwice()).ToList();
        var updated = checks.Where(check => check.First == new CheckResult("1.13.0", UpdateError.None)).ToList();
        var outside = checks.Where(check => check.First == new CheckResult("1.12.0", UpdateError.NotInWave)).ToList();
        var first = setup.Run(new Goal("refused"), setup.Environment with { Id = outside.Select(d => d.Id).FirstOrDefault("none") });
        var second = setup.Run(
            new Goal("confirmed", "1.13.0"), setup.Environment with { Id = updated.Select(d => d.Id).FirstOrDefault("none") });
        return first.Then(second).MustConfirm("1.13.0", image,
            Fact.Within($"agents of {Devices} that update", 3, 37, updated.Count), // four standard deviations to each side
            Fact.Equal("agents outside the wave", Devices - updated.Count, outside.Count),
            Fact.Equal("agents with another result at the second check", 0, checks.Count(check => check.First != check.Second)),
            Fact.Ends("a device with an id outside the wave", first.End, "refused", UpdateError.NotInWave));
    }

    private static ScenarioResult RefusedUnread(DemoSetup setup, UpdateError code, AppImage image)
    {
        var run = setup.Run(new Goal("refused"));
        return run.MustRefuse(code, "1.3.0", image, Fact.Equal("image bytes fetched", 0, run.BytesFetched));
    }
}
