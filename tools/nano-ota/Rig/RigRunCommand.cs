using System.CommandLine;
using NanoOta.Cli.Scenarios;
using NanoOta.Releases;
using Spectre.Console;

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

    private readonly RigDevices devices = new();

    private readonly Option<int> repeat = CommonOptions.WithDefault<int>("--repeat", "N", 1, "Run each scenario so many times");

    private readonly Option<string?> junit = CommonOptions.Of<string?>("--junit", "FILE", "File for the results in JUnit's form");

    private readonly Option<string?> json = CommonOptions.Of<string?>("--json", "FILE", "File for the results as one JSON document");

    private readonly Option<string?> log = CommonOptions.Of<string?>("--log", "DIR", "Folder for the whole console of each device");

    private readonly Option<double?> timeout = CommonOptions.Of<double?>("--timeout", "SECONDS",
        "Longest time from a start to the goal of a scenario's step, on boards and emulators [default: 900]");

    public static Command Create()
    {
        var options = new RigRunCommand();
        var command = new ExampleCommand("run",
            "Run scenarios. Exit code 1 if a scenario fails, 2 if the rig is at fault.",
            "nano-ota rig run --junit out.xml",
            "nano-ota rig run good-update power-cut --file rig.yaml --device devkit-1 --repeat 5 --log logs");
        command.Add(options.names);
        options.devices.AddTo(command);
        foreach (var option in new Option[] { options.repeat, options.junit, options.json, options.log, options.timeout }) command.Add(option);
        command.SetInterruptibleAction(options.RunAsync);
        return command;
    }

    private async Task<int> RunAsync(ParseResult result, CancellationToken stop)
    {
        var scenarios = ReadScenarios(result);
        var chosen = devices.Read(result);
        int times = result.GetValue(repeat) is >= 1 and <= MaxRepeat and var n ? n
            : throw new ReleaseException($"--repeat is a number from 1 to {MaxRepeat}");
        var limit = CommonOptions.Time("--timeout", result.GetValue(timeout));
        var limits = limit == null ? RigLimits.Default : new RigLimits(limit.Value);
        if (result.GetValue(log) is { } logs) InputPath.NewFolder(logs);
        using var junitFile = Open(result.GetValue(junit));
        using var jsonFile = Open(result.GetValue(json));
        var folder = Directory.CreateTempSubdirectory("nano-ota-rig-").FullName;
        var view = new RigView(Report.Console(result), isNamed: chosen.Count > 1);
        try
        {
            var reports = await Task.WhenAll(chosen.Select(device => Task.Run(async () =>
            {
                var id = device?.Id ?? VirtualDeviceUnderTest.Name;
                var own = Directory.CreateDirectory(Path.Combine(folder, id)).FullName;
                using var console = new ConsoleLog(result.GetValue(log) is { } to ? NamedWriter.Create(Path.Combine(to, id + ".log")) : null);
                IDeviceUnderTest Make() =>
                    device == null ? new VirtualDeviceUnderTest(own, console) : new BoardUnderTest(device, limits, console);
                return await new DeviceRunner(id, Make, own) { OnOutcome = outcome => view.Print(id, outcome) }
                    .RunAsync(scenarios, times, stop);
            }, CancellationToken.None)));
            int code = view.Close(reports);
            await junitFile.WriteLineAsync(JUnitFile.Write(reports));
            await jsonFile.WriteLineAsync(RigJson.Write(reports, code));
            return code;
        }
        finally
        {
            Directory.Delete(folder, recursive: true);
        }
    }

    private IReadOnlyList<Scenario> ReadScenarios(ParseResult result)
    {
        var ids = result.GetValue(names) ?? [];
        if (ids.FirstOrDefault(id => ScenarioList.All.All(scenario => scenario.Id != id)) is { } unknown)
            throw new ReleaseException($"there is no scenario '{unknown}'; 'nano-ota rig list' shows all");
        return ids.Length == 0 ? ScenarioList.All : [.. ScenarioList.All.Where(scenario => ids.Contains(scenario.Id))];
    }

    private static TextWriter Open(string? path) => path == null ? TextWriter.Null : NamedWriter.Create(path);
}
