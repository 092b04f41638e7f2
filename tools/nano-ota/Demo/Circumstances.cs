using NanoOta.Cli.Device;
using NanoOta.Releases;
using NanoOta.VirtualDevice;

namespace NanoOta.Cli.Demo;

/// <summary>Chapters in which nothing is wrong with the release, but with what is around the device.</summary>
internal static class Circumstances
{
    public static Chapter BusyServer(World world)
    {
        var image = world.Publish("good", "1.9.0");
        var server = new BusyServer(seconds: 1);
        world.Intercept = server.Intercept;
        var played = world.Play(new Goal("confirmed", "1.9.0"));
        world.Intercept = null;
        return Chapter.Of("busy-server",
            "confirmed 1.9.0; boots 1.9.0; turned away for manifest, index and image; never back before Retry-After", played, image.Size,
            $"turned away for {(server.TurnedAway == 3 ? "manifest, index and image" : $"{server.TurnedAway} files")}; "
                + (server.Early == 0 ? "never back before Retry-After" : $"{server.Early} times back before Retry-After"));
    }

    public static Chapter WeakBattery(World world)
    {
        var before = world.Around;
        var supply = Path.Combine(world.Folder, "supply");
        File.WriteAllText(supply, "3400");
        world.Around = before with { Supply = supply };
        var image = world.Publish("good", "1.10.0");
        var played = world.Play(new Goal("confirmed", "1.10.0"), (e, _, _) =>
        {
            if (e.Event == "refused") File.WriteAllText(supply, "3900");
        });
        world.Around = before;
        var story = played.Trace.TakeWhile(e => e.Event != "staging").ToList();
        int refusals = story.FindIndex(e => e is { Event: "refused", Code: (int)UpdateError.SupplyLow });
        bool wasAsked = story.Take(Math.Max(refusals, 0)).Any(e => e.Event == "offer");
        return Chapter.Of("weak-battery",
            $"confirmed 1.10.0; boots 1.10.0; at 3400 mV refused for {Chapters.Say(UpdateError.SupplyLow)}, the server is not asked; "
                + "after 1 boot staged at 3900 mV", played, image.Size,
            $"at 3400 mV {(refusals < 0 ? "not refused" : $"refused for {Chapters.Say(UpdateError.SupplyLow)}")}, "
                + $"the server is {(wasAsked ? "asked" : "not asked")}; "
                + $"after {story.Count(e => e.Event == "boot")} boot staged at {File.ReadAllText(supply)} mV");
    }

    public static Chapter PowerBlip(World world)
    {
        var image = world.Publish("good", "1.11.0");
        int cuts = 0;
        var played = world.Play(new Goal("confirmed", "1.11.0"), (e, run, _) =>
        {
            if (e.Event != "trial" || cuts == 3) return;
            cuts++;
            run.CutPower();
        });
        int failures = played.Trace.Count(e => e is { Event: "reboot", Reason: "power failed" });
        int trials = played.Trace.Count(e => e.Event == "trial");
        return Chapter.Of("power-blip", "confirmed 1.11.0; boots 1.11.0; 3 power failures, on trial 4 times", played, image.Size,
            $"{failures} power failures, on trial {trials} times");
    }

    public static Chapter WrongRuntime(World world)
    {
        const string Driver = "Lamp.Driver";
        const uint Checksum = 0x1A2B3C4D;
        var before = world.Around;
        var image = world.Publish(world.Build("good", "1.12.0"), "1.12.0",
            change: order => order with { Needs = [new NativeNeed(Driver, Checksum)] });
        var without = world.Play(new Goal("refused"));
        world.Around = before with { Natives = [NativeAssembly.OfModule, new NativeAssembly(Driver, Checksum)] };
        var with = world.Play(new Goal("confirmed", "1.12.0"));
        world.Around = before;
        return Chapter.Of("wrong-runtime",
            $"confirmed 1.12.0; boots 1.12.0; before, on the runtime without {Driver}, refused for "
                + $"{Chapters.Say(UpdateError.WrongRuntime)}, {Driver}: 0x1a2b3c4d needed, not there, 0 bytes fetched",
            without.Then(with), image.Size, $"before, on the runtime without {Driver}, {Chapters.Say(without.End)}, "
                + $"{without.End?.Detail}, {without.BytesFetched} bytes fetched");
    }

    public static Chapter Wave(World world)
    {
        var before = world.Around;
        var old = world.Flash("good", "1.12.0");
        var image = world.Publish(world.Build("good", "1.13.0"), "1.13.0",
            change: order => order with { Rollout = new Rollout { WavePercent = 10 } });
        var fleet = Enumerable.Range(0, 200).Select(number => new FleetDevice(world, old, $"lamp-{number:000}").LookTwice()).ToList();
        var takers = fleet.Where(look => look.First == "boots 1.13.0").ToList();
        var others = fleet.Where(look => look.First == "boots 1.12.0, " + Chapters.Say(UpdateError.NotInWave)).ToList();
        world.Around = before with { Id = others.Select(look => look.Id).FirstOrDefault("none") };
        var outside = world.Play(new Goal("refused"));
        world.Around = before with { Id = takers.Select(look => look.Id).FirstOrDefault("none") };
        var inside = world.Play(new Goal("confirmed", "1.13.0"));
        world.Around = before;
        bool isTenth = takers.Count is >= 3 and <= 37; // four standard deviations to each side
        bool isSame = takers.Count + others.Count == fleet.Count && fleet.TrueForAll(look => look.First == look.Second);
        return Chapter.Of("wave",
            "confirmed 1.13.0; boots 1.13.0; about a tenth of 200 agents take it, the same ones at the second look; a device with the id "
                + $"of another one: refused for {Chapters.Say(UpdateError.NotInWave)}", outside.Then(inside), image.Size,
            $"{(isTenth ? "about a tenth" : $"{takers.Count}")} of {fleet.Count} agents take it, {(isSame ? "the same ones" : "others")} "
                + $"at the second look; a device with the id of another one: {Chapters.Say(outside.End)}");
    }
}
