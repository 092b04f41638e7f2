using NanoOta.Cli.Device;

namespace NanoOta.Cli.Scenarios;

/// <summary>Releases that are good by their signature and fail on the device.</summary>
internal static class RollbackScenarios
{
    private const string Old = "1.0.0", Bad = "1.1.0", Next = "1.2.0";

    public static ScenarioResult CrashOnBoot(Bench bench) => Reverted(bench, "crashes-at-start", UpdateError.TrialWatchdog);

    public static ScenarioResult Hang(Bench bench) => Reverted(bench, "hangs", UpdateError.TrialWatchdog);

    public static ScenarioResult Unhealthy(Bench bench) => Reverted(bench, "unhealthy", UpdateError.HealthCheckFailed);

    public static ScenarioResult NoLoop(Bench bench)
    {
        bench.Flash("good", Old);
        var image = bench.Publish("unhealthy", Bad);
        bench.Run(new Goal("reverted"));
        var run = bench.Run(new Goal("refused"));
        return run.MustRefuse(UpdateError.Quarantined, Old, image, Fact.Equal("image bytes fetched", 0, run.BytesFetched));
    }

    public static ScenarioResult Recover(Bench bench)
    {
        bench.Flash("good", Old);
        bench.Publish("unhealthy", Bad);
        var reverted = bench.Run(new Goal("reverted"));
        var image = bench.Publish("good", Next);
        return reverted.Then(bench.Run(new Goal("confirmed", Next))).MustConfirm(Next, image);
    }

    public static ScenarioResult LateCrash(Bench bench)
    {
        bench.Flash("good", Old);
        var image = bench.Publish("crashes-when-confirmed", Bad);
        var crashing = bench.Run(new Goal("reverted"));
        var after = bench.Run(new Goal("refused"));
        return crashing.Then(after).MustRefuse(UpdateError.Quarantined, Old, image,
            Fact.Equal($"{Bad} was confirmed", true, crashing.Trace.Any(e => e is { Event: "confirmed", Version: Bad })),
            Fact.Equal("crashes", 5, crashing.CountResets(ResetReason.Panic)),
            Fact.Ends("after the crashes", crashing.End, "reverted", UpdateError.CrashLoop));
    }

    // Firmware that was flashed by cable has no earlier one to roll back to.
    public static ScenarioResult SafeMode(Bench bench)
    {
        bench.Flash("crashes-when-confirmed", Bad);
        var image = bench.Publish("good", Next); // staging it overwrites the other slot
        var run = bench.Run(new Goal("confirmed", Next));
        var after = run.Trace.SkipWhile(e => e is not { Event: "trial", Version: Next }).ToList();
        return run.MustConfirm(Next, image,
            Fact.Equal("crashes", 5, run.CountResets(ResetReason.Panic)),
            Fact.EqualLists("firmware in safe mode", [Bad], [.. run.Trace.Where(IsSafeMode).Select(e => e.Version).Distinct()]),
            Fact.Equal("safe mode after the repair", false, after.Any(IsSafeMode)));
    }

    private static bool IsSafeMode(DeviceEvent e) => e is { Event: "notice", Code: (int)UpdateError.SafeMode };

    private static ScenarioResult Reverted(Bench bench, string app, UpdateError code)
    {
        bench.Flash("good", Old);
        var image = bench.Publish(app, Bad);
        return bench.Run(new Goal("reverted")).MustRevert(Bad, code, Old, image);
    }
}
