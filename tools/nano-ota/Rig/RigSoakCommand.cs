using System.CommandLine;
using NanoOta.Cli.Scenarios;
using NanoOta.Releases;

namespace NanoOta.Cli.Rig;

/// <summary><c>nano-ota rig soak</c>: many updates with power failures at random.</summary>
internal sealed class RigSoakCommand
{
    private const int MaxUpdates = 1_000_000;

    private readonly RigExecution execution = new();

    private readonly Option<int> updates = CommonOptions.WithDefault<int>("--updates", "N", 100, "How many updates");

    private readonly Option<string> cuts = CommonOptions.WithDefault<string>("--cuts", "random|none", "random", "When power fails");

    private readonly Option<int?> seed = CommonOptions.Of<int?>("--seed", "N",
        "Seed of the power failures; a run with the same seed plans the same ones [default: a new one]");

    public static Command Create()
    {
        var options = new RigSoakCommand();
        var command = new ExampleCommand("soak",
            "Update again and again, with power failures at random. Stops at the first update that is not confirmed, with exit code 1.",
            "nano-ota rig soak --updates 1000 --seed 17 --file rig.yaml --device devkit-1 --log logs");
        foreach (var option in new Option[] { options.updates, options.cuts, options.seed }) command.Add(option);
        options.execution.AddTo(command);
        command.SetInterruptibleAction(options.RunAsync);
        return command;
    }

    private Task<int> RunAsync(ParseResult result, CancellationToken stop)
    {
        int count = result.GetValue(updates) is >= 1 and <= MaxUpdates and var n ? n
            : throw new ReleaseException($"--updates is a number from 1 to {MaxUpdates}");
        int? plan = result.GetValue(cuts) switch
        {
            "random" => result.GetValue(seed) ?? Random.Shared.Next(),
            "none" => null,
            var other => throw new ReleaseException($"--cuts '{other}' is not known; give random or none"),
        };
        return execution.RunAsync(result, report => [new Soak(count, plan, report).Scenario], 1, stop);
    }
}
