using System.Text;
using System.Text.Json;
using NanoOta.DeviceTests;
using NanoOta.Mqtt.Virtual;
using NanoOta.Releases;

namespace NanoOta.Tests.Mqtt;

/// <summary>The agent's side of the link without a link: a test takes messages from the send queue and adds some to the receive queue.</summary>
internal sealed class MqttBench
{
    public const string DeviceId = "24:6F:28:AA:BB:CC";
    public const string Token = "a token of the test";

    public MqttBench(Action<MqttOptions>? configure = null)
    {
        Options = new MqttOptions("127.0.0.1")
        {
            Product = "lamp",
            Board = "board-a",
            DeviceId = DeviceId,
            CommandKeys = [Key.Public.Base64],
            Token = Token,
            MakeBroker = () => new MqttNetBroker(),
        };
        configure?.Invoke(Options);
        Topics = new Topics(Options.Product, Options.Board, Options.DeviceId);
        ReceiveQueue = new ReceiveQueue(Topics);
        Control = Reset();
    }

    public static SigningKey Key { get; } = SigningKey.Generate();

    public MqttOptions Options { get; }

    public Topics Topics { get; }

    public ReceiveQueue ReceiveQueue { get; private set; }

    public SendQueue SendQueue { get; private set; } = new();

    public TestClock Clock { get; } = new();

    public JournalFlash Flash { get; } = new();

    public RemoteControl Control { get; private set; }

    /// <summary>What a reset leaves: the flash.</summary>
    public RemoteControl Reset()
    {
        ReceiveQueue = new ReceiveQueue(Topics);
        SendQueue = new SendQueue();
        return Control = new RemoteControl(Options, ReceiveQueue, SendQueue, new HostCrypto(), Clock, new JournalCounters(Flash));
    }

    /// <summary>Delivers a command and handles it, after the pause that a refusal requires.</summary>
    public RemoteCommand? Send(byte[] command)
    {
        Clock.Milliseconds += 60_000;
        ReceiveQueue.Receive(Topics.Command, command, command.Length);
        return Control.TakeCommand();
    }

    /// <summary>The oldest message that waits.</summary>
    public (MessageKind Kind, JsonElement Json, int Length) Next()
    {
        var message = new OutgoingMessage();
        Assert.IsTrue(SendQueue.Peek(message), "nothing waits");
        var text = Encoding.ASCII.GetString(message.Bytes, 0, message.Length);
        SendQueue.Remove(message);
        return (message.Kind, JsonDocument.Parse(text).RootElement, message.Length);
    }

    /// <summary>All that waits of one kind.</summary>
    public List<JsonElement> All(MessageKind kind)
    {
        var found = new List<JsonElement>();
        while (SendQueue.Count > 0)
        {
            var (k, json, _) = Next();
            if (k == kind) found.Add(json);
        }

        return found;
    }

    /// <summary>The code of the answer to the last command.</summary>
    public UpdateError AnswerCode() => (UpdateError)All(MessageKind.Answer).Last().GetProperty("code").GetInt32();
}
