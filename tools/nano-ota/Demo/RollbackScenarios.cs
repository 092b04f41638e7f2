using NanoOta.Cli.Device;
using NanoOta.VirtualDevice;

namespace NanoOta.Cli.Demo;

/// <summary>Releases that are good by their signature and fail on the device.</summary>
internal static class RollbackScenarios
{
    public static ScenarioResult CrashOnBoot(DemoSetup setup) =>
        Reverted(setup, "crashes-at-start", "1.5.0", UpdateError.TrialWatchdog);

    public static ScenarioResult Hang(DemoSetup setup) => Reverted(setup, "hangs", "1.6.0", UpdateError.TrialWatchdog);

    public static ScenarioResult Unhealthy(DemoSetup setup) => Reverted(setup, "unhealthy", "1.7.0", UpdateError.HealthCheckFailed);

    public static ScenarioResult NoLoop(DemoSetup setup)
    {
        var image = setup.Publish("unhealthy", "1.7.0");
        var run = setup.Run(new Goal("refused"));
        return run.MustRefuse(UpdateError.Quarantined, "1.3.0", image, Fact.Equal("image bytes fetched", 0, run.BytesFetched));
    }

    public static ScenarioResult Recover(DemoSetup setup)
    {
        var image = setup.Publish("good", "1.8.0");
        return setup.Run(new Goal("confirmed", "1.8.0")).MustConfirm("1.8.0", image);
    }

    public static ScenarioResult LateCrash(DemoSetup setup)
    {
        var image = setup.Publish("crashes-when-confirmed", "1.14.0");
        var crashing = setup.Run(new Goal("reverted"));
        var after = setup.Run(new Goal("refused"));
        return crashing.Then(after).MustRefuse(UpdateError.Quarantined, "1.13.0", image,
            Fact.Equal("1.14.0 was confirmed", true, crashing.Trace.Any(e => e is { Event: "confirmed", Version: "1.14.0" })),
            Fact.Equal("crashes", 5, crashing.Resets(ResetReason.Panic)),
            Fact.Ends("after the crashes", crashing.End, "reverted", UpdateError.CrashLoop));
    }

    public static ScenarioResult SafeMode(DemoSetup setup)
    {
        setup.Publish("crashes-when-confirmed", "1.15.0");
        var confirmed = setup.Run(new Goal("confirmed", "1.15.0"));
        var image = setup.Publish("good", "1.16.0"); // staging it overwrites the slot to revert to
        var repaired = setup.Run(new Goal("confirmed", "1.16.0"));
        var boots = repaired.Trace.Where(e => e.Event == "boot").ToList();
        return confirmed.Then(repaired).MustConfirm("1.16.0", image,
            Fact.Equal("crashes", 5, repaired.Resets(ResetReason.Panic)),
            Fact.EqualLists("boots in safe mode", ["1.15.0"], [.. boots.Where(IsSafeMode).Select(e => e.Version)]),
            Fact.AtLeast("notices of safe mode", 1,
                repaired.Trace.Count(e => e is { Event: "notice", Code: (int)UpdateError.SafeMode, Version: "1.15.0" })),
            Fact.Equal("last boot", "1.16.0", boots.LastOrDefault()?.Version),
            Fact.Equal("last boot in safe mode", false, boots.Count > 0 && IsSafeMode(boots[^1])));
    }

    private static bool IsSafeMode(DeviceEvent boot) => boot.Firmware?.IsSafeMode == true;

    private static ScenarioResult Reverted(DemoSetup setup, string app, string version, UpdateError code)
    {
        var image = setup.Publish(app, version);
        var run = setup.Run(new Goal("reverted"));
        return run.MustRevert(code, "1.3.0", image,
            Fact.Equal($"{version} was booted", true, run.Trace.Any(e => e.Event == "boot" && e.Version == version)));
    }
}
