using System.Threading.Channels;
using NanoOta.Releases;

namespace NanoOta.Cli.Remote;

/// <summary>How a command ended at the desk.</summary>
/// <param name="Answer">What the device said; null when it said nothing.</param>
/// <param name="IsOurs">Whether the answer names the command; a refusal of one that nobody vouches for names none.</param>
/// <param name="IsHeard">False when the broker says that no device listens.</param>
/// <param name="IsOnline">What the device's last status says; null when there is none.</param>
internal sealed record CommandEnd(DeviceMessage? Answer, bool IsOurs, bool IsHeard, bool? IsOnline);

/// <summary>Sends one command to a device and waits for what becomes of it.</summary>
internal sealed class CommandTalk(BrokerAddress broker, Topics topics)
{
    // A refusal without a number may be of somebody else's command; ours would be answered within the next seconds.
    private static readonly TimeSpan DoubtTime = TimeSpan.FromSeconds(3);

    private readonly Channel<BrokerMessage> waiting = Channel.CreateBounded<BrokerMessage>(
        new BoundedChannelOptions(100) { FullMode = BoundedChannelFullMode.DropOldest });

    private DeviceMessage? unnamed;
    private bool? isOnline;

    /// <summary>Sends and waits.</summary>
    /// <param name="counter">The command's counter.</param>
    /// <param name="command">The command as it is sent.</param>
    /// <param name="limit">How long to wait for the answer.</param>
    /// <param name="stop">Ends it before.</param>
    /// <exception cref="ReleaseException">The broker cannot be reached, or denies something.</exception>
    public async Task<CommandEnd> RunAsync(long counter, byte[] command, TimeSpan limit, CancellationToken stop)
    {
        await using var connection = await BrokerConnection.OpenAsync(broker, message => waiting.Writer.WriteAsync(message, stop), stop);
        await connection.SubscribeAsync(topics.Answer, stop);
        await connection.SubscribeAsync(topics.Status, stop);
        if (!await connection.PublishAsync(topics.Command, command, retain: false, stop))
            return new CommandEnd(null, IsOurs: false, IsHeard: false, isOnline);
        using var end = CancellationTokenSource.CreateLinkedTokenSource(stop);
        end.CancelAfter(limit);
        try
        {
            return new CommandEnd(await AwaitAnswerAsync(counter, end), true, true, isOnline);
        }
        catch (OperationCanceledException) when (!stop.IsCancellationRequested)
        {
            return new CommandEnd(unnamed, false, true, isOnline);
        }
    }

    private async Task<DeviceMessage> AwaitAnswerAsync(long counter, CancellationTokenSource end)
    {
        while (true)
        {
            if (!DeviceMessage.TryRead(await waiting.Reader.ReadAsync(end.Token), out var message)) continue;
            if (message.Kind == "status" && message.Number("on") is { } on) isOnline = on == 1;
            if (message.Kind != "answer" || message.Number("code") is not { } code) continue;
            if (message.Number("n") == counter) return message;
            if (message.Number("n") != null || code == 0 || unnamed != null) continue;
            unnamed = message;
            end.CancelAfter(DoubtTime);
        }
    }
}
