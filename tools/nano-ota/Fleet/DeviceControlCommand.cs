using System.CommandLine;
using NanoOta.Releases;

namespace NanoOta.Cli.Fleet;

/// <summary><c>nano-ota command</c>: sends a command to a device and prints its answer.</summary>
internal sealed class DeviceControlCommand
{
    private static readonly Dictionary<string, CommandKind> Kinds = new()
    {
        ["check"] = CommandKind.Check,
        ["pause"] = CommandKind.Pause,
        ["resume"] = CommandKind.Resume,
        ["reject"] = CommandKind.RejectTrial,
        ["revert"] = CommandKind.Revert,
        ["report"] = CommandKind.Report,
        ["reboot"] = CommandKind.Reboot,
    };

    private readonly CommandOptions options = new();

    private readonly Argument<string> what = new("COMMAND")
    {
        Description = "check: check for a release now; pause, resume: updates; reject: end the trial; revert: go back to the firmware "
            + "before the confirmed one; report: publish a report ('nano-ota report' shows it); reboot",
    };

    private readonly Option<bool> json = CommonOptions.Json();

    public static Command Create()
    {
        var control = new DeviceControlCommand();
        var command = new ExampleCommand("command",
            "Send a command to a device and wait for its answer. Exit code 1 if the device refuses it, 3 if it does not answer.",
            "nano-ota command 24:6F:28:AA:BB:CC check --broker mqtt://127.0.0.1 --product lamp --key command/private.pem",
            "nano-ota command d-017 reject --broker mqtts://operator:SECRET@broker.example --product lamp --token-file token.txt",
            "nano-ota command d-017 revert --broker mqtt://127.0.0.1 --product lamp --key command/private.pem");
        control.options.AddTo(command);
        command.Add(control.what);
        command.Add(control.json);
        command.SetInterruptibleAction(control.RunAsync);
        return command;
    }

    private async Task<int> RunAsync(ParseResult result, CancellationToken stop)
    {
        var name = result.GetRequiredValue(what);
        var command = options.Read(result, Kind(name));
        var outcome = await new CommandExchange(command).RunAsync(awaitsReport: false, stop);
        return outcome.Answer == null ? CommandAnswer.PrintTimeout(result, command, outcome)
            : CommandAnswer.Print(result, command, name, outcome, result.GetValue(json));
    }

    private static CommandKind Kind(string name) => Kinds.TryGetValue(name, out var kind) ? kind
        : throw new ReleaseException($"'{DeviceText.Clean(name)}' is not a command; give one of {string.Join(", ", Kinds.Keys)}");
}
