using System.CommandLine;
using NanoOta.Releases;

namespace NanoOta.Cli.Fleet;

/// <summary>A signed command to one device.</summary>
/// <param name="Broker">The broker.</param>
/// <param name="Topics">Topics of the device.</param>
/// <param name="DeviceId">Id of the device as given; clean it before it is shown.</param>
/// <param name="Counter">Its counter.</param>
/// <param name="Bytes">The signed bytes.</param>
/// <param name="Limit">Longest wait for its result.</param>
internal sealed record AddressedCommand(BrokerAddress Broker, Topics Topics, string DeviceId, long Counter, byte[] Bytes, TimeSpan Limit);

/// <summary>The options for the device and the key of a command.</summary>
internal sealed class CommandOptions
{
    private readonly Argument<string> device = new("DEVICE") { Description = "Id of the device" };
    private readonly BrokerOptions broker = new();
    private readonly Option<string> product = CommonOptions.Product();

    private readonly Option<string?> key = CommonOptions.Of<string?>("--key", "PEM",
        "Private key that signs the command; the firmware must trust its public key for commands");

    private readonly Option<string?> token = CommonOptions.Of<string?>("--token-file", "FILE",
        "File with the token of the firmware, instead of --key");

    private readonly Option<long?> counter = CommonOptions.Of<long?>("--counter", "NUMBER",
        "Counter of the command, for a device whose last one is ahead of the clock; the refusal 8006 names a valid one "
        + "[default: milliseconds since 1970]");

    private readonly Option<double> timeout = CommonOptions.WithDefault<double>("--timeout", "SECONDS", 30,
        "Longest wait for the answer; then the exit code is 3");

    /// <summary>Adds the options, and the device as the next argument.</summary>
    public void AddTo(Command command)
    {
        command.Add(device);
        broker.AddTo(command);
        foreach (var option in new Option[] { product, key, token, counter, timeout }) command.Add(option);
    }

    /// <summary>Reads the options and signs the command.</summary>
    /// <exception cref="ReleaseException">One of them is wrong; no message repeats a password or a token.</exception>
    public AddressedCommand Read(ParseResult result, CommandKind kind)
    {
        var address = broker.Read(result);
        var id = RemoteInput.Level("DEVICE", result.GetRequiredValue(device));
        // Topics of commands, answers and reports do not have the board.
        var topics = new Topics(RemoteInput.Level(product.Name, result.GetRequiredValue(product)), "-", id);
        var limit = CommonOptions.Time(timeout.Name, result.GetValue(timeout))!.Value;
        var command = OutgoingCommand.Now(id, kind);
        if (result.GetValue(counter) is { } number)
            command = number is >= 1 and <= OutgoingCommand.MaxNumber ? command with { Counter = number }
                : throw new ReleaseException($"{counter.Name} {number} is out of range; give 1 to {OutgoingCommand.MaxNumber}");
        return new AddressedCommand(address, topics, id, command.Counter, Sign(result, command), limit);
    }

    private byte[] Sign(ParseResult result, OutgoingCommand command)
    {
        switch (result.GetValue(key), result.GetValue(token))
        {
            case ({ } file, null):
                using (var signing = SigningKey.Load(file)) return command.Sign(signing);
            case (null, { } file):
                return command.Sign(RemoteInput.Token(file));
            case ({ }, { }):
                throw new ReleaseException("--key and --token-file exclude each other; omit --token-file if the firmware has the "
                    + "command key, else --key");
            default:
                throw new ReleaseException("the command is not signed; give either --key or --token-file");
        }
    }
}
