using System.CommandLine;
using System.Text.Json;
using NanoOta.Releases;

namespace NanoOta.Cli.Fleet;

/// <summary><c>nano-ota report</c>: requests a report from a device and shows it.</summary>
internal sealed class ReportCommand
{
    private static readonly JsonSerializerOptions Indented = new() { WriteIndented = true };

    private readonly CommandOptions options = new();

    private readonly Option<string?> file = CommonOptions.Of<string?>("--out", "FILE",
        "File for the report as received; an existing file is replaced");

    private readonly Option<bool> json = new("--json") { Description = "Print the whole report as JSON and nothing else" };

    public static Command Create()
    {
        var report = new ReportCommand();
        var command = new ExampleCommand("report",
            "Request a report from a device and show it. Exit code 1 if the device refuses it, 3 if no report comes.",
            "nano-ota report 24:6F:28:AA:BB:CC --broker mqtt://127.0.0.1 --product lamp --key command/private.pem",
            "nano-ota report d-017 --broker mqtts://broker.example --product lamp --token-file token.txt --out d-017.json");
        report.options.AddTo(command);
        command.Add(report.file);
        command.Add(report.json);
        command.SetInterruptibleAction(report.RunAsync);
        return command;
    }

    private async Task<int> RunAsync(ParseResult result, CancellationToken stop)
    {
        var target = result.GetValue(file) is { } path ? InputPath.NewFile(path) : null;
        var command = options.Read(result, CommandKind.Report);
        var outcome = await new CommandExchange(command).RunAsync(awaitsReport: true, stop);
        if (outcome.Report is { } report) return Print(result, command, report, target);
        return outcome.IsRefused ? CommandAnswer.Print(result, command, "report", outcome, result.GetValue(json))
            : CommandAnswer.PrintTimeout(result, command, outcome);
    }

    private int Print(ParseResult result, AddressedCommand command, DeviceReport report, string? target)
    {
        if (target != null) OutputFile.Write(new OutputFile(target, report.Bytes));
        if (result.GetValue(json)) result.InvocationConfiguration.Output.WriteLine(JsonSerializer.Serialize(report.Root, Indented));
        else Report.Print(result, ReportSummary.Of(DeviceText.Clean(command.DeviceId), report.Root), json: false);
        return ExitCode.Success;
    }
}
