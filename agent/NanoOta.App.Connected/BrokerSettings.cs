namespace NanoOta.App.Connected
{
    /// <summary>What a product decides about its broker; the rest is in <see cref="Settings"/>.</summary>
    internal static class BrokerSettings
    {
        /// <summary>
        /// The MQTT 5 broker that the device tells where it stands, and takes announcements and commands from. With TLS: <c>Port = 8883,
        /// IsSecure = true, CaCertificate = Settings.CaCertificate</c>. The password is in every image: let its user write what is below
        /// <c>nanoota/PRODUCT/device/</c> and read offers and commands, and nothing else. TLS to broker and server at once takes
        /// memory that a chip without PSRAM may not have.
        /// </summary>
        public static BrokerLogin Login() => new BrokerLogin { Host = "broker.example", User = "lamp", Password = "..." };

        /// <summary>
        /// Public keys that may sign commands, as <c>nano-ota keygen</c> prints them; others than those that sign releases. With none, and
        /// no token, the device takes no commands.
        /// </summary>
        public static string[] CommandKeys() => new string[0];

        /// <summary>
        /// A secret of 16 characters at least that vouches for commands as well, or empty. Whoever reads it out of one device commands
        /// all that have it: prefer keys.
        /// </summary>
        public const string CommandToken = "";
    }
}
