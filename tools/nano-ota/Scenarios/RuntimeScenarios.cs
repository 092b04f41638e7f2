using NanoOta.Cli.Device;
using NanoOta.Releases;
using NanoOta.VirtualDevice;

namespace NanoOta.Cli.Scenarios;

/// <summary>Releases with a runtime of the size of a real nanoCLR, on a board with two runtime slots.</summary>
internal static class RuntimeScenarios
{
    private const string Old = "1.0.0", New = "1.1.0", Next = "1.2.0";
    private const string OldRuntime = "clr-1", NewRuntime = "clr-2";

    public static ScenarioResult RuntimeUpdate(Bench bench)
    {
        Flash(bench);
        var (app, runtime) = Publish(bench, New, Runtime(bench, NewRuntime));
        var run = bench.Run(new Goal("confirmed", New));
        return run.MustConfirm(New, app,
            Fact.EqualLists("app on runtime", [$"{Old} on {OldRuntime}", $"{New} on {NewRuntime}"], Pairs(run)),
            Fact.Equal("bytes of both images fetched", app.Size + runtime.Size, run.BytesFetched));
    }

    public static ScenarioResult RuntimeCrash(Bench bench)
    {
        Flash(bench);
        var (app, _) = Publish(bench, New, Runtime(bench, NewRuntime, RuntimeFault.Crash));
        var run = bench.Run(new Goal("reverted"));
        return run.MustRevert(New, UpdateError.TooManyBlips, Old, app,
            Fact.EqualLists("app on runtime", [$"{Old} on {OldRuntime}", $"{New} on {NewRuntime}", $"{Old} on {OldRuntime}"], Pairs(run)),
            Fact.Equal("starts of the runtime", 6, run.Trace.Count(e => e is { Event: "boot", Runtime.Version: NewRuntime })));
    }

    public static ScenarioResult PairCut(Bench bench)
    {
        Flash(bench);
        var (app, runtime) = Publish(bench, New, Runtime(bench, NewRuntime));
        var power = new PowerFailures(new PowerFailure("progress", Percent: 50), new PowerFailure("staged"),
            new PowerFailure("progress", Percent: 50), new PowerFailure("activated"), new PowerFailure("trial", Times: 2));
        var run = bench.Run(new Goal("confirmed", New), onEvent: power.On);
        return run.MustConfirm(New, app,
            Fact.EqualLists("app on runtime", [$"{Old} on {OldRuntime}", $"{New} on {NewRuntime}"], Pairs(run)),
            Fact.EqualLists("power failures", ["progress", "progress", "staged", "activated", "trial", "trial"], power.Done),
            Fact.AtMost("bytes of both images fetched", app.Size + runtime.Size + 3 * BlockIndex.BlockSize, run.BytesFetched));
    }

    public static ScenarioResult ClrOnly(Bench bench)
    {
        Flash(bench);
        var runtime = Runtime(bench, NewRuntime);
        bench.Publish(null, New, change: order => order with { Runtime = runtime });
        var first = bench.Run(new Goal("confirmed", New));
        var app = Publish(bench, Next, runtime).App;
        var second = bench.Run(new Goal("confirmed", Next));
        return first.Then(second).MustConfirm(Next, app,
            Fact.EqualLists("app on runtime", [$"{New} on {NewRuntime}", $"{Next} on {NewRuntime}"], Pairs(second)),
            Fact.Equal("bytes fetched for the runtime alone", runtime.Size, first.BytesFetched),
            Fact.Equal("bytes fetched for the app on the same runtime", app.Size, second.BytesFetched));
    }

    private static void Flash(Bench bench) =>
        bench.Flash("good", Old, order => order with { Runtime = Runtime(bench, OldRuntime) });

    private static (AppImage App, RuntimeImage Runtime) Publish(Bench bench, string version, RuntimeImage runtime) =>
        (bench.Publish(bench.Build("good", version), version, change: order => order with { Runtime = runtime })!, runtime);

    private static RuntimeImage Runtime(Bench bench, string version, RuntimeFault fault = RuntimeFault.None)
    {
        var runtime = new VirtualRuntime { Version = version, Fault = fault };
        return new RuntimeImage(runtime.Build(bench.Board), [.. runtime.NativeAssemblies.SelectMany(a => BitConverter.GetBytes(a.Checksum))]);
    }

    // What was booted together; the same pair again is not repeated.
    private static List<string> Pairs(RunResult run)
    {
        var pairs = run.Trace.Where(e => e.Event == "boot").Select(e => $"{e.Version} on {e.Runtime?.Version}").ToList();
        return [.. pairs.Where((pair, i) => i == 0 || pair != pairs[i - 1])];
    }
}
