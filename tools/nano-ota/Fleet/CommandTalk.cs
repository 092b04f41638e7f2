using System.Diagnostics;
using System.Threading.Channels;
using NanoOta.Releases;

namespace NanoOta.Cli.Fleet;

/// <summary>How a command ended at the desk.</summary>
/// <param name="Answer">What the device said; null when it said nothing.</param>
/// <param name="IsOurs">Whether the answer names the command; a refusal of one that nobody vouches for names none.</param>
/// <param name="IsHeard">False when the broker says that no device listens.</param>
/// <param name="IsOnline">What the device's last status says; null when there is none.</param>
/// <param name="Report">The report that was asked for; null when none came.</param>
internal sealed record CommandEnd(DeviceMessage? Answer, bool IsOurs, bool IsHeard, bool? IsOnline, DeviceReport? Report = null)
{
    /// <summary>Whether the device refused.</summary>
    public bool IsRefused => Answer?.Number("code") is not (null or 0);
}

/// <summary>Sends one command to a device and waits for what becomes of it.</summary>
internal sealed class CommandTalk(DeskCommand command)
{
    // A refusal without a number may be of somebody else's command; ours would be answered within the next seconds.
    private static readonly TimeSpan DoubtTime = TimeSpan.FromSeconds(3);

    private readonly Channel<BrokerMessage> waiting = Channel.CreateBounded<BrokerMessage>(
        new BoundedChannelOptions(100) { FullMode = BoundedChannelFullMode.DropOldest });

    private readonly Stopwatch time = new();
    private DeviceMessage? answer, unnamed;
    private DeviceReport? report;
    private bool? isOnline;

    /// <summary>Sends and waits.</summary>
    /// <param name="awaitsReport">Whether the report counts, and not the answer, unless that is a refusal.</param>
    /// <param name="stop">Ends it before.</param>
    /// <exception cref="ReleaseException">The broker cannot be reached, or denies something.</exception>
    public async Task<CommandEnd> RunAsync(bool awaitsReport, CancellationToken stop)
    {
        await using var connection = await BrokerConnection.OpenAsync(
            command.Broker, message => waiting.Writer.WriteAsync(message, stop), stop);
        await connection.SubscribeAsync(command.Topics.Answer, stop);
        await connection.SubscribeAsync(command.Topics.Status, stop);
        if (awaitsReport) await connection.SubscribeAsync(command.Topics.Report, stop);
        if (!await connection.PublishAsync(command.Topics.Command, command.Bytes, retain: false, stop))
            return new CommandEnd(null, IsOurs: false, IsHeard: false, isOnline);
        using var end = CancellationTokenSource.CreateLinkedTokenSource(stop);
        time.Start();
        end.CancelAfter(command.Limit);
        try
        {
            while (!IsOver(awaitsReport)) Take(await waiting.Reader.ReadAsync(end.Token), end);
        }
        catch (OperationCanceledException) when (!stop.IsCancellationRequested)
        {
            // What has come until now is all there is.
        }

        return new CommandEnd(answer ?? unnamed, answer != null, IsHeard: true, isOnline, report);
    }

    private bool IsOver(bool awaitsReport) =>
        report != null || (answer != null && (!awaitsReport || answer.Number("code") != 0));

    private void Take(BrokerMessage received, CancellationTokenSource end)
    {
        if (received.Topic == command.Topics.Report)
        {
            // Of reports to others, and of those before this one, there may be any number.
            if (DeviceReport.TryRead(received.Payload, out var read) && read.Number == command.Counter) report = read;
            return;
        }

        if (!DeviceMessage.TryRead(received, out var message)) return;
        if (message.Kind == "status" && message.Number("on") is { } on) isOnline = on == 1;
        if (message.Kind != "answer" || message.Number("code") is not { } code) return;
        if (message.Number("n") == command.Counter) TakeOurs(message, end);
        // After our own answer it is of another command for certain.
        if (message.Number("n") != null || code == 0 || unnamed != null || answer != null) return;
        unnamed = message;
        end.CancelAfter(DoubtTime);
    }

    // Ends the doubt: a report has all of the time again.
    private void TakeOurs(DeviceMessage message, CancellationTokenSource end)
    {
        answer = message;
        var left = command.Limit - time.Elapsed;
        if (unnamed != null) end.CancelAfter(left > TimeSpan.Zero ? left : TimeSpan.Zero);
    }
}
