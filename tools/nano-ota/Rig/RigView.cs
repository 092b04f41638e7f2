using NanoOta.Cli.Scenarios;
using Spectre.Console;

namespace NanoOta.Cli.Rig;

/// <summary>Prints results as they come, of several devices at a time.</summary>
/// <param name="console">Where.</param>
/// <param name="isNamed">Whether each line names its device.</param>
internal sealed class RigView(IAnsiConsole console, bool isNamed)
{
    private readonly Lock gate = new();

    public void Print(string id, ScenarioOutcome outcome)
    {
        lock (gate)
        {
            console.Markup(outcome.Verdict switch
            {
                Verdict.Passed => "[green]✓[/] ",
                Verdict.Failed => "[red]✗[/] ",
                Verdict.Skipped => "[yellow]–[/] ",
                _ => "[red]![/] ",
            });
            if (isNamed) console.MarkupInterpolated($"{id}  ");
            console.MarkupLineInterpolated($"[bold]{outcome.Scenario.Id}[/]  {outcome.Scenario.Title}: {outcome.Scenario.Claim}");
            var facts = string.Join("; ", outcome.Result?.Facts ?? []);
            if (outcome.Verdict == Verdict.Passed)
                console.MarkupLineInterpolated($"    [grey]{outcome.Time.TotalSeconds:0.0} s, {facts}[/]");
            else console.MarkupLineInterpolated($"    {Word(outcome.Verdict)}: {DeviceText.Visible(outcome.Problem)}");
            if (outcome is { Verdict: Verdict.Failed, Result: { } result })
                console.MarkupLineInterpolated($"    [grey]{Story.Of(result.Run.Trace)}[/]");
        }
    }

    /// <summary>Prints a line of progress.</summary>
    public void Print(string id, string line)
    {
        lock (gate) console.MarkupLineInterpolated($"    [grey]{(isNamed ? id + "  " : "")}{line}[/]");
    }

    /// <summary>Prints the last lines.</summary>
    /// <returns>The exit code: 2 if the rig was at fault or nothing ran, 1 if a scenario failed.</returns>
    public int Close(IReadOnlyList<DeviceOutcomes> devices)
    {
        foreach (var device in devices.Where(device => device.LastFault != null))
            console.MarkupLineInterpolated($"[red]{device.Id} was not left with known firmware: {Secrets.Hide(device.LastFault!)}[/]");
        int Count(Verdict verdict) => devices.Sum(device => device.Count(verdict));
        console.WriteLine(string.Join(", ", [$"{Count(Verdict.Passed)} passed", $"{Count(Verdict.Failed)} failed",
            $"{Count(Verdict.Skipped)} skipped", $"{Count(Verdict.Error)} rig errors"]));
        if (Count(Verdict.Error) > 0 || devices.Any(device => device.LastFault != null)) return ExitCode.WrongInput;
        if (Count(Verdict.Failed) > 0) return ExitCode.NotGood;
        return Count(Verdict.Passed) > 0 ? ExitCode.Success : ExitCode.WrongInput;
    }

    private static string Word(Verdict verdict) => verdict switch
    {
        Verdict.Failed => "failed",
        Verdict.Skipped => "skipped",
        _ => "the rig is at fault",
    };
}
