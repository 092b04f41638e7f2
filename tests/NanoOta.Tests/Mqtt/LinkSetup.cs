using System.Text.Json;
using MQTTnet;
using MQTTnet.Protocol;

namespace NanoOta.Tests.Mqtt;

/// <summary>A device's link over MQTTnet on a thread of its own, and a client that watches the broker.</summary>
internal sealed class LinkSetup : IDisposable
{
    private readonly RemoteLink link;
    private readonly Thread thread;
    private readonly IClock clock = new SystemClock();
    private volatile bool isReady = true;
    private readonly List<(string Topic, string Text, bool Retain)> seen = [];
    private bool isStopping, isCut;
    private IMqttClient? watcher;

    public LinkSetup(int port, Action<MqttOptions>? configure = null)
    {
        Bench = new MqttBench(o => (o.ConnectSpreadMs, o.StatusIntervalMs) = (100, 1000));
        (Options.Port, Options.KeepAliveSeconds) = (port, 60);
        configure?.Invoke(Options);
        link = new RemoteLink(Options, Bench.ReceiveQueue, Bench.SendQueue, clock, () => isReady);
        thread = new Thread(Run);
    }

    public MqttBench Bench { get; }

    public MqttOptions Options => Bench.Options;

    public RemoteLink Link => link;

    /// <summary>Whether the device has a network.</summary>
    public bool IsReady { set => isReady = value; }

    public RemoteLink Start()
    {
        PublishStatus();
        thread.Start();
        return link;
    }

    /// <summary>Publishes a status that differs from all before.</summary>
    public void PublishStatus()
    {
        Bench.Control.Status.TrialBoots++;
        Bench.Clock.Milliseconds += 2000;
        Bench.Control.Report();
    }

    /// <summary>All that the watcher has seen until now, in order.</summary>
    public IReadOnlyList<(string Topic, string Text, bool Retain)> Seen
    {
        get
        {
            lock (seen) return [.. seen];
        }
    }

    public async Task<IMqttClient> WatchAsync(int port, string? user = null)
    {
        watcher = new MqttClientFactory().CreateMqttClient();
        watcher.ApplicationMessageReceivedAsync += e =>
        {
            var message = e.ApplicationMessage;
            lock (seen) seen.Add((message.Topic, message.ConvertPayloadToString() ?? "", message.Retain));
            return Task.CompletedTask;
        };
        var options = new MqttClientOptionsBuilder().WithTcpServer("127.0.0.1", port);
        if (user != null) options.WithCredentials(user, "secret of " + user);
        await watcher.ConnectAsync(options.Build());
        await watcher.SubscribeAsync("nanoota/#", MqttQualityOfServiceLevel.AtLeastOnce);
        return watcher;
    }

    public Task PublishAsync(string topic, byte[] payload, bool retain = false, int qos = 1) =>
        watcher!.PublishAsync(new MqttApplicationMessage
        {
            Topic = topic,
            PayloadSegment = payload,
            Retain = retain,
            QualityOfServiceLevel = (MqttQualityOfServiceLevel)qos,
        });

    /// <summary>Waits until the watcher has received a matching message of a topic.</summary>
    public void AwaitMessage(string topic, Func<JsonElement, bool> matches) => Await(() => Saw(topic, matches), topic);

    public bool Saw(string topic, Func<JsonElement, bool> matches) =>
        Seen.Any(m => m.Topic == topic && m.Text != "" && matches(JsonDocument.Parse(m.Text).RootElement));

    public void Forget()
    {
        lock (seen) seen.Clear();
    }

    /// <summary>Polls for commands as the agent's loop would, until one arrives.</summary>
    public RemoteCommand AwaitCommand()
    {
        RemoteCommand? command = null;
        Await(() =>
        {
            Bench.Clock.Milliseconds += 1000;
            return (command = Bench.Control.TakeCommand()) != null;
        }, "a command");
        return command!;
    }

    public static void Await(Func<bool> holds, string what)
    {
        for (int i = 0; i < 600; i++)
        {
            if (holds()) return;
            Thread.Sleep(50);
        }

        Assert.Fail($"in 30 seconds there was no {what}");
    }

    /// <summary>Ends the thread; with <paramref name="inOrder"/> after a goodbye.</summary>
    public void Stop(bool inOrder)
    {
        isCut = !inOrder;
        Volatile.Write(ref isStopping, true);
        if (thread.IsAlive) thread.Join();
    }

    public void Dispose()
    {
        Stop(inOrder: true);
        watcher?.Dispose();
    }

    private void Run()
    {
        while (!Volatile.Read(ref isStopping))
        {
            int wait = Math.Min(link.Step(), 20);
            if (link.IsConnected) Bench.SendQueue.Wait(wait);
            else Thread.Sleep(wait);
        }

        if (!isCut) link.Close();
    }
}
