namespace NanoOta
{
    /// <summary>Takes a message that a broker delivers, on a network thread: must return at once and never throw.</summary>
    /// <param name="topic">Its topic.</param>
    /// <param name="payload">Valid during the call only.</param>
    /// <param name="count">Bytes of the payload, from 0.</param>
    public delegate void MessageHandler(string topic, byte[] payload, int count);

    /// <summary>Makes the client of one connection.</summary>
    public delegate IBroker BrokerMaker();

    /// <summary>One connection to an MQTT 5 broker. It never reconnects: the link makes a new one, which resolves the broker's name again.
    /// For one thread; each call ends within about a minute.</summary>
    public interface IBroker
    {
        /// <summary>Connects with a new session, and registers the last will. Limits the broker to packets of <see
        /// cref="MqttOptions.MaximumPacketSize"/> and to <see cref="MqttOptions.ReceiveMaximum"/> messages ahead.</summary>
        /// <returns>None, <see cref="UpdateError.BrokerUnreachable"/>, or <see cref="UpdateError.BrokerRefused"/>.</returns>
        UpdateError Connect(MqttOptions options, MessageHandler received);

        /// <summary>Whether there is a connection, as far as the client has detected.</summary>
        bool IsConnected { get; }

        /// <summary>Subscribes to one topic with QoS 1; false when the broker denies it or does not answer.</summary>
        bool Subscribe(string topic);

        /// <summary>Publishes the first <paramref name="count"/> bytes of a buffer, at most those of a report (8192), with QoS 1, and waits
        /// until the broker has answered. A buffer of exactly that length is kept, not copied: do not change it afterwards.</summary>
        /// <returns>None, <see cref="UpdateError.BrokerDenied"/> or <see cref="UpdateError.BrokerLost"/>.</returns>
        UpdateError Publish(string topic, byte[] buffer, int count, bool retain);

        /// <summary>Ends the connection in order, without the last will. Never throws.</summary>
        void Close();
    }
}
