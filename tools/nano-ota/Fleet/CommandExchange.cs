using System.Diagnostics;
using System.Threading.Channels;
using NanoOta.Releases;

namespace NanoOta.Cli.Fleet;

/// <summary>How a command ended.</summary>
/// <param name="Answer">The answer of the device; null = none.</param>
/// <param name="IsOurs">Whether the answer names the command; the refusal of a command without a valid signature names none.</param>
/// <param name="IsDelivered">False if the broker reports that no device subscribes.</param>
/// <param name="IsOnline">From the device's last status; null = none.</param>
/// <param name="Report">The requested report; null = none.</param>
internal sealed record CommandOutcome(DeviceMessage? Answer, bool IsOurs, bool IsDelivered, bool? IsOnline, DeviceReport? Report = null)
{
    /// <summary>Whether the device refused.</summary>
    public bool IsRefused => Answer?.Number("code") is not (null or 0);
}

/// <summary>Sends one command to a device and waits for its answer or report.</summary>
internal sealed class CommandExchange(AddressedCommand command)
{
    // A refusal without a number may belong to a command of another operator; the answer to ours follows within seconds then.
    private static readonly TimeSpan UnnamedTime = TimeSpan.FromSeconds(3);

    private readonly Channel<BrokerMessage> waiting = Channel.CreateBounded<BrokerMessage>(
        new BoundedChannelOptions(100) { FullMode = BoundedChannelFullMode.DropOldest });

    private readonly Stopwatch time = new();
    private DeviceMessage? answer, unnamed;
    private DeviceReport? report;
    private bool? isOnline;

    /// <summary>Sends and waits.</summary>
    /// <param name="awaitsReport">Whether to wait for a report, unless the answer is a refusal.</param>
    /// <param name="stop">Cancels the wait.</param>
    /// <exception cref="ReleaseException">The broker cannot be reached, or denied access.</exception>
    public async Task<CommandOutcome> RunAsync(bool awaitsReport, CancellationToken stop)
    {
        await using var connection = await BrokerConnection.OpenAsync(
            command.Broker, message => waiting.Writer.WriteAsync(message, stop), stop);
        await connection.SubscribeAsync(command.Topics.Answer, stop);
        await connection.SubscribeAsync(command.Topics.Status, stop);
        if (awaitsReport) await connection.SubscribeAsync(command.Topics.Report, stop);
        if (!await connection.PublishAsync(command.Topics.Command, command.Bytes, retain: false, stop))
            return new CommandOutcome(null, IsOurs: false, IsDelivered: false, isOnline);
        using var end = CancellationTokenSource.CreateLinkedTokenSource(stop);
        time.Start();
        end.CancelAfter(command.Limit);
        try
        {
            while (!IsOver(awaitsReport)) Take(await waiting.Reader.ReadAsync(end.Token), end);
        }
        catch (OperationCanceledException) when (!stop.IsCancellationRequested)
        {
            // The time is over; what was received counts.
        }

        return new CommandOutcome(answer ?? unnamed, answer != null, IsDelivered: true, isOnline, report);
    }

    private bool IsOver(bool awaitsReport) =>
        report != null || (answer != null && (!awaitsReport || answer.Number("code") != 0));

    private void Take(BrokerMessage received, CancellationTokenSource end)
    {
        if (received.Topic == command.Topics.Report)
        {
            // Reports to other commands are ignored.
            if (DeviceReport.TryRead(received.Payload, out var read) && read.Number == command.Counter) report = read;
            return;
        }

        if (!DeviceMessage.TryRead(received, out var message)) return;
        if (message.Kind == "status" && message.Number("on") is { } on) isOnline = on == 1;
        if (message.Kind != "answer" || message.Number("code") is not { } code) return;
        if (message.Number("n") == command.Counter) TakeOurs(message, end);
        // After our own answer it belongs to another command.
        if (message.Number("n") != null || code == 0 || unnamed != null || answer != null) return;
        unnamed = message;
        end.CancelAfter(UnnamedTime);
    }

    // Our own answer restores the full time for a report.
    private void TakeOurs(DeviceMessage message, CancellationTokenSource end)
    {
        answer = message;
        var left = command.Limit - time.Elapsed;
        if (unnamed != null) end.CancelAfter(left > TimeSpan.Zero ? left : TimeSpan.Zero);
    }
}
