namespace NanoOta
{
    /// <summary>Where the broker is, and what it is told of this device.</summary>
    public sealed class BrokerLogin
    {
        /// <summary>
        /// Bytes of the largest packet that a device takes: a manifest of 4095 bytes, its topic and its headers. The broker keeps
        /// larger ones back (MQTT 5, section 3.1.2.11.4); a client on the device would ask memory for all of one at once.
        /// </summary>
        public const int MaximumPacketSize = 5120;

        /// <summary>Messages of QoS 1 that the broker may send ahead of the answers (MQTT 5, section 3.1.2.11.3).</summary>
        public const int ReceiveMaximum = 4;

        /// <summary>Name or address of the broker.</summary>
        public string Host = "";

        /// <summary>Its port; by custom 1883, with TLS 8883.</summary>
        public int Port = 1883;

        /// <summary>Whether the connection is TLS 1.2 with a verified broker.</summary>
        public bool IsSecure;

        /// <summary>The authority that vouches for the broker, in PEM; null: one in the device's own store.</summary>
        public string CaCertificate;

        /// <summary>User name, or null.</summary>
        public string User;

        /// <summary>Password, or null.</summary>
        public string Password;

        /// <summary>
        /// Seconds of silence after which the client says that it is there, 5 to 65535; after half as much again without a word the
        /// broker publishes the last will. Default 120.
        /// </summary>
        public int KeepAliveSeconds = 120;

        /// <summary>What the broker knows the client by; a second client of the same id throws the first one out.</summary>
        public string ClientId = "";

        /// <summary>Topic of the last will.</summary>
        public string WillTopic = "";

        /// <summary>The last will: published, retained, with QoS 1, when the connection ends in any way but Close.</summary>
        public string Will = "";
    }
}
