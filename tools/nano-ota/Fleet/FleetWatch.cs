using System.Threading.Channels;
using NanoOta.Releases;

namespace NanoOta.Cli.Fleet;

/// <summary>Watches a fleet over a broker, and reconnects when the connection is lost.</summary>
internal sealed class FleetWatch(BrokerAddress broker, string? product, IFleetView view, FleetGoal? goal)
{
    // The queue is bounded: when it is full, the broker has to wait.
    private const int QueueLength = 1000;

    private const int FirstRetrySeconds = 1, MaxRetrySeconds = 30;

    private readonly FleetState fleet = new();

    /// <summary>Watches until the goal is reached.</summary>
    /// <exception cref="ReleaseException">The first connection failed.</exception>
    /// <exception cref="OperationCanceledException">It was cancelled.</exception>
    public Task RunAsync(CancellationToken stop) => view.ShowAsync(fleet, () => WatchAsync(stop));

    private async Task WatchAsync(CancellationToken stop)
    {
        int retry = FirstRetrySeconds;
        for (bool isFirst = true; ; isFirst = false)
        {
            try
            {
                if (await WatchOnceAsync(() => retry = FirstRetrySeconds, stop)) return;
                ShowBroker(false, $"lost {broker}; reconnecting");
            }
            catch (ReleaseException e) when (!isFirst)
            {
                ShowBroker(false, $"{e.Message}; next attempt in {retry} s");
            }

            await Task.Delay(TimeSpan.FromSeconds(retry), stop);
            retry = Math.Min(2 * retry, MaxRetrySeconds);
        }
    }

    // True when the goal is reached, false when the connection has ended.
    private async Task<bool> WatchOnceAsync(Action connected, CancellationToken stop)
    {
        var waiting = Channel.CreateBounded<BrokerMessage>(QueueLength);
        await using var connection = await BrokerConnection.OpenAsync(broker, message => waiting.Writer.WriteAsync(message, stop), stop);
        _ = connection.Ended.ContinueWith(_ => waiting.Writer.TryComplete(), TaskScheduler.Default);
        foreach (var kind in new[] { "status", "progress", "event" })
            await connection.SubscribeAsync($"nanoota/{(product == null ? "+" : Topics.Segment(product))}/device/+/{kind}", stop);
        connected();
        ShowBroker(true, $"watching {broker}");
        try
        {
            await foreach (var message in waiting.Reader.ReadAllAsync(stop))
                if (Take(message)) return true;
            return false;
        }
        finally
        {
            // A receiver that waits for space must not delay the disconnect.
            waiting.Writer.TryComplete();
        }
    }

    private bool Take(BrokerMessage message)
    {
        lock (fleet)
        {
            if (fleet.Take(message) is { } update) view.On(update.Device, update.Message, message.IsRetained);
            return goal?.IsReached(fleet) == true;
        }
    }

    private void ShowBroker(bool isConnected, string text)
    {
        lock (fleet)
        {
            if (!isConnected) fleet.Disconnect();
            view.OnBroker(isConnected, text);
        }
    }
}
