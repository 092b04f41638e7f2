namespace NanoOta.App
{
    /// <summary>The broker of a product; the rest is in <see cref="Settings"/>. Compiled with <c>WithBroker</c> only.</summary>
    internal static class BrokerSettings
    {
        /// <summary>
        /// The MQTT 5 broker that the device publishes its status to, and takes announcements and commands from. For TLS add
        /// <c>IsSecure = true, CaCertificate = Settings.CaCertificate</c>. For commands add <c>CommandKeys</c>: public keys as
        /// <c>nano-ota keygen</c> prints them, other keys than those that sign releases.
        /// </summary>
        public static MqttOptions Options() => new MqttOptions("broker.example") { User = "lamp", Password = "..." };
    }
}
