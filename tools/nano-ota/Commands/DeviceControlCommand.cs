using System.CommandLine;
using NanoOta.Cli.Remote;
using NanoOta.Releases;

namespace NanoOta.Cli.Commands;

/// <summary><c>nano-ota command</c>: tells a device what to do, and prints its answer.</summary>
internal sealed class DeviceControlCommand
{
    private static readonly Dictionary<string, CommandKind> Kinds = new()
    {
        ["check"] = CommandKind.Check,
        ["pause"] = CommandKind.Pause,
        ["resume"] = CommandKind.Resume,
        ["reject"] = CommandKind.RejectTrial,
        ["reboot"] = CommandKind.Reboot,
    };

    private readonly Argument<string> device = new("DEVICE") { Description = "Id of the device" };

    private readonly Argument<string> what = new("COMMAND")
    {
        Description = "check: look for a release now; pause, resume: updates; reject: end the trial; reboot",
    };

    private readonly BrokerOptions broker = new();
    private readonly Option<string> product = CommonOptions.Product();

    private readonly Option<string?> key = new("--key")
    {
        Description = "Private key that signs the command; the firmware must have it among its command keys",
        HelpName = "PEM",
    };

    private readonly Option<string?> token = new("--token-file")
    {
        Description = "File with the token of the firmware, instead of --key",
        HelpName = "FILE",
    };

    private readonly Option<double> timeout = new("--timeout")
    {
        Description = "How long to wait for the answer; then the exit code is 3",
        HelpName = "SECONDS",
        DefaultValueFactory = _ => 30,
    };

    private readonly Option<bool> json = CommonOptions.Json();

    public static Command Create()
    {
        var options = new DeviceControlCommand();
        var command = new ExampleCommand("command",
            "Command a device and wait for its answer. Exit code 1 when it refuses, 3 when there is no answer.",
            "nano-ota command 24:6F:28:AA:BB:CC check --broker mqtt://127.0.0.1 --product lamp --key command/private.pem",
            "nano-ota command d-017 reject --broker mqtts://desk:SECRET@broker.example --product lamp --token-file token.txt")
        {
            options.device, options.what,
        };
        options.broker.AddTo(command);
        foreach (var option in new Option[] { options.product, options.key, options.token, options.timeout, options.json })
            command.Add(option);
        command.SetAction(options.RunAsync);
        return command;
    }

    private async Task<int> RunAsync(ParseResult result, CancellationToken stop)
    {
        var address = broker.Read(result);
        var id = RemoteInput.Level("DEVICE", result.GetRequiredValue(device));
        // No topic of a command or an answer has a board in it.
        var topics = new Topics(RemoteInput.Level(product.Name, result.GetRequiredValue(product)), "-", id);
        var limit = CommonOptions.Time(timeout.Name, result.GetValue(timeout))!.Value;
        var command = OutgoingCommand.Now(id, Kind(result.GetRequiredValue(what)));
        var bytes = Sign(result, command);
        // What ends a command is only watched from its first pause on.
        await Task.Yield();
        try
        {
            var end = await new CommandTalk(address, topics).RunAsync(command.Counter, bytes, limit, stop);
            return end.Answer == null ? Silence(result, id, limit, end) : Print(result, id, end);
        }
        catch (OperationCanceledException) when (stop.IsCancellationRequested)
        {
            return ExitCode.Interrupted;
        }
    }

    private static CommandKind Kind(string name) => Kinds.TryGetValue(name, out var kind) ? kind
        : throw new ReleaseException($"'{DeviceText.Clean(name)}' is not a command; give one of {string.Join(", ", Kinds.Keys)}");

    private byte[] Sign(ParseResult result, OutgoingCommand command)
    {
        switch (result.GetValue(key), result.GetValue(token))
        {
            case ({ } file, null):
                using (var signing = SigningKey.Load(file)) return command.Sign(signing);
            case (null, { } file):
                return command.Sign(RemoteInput.Token(file));
            default:
                throw new ReleaseException("nobody vouches for the command; give either --key or --token-file");
        }
    }

    private int Print(ParseResult result, string id, CommandEnd end)
    {
        long code = end.Answer!.Number("code")!.Value;
        var known = ErrorText.Known(code);
        Report.Print(result, new
        {
            device = DeviceText.Clean(id),
            command = result.GetRequiredValue(what),
            done = code == 0,
            code,
            text = known is { } error ? UpdateErrors.Text(error) : end.Answer.Text("text") ?? "not known to this tool",
            cause = end.Answer.Number("cause") is { } cause ? ErrorText.Of(cause) : null,
            remedy = code == 0 ? null : known is { } refused ? UpdateErrors.Remedy(refused) : "take a nano-ota of the agent's version",
            note = end.IsOurs ? null : "the answer names no command; if others command this device too, it may be to theirs",
        }, result.GetValue(json));
        return code == 0 ? ExitCode.Success : ExitCode.NotGood;
    }

    private static int Silence(ParseResult result, string id, TimeSpan limit, CommandEnd end)
    {
        var why = !end.IsHeard ? "nobody listens to its commands; check id and product, and that it is online"
            : end.IsOnline == false ? "it is offline; send the command again when it is back"
            : $"it gave no answer in {limit.TotalSeconds:0.#} s, and may still carry it out; a refusal is told once in ten seconds";
        result.InvocationConfiguration.Error.WriteLine($"nano-ota: {DeviceText.Clean(id)}: {why}");
        return ExitCode.TimedOut;
    }
}
