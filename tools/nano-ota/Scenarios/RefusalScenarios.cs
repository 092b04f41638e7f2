using NanoOta.Boards;
using NanoOta.Cli.Device;
using NanoOta.Releases;
using NanoOta.VirtualDevice;

namespace NanoOta.Cli.Scenarios;

/// <summary>Releases that the device must refuse, for ever or until a condition changes.</summary>
internal static class RefusalScenarios
{
    private const string Old = "1.0.0", New = "1.1.0";
    private const int ChipAlignment = 0x10000;

    public static ScenarioResult CorruptFile(Bench bench)
    {
        bench.Flash("good", Old);
        var image = bench.Publish("good", New);
        var file = bench.FileOf(image);
        var bytes = File.ReadAllBytes(file);
        for (int i = bytes.Length / 2; i < bytes.Length; i += 1000) bytes[i] ^= 0x20;
        File.WriteAllBytes(file, bytes);
        return bench.Run(new Goal("refused")).MustRefuse(UpdateError.BlockCorrupt, Old, image);
    }

    public static ScenarioResult UnknownSigner(Bench bench)
    {
        using var untrusted = SigningKey.Generate();
        return RefusedUnread(bench, UpdateError.UnknownKey, () => bench.Publish(bench.Build("good", New), New, key: untrusted));
    }

    public static ScenarioResult WrongBoard(Bench bench)
    {
        var other = bench.OtherBoard("some-other-board", bench.Board.Partitions.Slot(0).Size);
        return RefusedUnread(bench, UpdateError.WrongBoard, () => bench.Publish(bench.Build("good", New), New, board: other));
    }

    // The device reads no more than the size in the manifest, so the image may be one for another sort of device.
    public static ScenarioResult TooBig(Bench bench)
    {
        int slot = bench.Board.Partitions.Slot(0).Size;
        var larger = LargerSlots(bench, slot + ChipAlignment);
        var small = VirtualApps.Build("good", AppIdentity.For(larger, bench.Product, New, [bench.Key.Public]));
        var padding = VirtualAssembly.Wrap([.. small.Assemblies[0].Contents.ToArray(), .. new byte[slot - small.Size + ChipAlignment / 2]]);
        var assemblies = small.Assemblies.Skip(1).Select(assembly => VirtualAssembly.Wrap(assembly.Contents.ToArray()));
        var image = AppImage.Build([padding, .. assemblies]);
        return RefusedUnread(bench, UpdateError.ImageTooBig, () => bench.Publish(image, New, board: larger));
    }

    public static ScenarioResult WeakBattery(Bench bench)
    {
        const int Low = 3400, Charged = 3900;
        var supply = Path.Combine(bench.Folder, "supply");
        File.WriteAllText(supply, $"{Low}");
        int now = Low, atStaging = 0;
        bench.Flash("good", Old);
        var image = bench.Publish("good", New);
        var run = bench.Run(new Goal("confirmed", New), bench.Environment with { Supply = supply }, (e, _) =>
        {
            if (e.Event == "refused") File.WriteAllText(supply, $"{now = Charged}");
            if (e.Event == "staging") atStaging = now;
        });
        var before = run.Trace.TakeWhile(e => e.Event != "refused").ToList();
        return run.MustConfirm(New, image,
            Fact.Ends($"at {Low} mV", run.Trace.FirstOrDefault(e => e.Event == "refused"), "refused", UpdateError.SupplyLow),
            Fact.Equal("offers read before the refusal", 0, before.Count(e => e.Event == "offer")),
            Fact.Equal("supply in mV when staging began", Charged, atStaging),
            Fact.Equal("boots before staging", 1, run.Trace.TakeWhile(e => e.Event != "staging").Count(e => e.Event == "boot")));
    }

    public static ScenarioResult WrongRuntime(Bench bench)
    {
        const string Driver = "Lamp.Driver";
        const uint Checksum = 0x1A2B3C4D;
        bench.Flash("good", Old);
        var image = bench.Publish(bench.Build("good", New), New,
            change: order => order with { Needs = [new NativeNeed(Driver, Checksum)] });
        var without = bench.Run(new Goal("refused"));
        var with = bench.Run(new Goal("confirmed", New),
            bench.Environment with { Natives = [NativeAssembly.OfModule, new NativeAssembly(Driver, Checksum)] });
        return without.Then(with).MustConfirm(New, image,
            Fact.Ends($"without {Driver}", without.End, "refused", UpdateError.WrongRuntime),
            Fact.Equal("assembly that the refusal names", Driver, without.End?.Detail?.Split(':')[0]),
            Fact.Equal("image bytes fetched before", 0, without.BytesFetched));
    }

    public static ScenarioResult Wave(Bench bench)
    {
        const int Devices = 200;
        var old = FlashImage.Create(bench.Flash("good", Old));
        var image = bench.Publish(bench.Build("good", New), New,
            change: order => order with { Rollout = new Rollout { WavePercent = 10 } });
        var ids = Enumerable.Range(0, Devices).Select(number => $"lamp-{number:000}");
        var checks = bench.Serve(() => ids.Select(id => new AgentOnlyDevice(bench, old, id).CheckTwice()).ToList());
        var updated = checks.Where(check => check.First == new CheckResult(New, UpdateError.None)).ToList();
        var outside = checks.Where(check => check.First == new CheckResult(Old, UpdateError.NotInWave)).ToList();
        var first = bench.Run(new Goal("refused"), bench.Environment with { Id = outside.Select(d => d.Id).FirstOrDefault("none") });
        var second = bench.Run(
            new Goal("confirmed", New), bench.Environment with { Id = updated.Select(d => d.Id).FirstOrDefault("none") });
        return first.Then(second).MustConfirm(New, image,
            Fact.Within($"agents of {Devices} that update", 3, 37, updated.Count), // four standard deviations to each side
            Fact.Equal("agents outside the wave", Devices - updated.Count, outside.Count),
            Fact.Equal("agents with another result at the second check", 0, checks.Count(check => check.First != check.Second)),
            Fact.Ends("a device with an id outside the wave", first.End, "refused", UpdateError.NotInWave));
    }

    private static Board LargerSlots(Bench bench, int size)
    {
        try
        {
            return bench.OtherBoard(bench.Board.Id, size);
        }
        catch (BoardException)
        {
            throw new PreconditionException("its app slots already have the greatest size that a release can state");
        }
    }

    private static ScenarioResult RefusedUnread(Bench bench, UpdateError code, Func<AppImage> publish)
    {
        bench.Flash("good", Old);
        var image = publish();
        var run = bench.Run(new Goal("refused"));
        return run.MustRefuse(code, Old, image, Fact.Equal("image bytes fetched", 0, run.BytesFetched));
    }
}
