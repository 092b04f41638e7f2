using System.CommandLine;
using NanoOta.Releases;

namespace NanoOta.Cli.Fleet;

/// <summary><c>nano-ota publish</c>: announces a release to the devices of a broker, or withdraws the announcement.</summary>
internal sealed class PublishCommand
{
    private readonly Argument<string?> folder = new("DIR")
    {
        Description = "Release folder; not needed with --withdraw --product --board",
        Arity = ArgumentArity.ZeroOrOne,
    };

    private readonly BrokerOptions broker = new();
    private readonly Option<string[]> trust = CommonOptions.Trust("Trusted key; may be repeated", required: false);
    private readonly Option<bool> withdraw = new("--withdraw") { Description = "Withdraw the announcement for the product and board" };

    private readonly Option<string?> product = CommonOptions.Of<string?>("--product", "NAME",
        "With --withdraw and --board: the product, instead of DIR");

    private readonly Option<string?> board = CommonOptions.Of<string?>("--board", "NAME",
        "With --withdraw and --product: the board's name, instead of DIR");

    private readonly Option<bool> json = CommonOptions.Json();

    public static Command Create()
    {
        var options = new PublishCommand();
        var command = new ExampleCommand("publish",
            "Announce a release to the devices of its product and board. Exit code 1 if the release fails a check; it is not sent then.",
            "nano-ota publish release --trust keys/public.pem --broker mqtt://127.0.0.1",
            "nano-ota publish release --withdraw --broker mqtt://127.0.0.1",
            "nano-ota publish --withdraw --product lamp --board esp32-devkitc-4mb --broker mqtts://operator:SECRET@broker.example")
        {
            options.folder,
        };
        options.broker.AddTo(command);
        foreach (var option in new Option[] { options.trust, options.withdraw, options.product, options.board, options.json })
            command.Add(option);
        command.SetInterruptibleAction(options.RunAsync);
        return command;
    }

    private async Task<int> RunAsync(ParseResult result, CancellationToken stop)
    {
        var address = broker.Read(result);
        return result.GetValue(withdraw) ? await WithdrawAsync(result, address, stop) : await AnnounceAsync(result, address, stop);
    }

    private async Task<int> AnnounceAsync(ParseResult result, BrokerAddress address, CancellationToken stop)
    {
        if (result.GetValue(product) != null || result.GetValue(board) != null)
            throw new ReleaseException("--product and --board need --withdraw; an announced release has its own");
        var release = result.GetValue(folder) ?? throw new ReleaseException("DIR is missing; give the release folder to announce");
        if (result.GetValue(trust) is not { Length: > 0 } keys)
            throw new ReleaseException("--trust is missing; give the public key of the release");
        if (Announcement.Check(release, CommonOptions.LoadKeys(keys), out var findings) is not { } announcement)
        {
            if (result.GetValue(json)) Report.Print(result, new { announced = false, checks = findings }, json: true);
            else await result.InvocationConfiguration.Error.WriteLineAsync(
                $"nano-ota: {release} is not announced: {DeviceText.Visible(Announcement.Why(findings))}; 'nano-ota verify' lists all checks");
            return ExitCode.NotGood;
        }

        await SendAsync(address, announcement.Topic, announcement.Manifest, stop);
        Report.Print(result, new
        {
            announced = true,
            announcement.Release.Product,
            announcement.Release.Board,
            announcement.Release.Version,
            announcement.Release.Sequence,
            bytes = announcement.Manifest.Length,
            broker = address.ToString(),
            announcement.Topic,
        }, result.GetValue(json));
        return ExitCode.Success;
    }

    private async Task<int> WithdrawAsync(ParseResult result, BrokerAddress address, CancellationToken stop)
    {
        var (name, kind) = (result.GetValue(folder), result.GetValue(product), result.GetValue(board)) switch
        {
            ({ } release, null, null) => Announcement.Read(release).Release is var own ? (own.Product, own.Board) : default,
            (null, { } p, { } b) => (RemoteInput.Level(product.Name, p), RemoteInput.Level(board.Name, b)),
            _ => throw new ReleaseException("--withdraw needs DIR, or --product and --board"),
        };
        var topic = Topics.OfferOf(name, kind);
        await SendAsync(address, topic, [], stop);
        var report = new { withdrawn = true, product = name, board = kind, broker = address.ToString(), topic };
        Report.Print(result, report, result.GetValue(json));
        return ExitCode.Success;
    }

    private static async Task SendAsync(BrokerAddress address, string topic, byte[] payload, CancellationToken stop)
    {
        await using var connection = await BrokerConnection.OpenAsync(address, _ => ValueTask.CompletedTask, stop);
        await connection.PublishAsync(topic, payload, retain: true, stop);
    }
}
