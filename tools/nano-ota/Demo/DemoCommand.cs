using System.CommandLine;
using System.Diagnostics;
using NanoOta.Cli.Device;
using NanoOta.Cli.Rig;
using NanoOta.Cli.Scenarios;
using NanoOta.Releases;
using Spectre.Console;

namespace NanoOta.Cli.Demo;

/// <summary><c>nano-ota demo</c>: runs the scenarios of the demo on a virtual device.</summary>
internal static class DemoCommand
{
    // They mostly wait: for resets, watchdogs and servers.
    private const int AtOnce = 3;

    public static Command Create()
    {
        var json = new Option<string?>("--json") { Description = "File for the results as one JSON document", HelpName = "FILE" };
        var keep = new Option<string?>("--keep") { Description = "Keep key, releases and flash of each scenario in this new folder", HelpName = "DIR" };
        var command = new ExampleCommand("demo",
            "Run updates with all common failures on a virtual device. Exit code 1 if a scenario fails.",
            "nano-ota demo",
            "nano-ota demo --json demo.json --keep demo") { json, keep };
        command.SetInterruptibleAction((result, stop) => RunAsync(result, result.GetValue(json), result.GetValue(keep), stop));
        return command;
    }

    private static async Task<int> RunAsync(ParseResult result, string? json, string? keep, CancellationToken stop)
    {
        using var file = json == null ? TextWriter.Null : NamedWriter.Create(json);
        var folder = keep == null ? Directory.CreateTempSubdirectory("nano-ota-demo-").FullName
            : Path.GetFullPath(InputPath.EmptyFolder(keep));
        var console = Report.Console(result);
        try
        {
            var results = await RunAllAsync(console, folder, stop);
            await file.WriteLineAsync(Json(results));
            int failed = results.Count(r => !r.Result.Ok);
            console.MarkupLine(failed == 0 ? $"[green]All {results.Count} scenarios passed.[/]"
                : $"[red]{failed} of {results.Count} scenarios failed.[/]");
            return failed == 0 ? ExitCode.Success : ExitCode.NotGood;
        }
        finally
        {
            if (keep == null) Directory.Delete(folder, recursive: true);
            else console.MarkupLineInterpolated($"[grey]kept in {folder}[/]");
        }
    }

    private static async Task<List<(Scenario Scenario, ScenarioResult Result)>> RunAllAsync(
        IAnsiConsole console, string folder, CancellationToken stop)
    {
        var results = new (ScenarioResult Result, TimeSpan Time)?[ScenarioList.All.Count];
        var gate = new Lock();
        int printed = 0;
        var options = new ParallelOptions { MaxDegreeOfParallelism = AtOnce, CancellationToken = stop };
        await Parallel.ForAsync(0, results.Length, options, async (i, cancelled) =>
        {
            var time = Stopwatch.StartNew();
            var result = await RunOneAsync(ScenarioList.All[i], Path.Combine(folder, ScenarioList.All[i].Id), cancelled);
            lock (gate)
            {
                results[i] = (result, time.Elapsed);
                for (; printed < results.Length && results[printed] is { } next; printed++)
                    Print(console, ScenarioList.All[printed], next.Result, next.Time);
            }
        });
        return [.. ScenarioList.All.Select((scenario, i) => (scenario, results[i]!.Value.Result))];
    }

    private static async Task<ScenarioResult> RunOneAsync(Scenario scenario, string folder, CancellationToken stop)
    {
        Directory.CreateDirectory(folder);
        using var device = new VirtualDeviceUnderTest(folder, new ConsoleLog(TextWriter.Null));
        device.Select(scenario.Needs);
        device.Key.Save(Path.Combine(folder, "private.pem"));
        await using var bench = await Bench.StartAsync(device, folder, stop);
        return scenario.Run(bench);
    }

    /// <summary>The document of <c>--json</c>; expected and observed are texts for the console.</summary>
    internal static string Json(IReadOnlyList<(Scenario Scenario, ScenarioResult Result)> results) => Report.Json(new
    {
        ok = results.All(r => r.Result.Ok),
        chapters = results.Select(r => new
        {
            r.Scenario.Id,
            r.Result.Expected,
            r.Result.Observed,
            r.Result.Run.BytesFetched,
            r.Result.ImageBytes,
            r.Result.Run.Boots,
            r.Result.Ok,
        }),
    });

    /// <summary>Prints a scenario: its claim, its facts (of a failed one, those that do not hold) and its events.</summary>
    internal static void Print(IAnsiConsole console, Scenario scenario, ScenarioResult result, TimeSpan time)
    {
        console.Markup(result.Ok ? "[green]✓[/] " : "[red]✗[/] ");
        console.MarkupLineInterpolated($"[bold]{scenario.Id}[/]  {scenario.Title}: {scenario.Claim}");
        foreach (var fact in result.Facts.Where(fact => !fact.Holds)) console.MarkupLineInterpolated($"    [red]✗ {fact}[/]");
        if (result.Ok) console.MarkupLineInterpolated($"    {string.Join("; ", result.Facts)}");
        console.MarkupLineInterpolated($"    [grey]{time.TotalSeconds:0.0} s, {result.Run.Boots} boots, {result.Run.BytesFetched} bytes fetched of an image of {result.ImageBytes}[/]");
        console.MarkupLineInterpolated($"    [grey]{Story.Of(result.Run.Trace)}[/]");
    }
}
