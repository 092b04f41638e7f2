using System.CommandLine;
using NanoOta.Cli.Scenarios;
using NanoOta.Releases;

namespace NanoOta.Cli.Rig;

/// <summary>Runs scenarios on the chosen devices side by side, and writes the results: what <c>run</c> and <c>soak</c> share.</summary>
internal sealed class RigExecution
{
    private readonly RigDevices devices = new();

    private readonly Option<string?> junit = CommonOptions.Of<string?>("--junit", "FILE", "File for the results in JUnit's form");

    private readonly Option<string?> json = CommonOptions.Of<string?>("--json", "FILE", "File for the results as one JSON document");

    private readonly Option<string?> log = CommonOptions.Of<string?>("--log", "DIR", "Folder for the whole console of each device");

    private readonly Option<double?> timeout = CommonOptions.Of<double?>("--timeout", "SECONDS",
        "Longest time from a start to the goal of a scenario's step, on boards and emulators [default: 900]");

    public void AddTo(Command command)
    {
        devices.AddTo(command);
        foreach (var option in new Option[] { junit, json, log, timeout }) command.Add(option);
    }

    /// <param name="result">The command line.</param>
    /// <param name="scenarios">The scenarios for a device; receives what prints a line.</param>
    /// <param name="repeat">How many times each.</param>
    /// <param name="stop">Ends it early; then the devices get known firmware.</param>
    /// <returns>The exit code.</returns>
    /// <exception cref="ReleaseException">An option is wrong, or a file cannot be written.</exception>
    public async Task<int> RunAsync(
        ParseResult result, Func<Action<string>, IReadOnlyList<Scenario>> scenarios, int repeat, CancellationToken stop)
    {
        var chosen = devices.Read(result);
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
                using var console = new ConsoleLog(Open(result.GetValue(log) is { } to ? Path.Combine(to, id + ".log") : null));
                IDeviceUnderTest Make() =>
                    device == null ? new VirtualDeviceUnderTest(own, console) : new BoardUnderTest(device, limits, console);
                return await new DeviceRunner(id, Make, own) { OnOutcome = outcome => view.Print(id, outcome) }
                    .RunAsync(scenarios(line => view.Print(id, line)), repeat, stop);
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

    private static TextWriter Open(string? path) => path == null ? TextWriter.Null : NamedWriter.Create(path);
}
