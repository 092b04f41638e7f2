using System.Threading.Channels;
using NanoOta.Releases;

namespace NanoOta.Cli.Fleet;

/// <summary>Watches a fleet over a broker, and connects again when the broker was lost.</summary>
internal sealed class FleetWatch(BrokerAddress broker, string? product, IFleetView view, FleetGoal? goal)
{
    // What waits is bounded; then the broker has to.
    private const int MaxWaiting = 1000;

    private const int FirstRetrySeconds = 1, MaxRetrySeconds = 30;

    private readonly FleetState fleet = new();

    /// <summary>Watches until the goal is reached.</summary>
    /// <exception cref="ReleaseException">The first connection failed.</exception>
    /// <exception cref="OperationCanceledException">It was stopped before.</exception>
    public Task RunAsync(CancellationToken stop) => view.ShowAsync(fleet, () => WatchAsync(stop));

    private async Task WatchAsync(CancellationToken stop)
    {
        int retry = FirstRetrySeconds;
        for (bool isFirst = true; ; isFirst = false)
        {
            try
            {
                if (await WatchOnceAsync(() => retry = FirstRetrySeconds, stop)) return;
                Tell(false, $"lost {broker}; connecting again");
            }
            catch (ReleaseException e) when (!isFirst)
            {
                Tell(false, $"{e.Message}; next attempt in {retry} s");
            }

            await Task.Delay(TimeSpan.FromSeconds(retry), stop);
            retry = Math.Min(2 * retry, MaxRetrySeconds);
        }
    }

    // True when the goal is reached, false when the connection has ended.
    private async Task<bool> WatchOnceAsync(Action connected, CancellationToken stop)
    {
        var waiting = Channel.CreateBounded<BrokerMessage>(MaxWaiting);
        await using var connection = await BrokerConnection.OpenAsync(broker, message => waiting.Writer.WriteAsync(message, stop), stop);
        _ = connection.Ended.ContinueWith(_ => waiting.Writer.TryComplete(), TaskScheduler.Default);
        foreach (var kind in new[] { "status", "progress", "event" })
            await connection.SubscribeAsync($"nanoota/{(product == null ? "+" : Topics.Segment(product))}/device/+/{kind}", stop);
        connected();
        Tell(true, $"watching {broker}");
        try
        {
            await foreach (var message in waiting.Reader.ReadAllAsync(stop))
                if (Take(message)) return true;
            return false;
        }
        finally
        {
            // Who still waits for room must not hold up the goodbye.
            waiting.Writer.TryComplete();
        }
    }

    private bool Take(BrokerMessage message)
    {
        lock (fleet)
        {
            if (fleet.Take(message) is { } news) view.On(news.Device, news.Message, message.IsRetained);
            return goal?.IsReached(fleet) == true;
        }
    }

    private void Tell(bool isConnected, string text)
    {
        lock (fleet)
        {
            if (!isConnected) fleet.Lose();
            view.OnBroker(isConnected, text);
        }
    }
}
