using System;

namespace NanoOta
{
    /// <summary>The broker of a device, and the keys of its commands. Only the name of the broker is required. Setters refuse invalid
    /// values. Do not change the options once the agent runs.</summary>
    public sealed class MqttOptions
    {
        /// <summary>Bytes of the largest packet that a device takes: a manifest of 4095 bytes, its topic and its headers. The broker keeps
        /// larger ones back (MQTT 5, section 3.1.2.11.4); a client on the device would request memory for all of one at once.</summary>
        public const int MaximumPacketSize = 5120;

        /// <summary>Messages of QoS 1 that the broker may send ahead of the answers (MQTT 5, section 3.1.2.11.3).</summary>
        public const int ReceiveMaximum = 4;

        /// <summary>Shortest token, in characters.</summary>
        public const int MinTokenLength = 16;

        // Registered with IANA.
        private const int PlainPort = 1883, SecurePort = 8883;

        private const int MaxSpreadMs = 3600000;

        private int port, keepAliveSeconds = 120, statusIntervalMs = 3600000, connectSpreadMs = 2000;
        private string[] commandKeys = new string[0];
        private string token = "";

        /// <summary>Options for a broker without TLS, user or commands.</summary>
        /// <param name="host">Name or address of an MQTT 5 broker.</param>
        /// <exception cref="ArgumentException">The name is empty.</exception>
        public MqttOptions(string host)
        {
            Check(host != null && host != "", "the broker has no name: give its host name or IP address");
            Check(host.IndexOf("://") < 0, "the broker's name is an address: give the host alone, and set Port and IsSecure");
            Host = host;
        }

        /// <summary>Name or address of the broker.</summary>
        public string Host { get; }

        /// <summary>Port of the broker, 1 to 65535. Default 1883, and 8883 with <see cref="IsSecure"/>.</summary>
        /// <exception cref="ArgumentException">The value is out of range.</exception>
        public int Port
        {
            get => port > 0 ? port : IsSecure ? SecurePort : PlainPort;
            set => port = InRange("Port", value, 1, 65535);
        }

        /// <summary>Whether the connection is TLS 1.2 with a verified broker. TLS to broker and update server at once takes memory that a
        /// chip without PSRAM may not have.</summary>
        public bool IsSecure { get; set; }

        /// <summary>The authority that has signed the broker's certificate, in PEM form; null: those in the device's own store.</summary>
        public string CaCertificate { get; set; }

        /// <summary>User name, or null.</summary>
        public string User { get; set; }

        /// <summary>Password, or null. It is in every image of the firmware: let its user write below <c>nanoota/PRODUCT/device/</c>, read
        /// offers and commands, and nothing else.</summary>
        public string Password { get; set; }

        /// <summary>Seconds without a message after which the client sends a ping, 5 to 65535. After half as much again without a ping the
        /// broker publishes the last will, and the device is shown as offline. Default 120.</summary>
        /// <exception cref="ArgumentException">The value is out of range.</exception>
        public int KeepAliveSeconds
        {
            get => keepAliveSeconds;
            set => keepAliveSeconds = InRange("KeepAliveSeconds", value, 5, 65535);
        }

        /// <summary>
        /// Public P-256 keys that may sign commands, base64 of x ‖ y, as <c>nano-ota keygen</c> prints them. Use other keys than those that
        /// sign releases: an operator uses these every day. With no key and no <see cref="Token"/> the device accepts no command. A
        /// malformed key is reported when the agent starts.
        /// </summary>
        /// <exception cref="ArgumentException">The value is null.</exception>
        public string[] CommandKeys
        {
            get => commandKeys;
            set
            {
                Check(value != null, "CommandKeys is null: give an array, which may be empty");
                commandKeys = value;
            }
        }

        /// <summary>A shared secret that authenticates commands too, of at least 16 characters; empty: only keys do. An attacker who reads
        /// it out of one device can command all devices that have it: prefer keys.</summary>
        /// <exception cref="ArgumentException">It is too short, or null.</exception>
        public string Token
        {
            get => token;
            set
            {
                bool isGood = value != null && (value == "" || value.Length >= MinTokenLength);
                Check(isGood, "Token is shorter than 16 characters: use a longer random one");
                token = value;
            }
        }

        /// <summary>Milliseconds after which a status is published again although only numbers have changed, from 1000. Default one hour;
        /// every other change is published at once.</summary>
        /// <exception cref="ArgumentException">The value is out of range.</exception>
        public int StatusIntervalMs
        {
            get => statusIntervalMs;
            set => statusIntervalMs = InRange("StatusIntervalMs", value, 1000, int.MaxValue);
        }

        /// <summary>Milliseconds within which the first connection is made, and again the first retry; each further one doubles that, up to
        /// five minutes, and the moment is drawn from the whole time ("full jitter"). 0 to 3600000, default 2000.</summary>
        /// <exception cref="ArgumentException">The value is out of range.</exception>
        public int ConnectSpreadMs
        {
            get => connectSpreadMs;
            set => connectSpreadMs = InRange("ConnectSpreadMs", value, 0, MaxSpreadMs);
        }

        /// <summary>Makes the client of each connection. On a device it is nanoFramework.M2Mqtt by default; anywhere else there is no
        /// default, and without it the agent runs without a broker.</summary>
        public BrokerMaker MakeBroker { get; set; } = BrokerShim.Default();

        /// <summary>The client's id; a second client of the same id ends the connection of the first one. Set by the link.</summary>
        public string ClientId { get; internal set; } = "";

        /// <summary>Topic of the last will, which is <see cref="RemoteLink.OfflineStatus"/>. Set by the link.</summary>
        public string WillTopic { get; internal set; } = "";

        /// <summary>Product, board and id of the device: those of the agent's options.</summary>
        internal string Product = "", Board = "", DeviceId = "";

        private static int InRange(string name, int value, int least, int most)
        {
            Check(value >= least && value <= most, name + " must be " + least.ToString() + " to " + most.ToString());
            return value;
        }

        private static void Check(bool isGood, string remedy)
        {
            if (!isGood) throw new ArgumentException(remedy);
        }
    }
}
