namespace NanoOta
{
    /// <summary>What an application tells of itself to those who watch and command its agent.</summary>
    public sealed class MqttOptions
    {
        /// <summary>Shortest token, in characters.</summary>
        public const int MinTokenLength = 16;

        /// <summary>Product, as in <see cref="UpdateOptions.Product"/>.</summary>
        public string Product = "";

        /// <summary>Board, as in <see cref="UpdateOptions.Board"/>.</summary>
        public string Board = "";

        /// <summary>What tells this device from the others, such as its MAC address; 1 to 64 bytes of UTF-8.</summary>
        public string DeviceId = "";

        /// <summary>
        /// Public P-256 keys that may sign commands: base64 of x ‖ y. Others than those that sign releases: these stand on a machine
        /// that is at the desk every day.
        /// </summary>
        public string[] CommandKeys = new string[0];

        /// <summary>A secret that vouches for commands as well, of 16 characters at least; empty: only keys do.</summary>
        public string Token = "";

        /// <summary>
        /// Milliseconds after which a status is published again although only numbers have changed. Default one hour; what else changes
        /// is published at once.
        /// </summary>
        public int StatusIntervalMs = 3600000;

        /// <summary>
        /// Milliseconds within which the first connection is made, and again the first retry; each further one doubles that, up to five
        /// minutes, and the moment is drawn from the whole time ("full jitter"). Default 2000.
        /// </summary>
        public int ConnectSpreadMs = 2000;
    }
}
