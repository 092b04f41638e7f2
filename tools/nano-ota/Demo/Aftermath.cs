using NanoOta.Cli.Device;
using NanoOta.VirtualDevice;

namespace NanoOta.Cli.Demo;

/// <summary>Chapters about what comes after a verdict, or between a device's short times awake.</summary>
internal static class Aftermath
{
    private const string Panic = "a panic";

    public static Chapter LateCrash(World world)
    {
        var image = world.Publish("crashes-when-confirmed", "1.14.0");
        var crashing = world.Play(new Goal("reverted"));
        var after = world.Play(new Goal("refused"));
        bool wasConfirmed = crashing.Trace.Any(e => e is { Event: "confirmed", Version: "1.14.0" });
        return Chapter.Of("late-crash",
            $"refused for {Chapters.Say(UpdateError.Quarantined)}; boots 1.13.0; before, confirmed, 5 crashes, "
                + $"reverted for {Chapters.Say(UpdateError.CrashLoop)}",
            crashing.Then(after), image.Size,
            $"before, {(wasConfirmed ? "confirmed" : "never confirmed")}, {Crashes(crashing)} crashes, {Chapters.Say(crashing.End)}");
    }

    public static Chapter SafeMode(World world)
    {
        world.Publish("crashes-when-confirmed", "1.15.0");
        var confirmed = world.Play(new Goal("confirmed", "1.15.0"));
        var image = world.Publish("good", "1.16.0"); // to stage it spoils the slot that could have come back
        var mended = world.Play(new Goal("confirmed", "1.16.0"));
        var safe = mended.Trace.Where(e => e.Event == "boot" && e.Reason!.Contains("safe mode")).ToList();
        bool isSaid = mended.Trace.Any(e => e is { Event: "notice", Code: (int)UpdateError.SafeMode, Version: "1.15.0" });
        bool isNormal = mended.Trace.LastOrDefault(e => e.Event == "boot") is { Version: "1.16.0" } last && !safe.Contains(last);
        return Chapter.Of("safe-mode",
            "confirmed 1.16.0; boots 1.16.0; after 5 crashes 1.15.0 starts once in safe mode, "
                + $"says {Chapters.Say(UpdateError.SafeMode)}; then a normal start",
            confirmed.Then(mended), image.Size,
            $"after {Crashes(mended)} crashes {safe.FirstOrDefault()?.Version ?? "nothing"} starts {Times(safe.Count)} in safe mode, "
                + $"says {(isSaid ? Chapters.Say(UpdateError.SafeMode) : "nothing")}; "
                + $"then {(isNormal ? "a normal start" : "no normal start")}");
    }

    public static Chapter Sleeper(World world)
    {
        world.Flash("sleeper", "1.16.0");
        var image = world.Publish("sleeper", "1.17.0");
        int blips = 0;
        var played = world.Play(new Goal("confirmed", "1.17.0"), (e, _, flash) =>
        {
            if (e.Event != "trial") return;
            blips += (new BootRecords(flash, FlashMap.Of(world.Board)).Load() ?? BootRecord.None).PowerBlips;
        });
        int staging = Sleeps(played.Trace.TakeWhile(e => e.Event != "activated"));
        int trying = Sleeps(played.Trace.SkipWhile(e => e.Event != "trial"));
        bool isTwice = played.BytesFetched > image.Size + staging * BlockIndex.BlockSize;
        return Chapter.Of("sleeper",
            "confirmed 1.17.0; boots 1.17.0; asleep at least twice while staging, once in the trial; 0 power blips; "
                + "at most a block twice for each sleep", played, image.Size,
            $"asleep {(staging >= 2 ? "at least twice" : Times(staging))} while staging, {Times(trying)} in the trial; "
                + $"{blips} power blips; "
                + (isTwice ? $"{played.BytesFetched} bytes fetched for {image.Size}" : "at most a block twice for each sleep"));
    }

    private static int Crashes(Played played) => played.Trace.Count(e => e is { Event: "reboot", Reason: Panic });

    private static int Sleeps(IEnumerable<DeviceEvent> trace) => trace.Count(e => e.Event == "sleep");

    private static string Times(int count) => count == 1 ? "once" : $"{count} times";
}
