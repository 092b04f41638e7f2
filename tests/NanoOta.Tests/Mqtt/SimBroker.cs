namespace NanoOta.Tests.Mqtt;

/// <summary>A broker in memory for one device: keeps what is retained, and delivers what is sent while the device is connected.</summary>
internal sealed class SimBroker
{
    private MessageHandler? device;

    /// <summary>Whether it accepts connections and answers.</summary>
    public bool IsUp { get; set; } = true;

    /// <summary>All that the device has published, in order.</summary>
    public List<(string Topic, byte[] Payload)> Published { get; } = [];

    /// <summary>The buffer that the last report was in, if anything still holds it.</summary>
    public WeakReference? ReportBuffer { get; private set; }

    private Dictionary<string, byte[]> Retained { get; } = [];

    /// <summary>Sends a message to the device; an empty one that is retained removes what was.</summary>
    public void Send(string topic, byte[] payload, bool retain = false)
    {
        if (retain) Retained[topic] = payload;
        if (retain && payload.Length == 0) Retained.Remove(topic);
        if (IsUp) device?.Invoke(topic, payload, payload.Length);
    }

    /// <summary>The connection ends, as with a device that is reset.</summary>
    public void Cut() => device = null;

    public IBroker MakeClient() => new Client(this);

    private sealed class Client(SimBroker broker) : IBroker
    {
        private MessageHandler? mine;

        public bool IsConnected => broker.IsUp && mine != null && broker.device == mine;

        public UpdateError Connect(MqttOptions options, MessageHandler received)
        {
            if (!broker.IsUp) return UpdateError.BrokerUnreachable;
            broker.device = mine = received;
            return UpdateError.None;
        }

        public bool Subscribe(string topic)
        {
            if (broker.Retained.TryGetValue(topic, out var payload)) mine!(topic, payload, payload.Length);
            return true;
        }

        public UpdateError Publish(string topic, byte[] buffer, int count, bool retain)
        {
            if (!IsConnected) return UpdateError.BrokerLost;
            if (topic.EndsWith("/report")) broker.ReportBuffer = new WeakReference(buffer);
            broker.Published.Add((topic, buffer[..count]));
            return UpdateError.None;
        }

        public void Close()
        {
            if (broker.device == mine) broker.device = null;
        }
    }
}
