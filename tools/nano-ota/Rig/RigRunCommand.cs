using System.CommandLine;
using NanoOta.Cli.Scenarios;
using NanoOta.Releases;

namespace NanoOta.Cli.Rig;

/// <summary><c>nano-ota rig run</c>: runs scenarios on devices.</summary>
internal sealed class RigRunCommand
{
    private const int MaxRepeat = 10_000;

    private readonly Argument<string[]> names = new("SCENARIO")
    {
        Description = "Scenarios to run [default: all; 'nano-ota rig list' shows them]",
        Arity = ArgumentArity.ZeroOrMore,
    };

    private readonly RigExecution execution = new();

    private readonly Option<int> repeat = CommonOptions.WithDefault<int>("--repeat", "N", 1, "Run each scenario so many times");

    public static Command Create()
    {
        var options = new RigRunCommand();
        var command = new ExampleCommand("run",
            "Run scenarios. Exit code 1 if a scenario fails, 2 if the rig is at fault.",
            "nano-ota rig run --junit out.xml",
            "nano-ota rig run good-update power-cut --file rig.yaml --device devkit-1 --repeat 5 --log logs");
        command.Add(options.names);
        command.Add(options.repeat);
        options.execution.AddTo(command);
        command.SetInterruptibleAction(options.RunAsync);
        return command;
    }

    private Task<int> RunAsync(ParseResult result, CancellationToken stop)
    {
        var scenarios = ReadScenarios(result);
        int times = result.GetValue(repeat) is >= 1 and <= MaxRepeat and var n ? n
            : throw new ReleaseException($"--repeat is a number from 1 to {MaxRepeat}");
        return execution.RunAsync(result, _ => scenarios, times, stop);
    }

    private IReadOnlyList<Scenario> ReadScenarios(ParseResult result)
    {
        var ids = result.GetValue(names) ?? [];
        if (ids.FirstOrDefault(id => ScenarioList.All.All(scenario => scenario.Id != id)) is { } unknown)
            throw new ReleaseException($"there is no scenario '{unknown}'; 'nano-ota rig list' shows all");
        return ids.Length == 0 ? ScenarioList.All : [.. ScenarioList.All.Where(scenario => ids.Contains(scenario.Id))];
    }
}
