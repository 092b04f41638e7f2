namespace NanoOta.App
{
    /// <summary>
    /// What a product built from this firmware decides for all of its devices. Compiled in, so that a release brings its own and
    /// its signature covers it; product, board and keys come from <see cref="FirmwareIdentity"/>, pins from
    /// <see cref="FirmwareBoard"/>, the Wi-Fi credentials from the configuration stored on the device.
    /// This firmware keeps no files. One that does refers to NanoOta.Settings, and in Program registers each file that a revert is to
    /// put back: <c>var files = new SettingsFiles("I:\\"); files.Add("lamp.json");</c>, and <c>Settings = files</c> among the ports.
    /// </summary>
    internal static class Settings
    {
        /// <summary>
        /// Where releases are published: the folder of a manifest, http or https. Put your own server here: firmware that gets no
        /// answer from it passes no trial.
        /// </summary>
        public const string Address = "http://updates.example/";

        /// <summary>
        /// PEM text of the authorities of which one signed the certificate of an https server, each from
        /// <c>-----BEGIN CERTIFICATE-----</c> on; null: those in the store of the device. Two while one takes the other's place:
        /// firmware that knows only the old one gets no release any more once the server has a certificate of the new one.
        /// </summary>
        public const string CaCertificate = null;

        /// <summary>
        /// What a private server wants to see, or null: <c>new HttpCredential(Address, "X-Api-Key", "...")</c>, or
        /// <c>HttpCredential.Basic(Address, "user", "password")</c>. It is in every image: give it the right to read releases only, and
        /// keep the old one good until the last device runs a release with the new one.
        /// </summary>
        public static HttpCredential Credential() => null;

        /// <summary>
        /// The MQTT 5 broker that the device tells where it stands, and takes announcements and commands from; null: none, and everything
        /// else is as with one. Such as <c>new BrokerLogin { Host = "broker.example", Port = 8883, IsSecure = true, CaCertificate =
        /// CaCertificate, User = "lamp", Password = "..." }</c>. The password is in every image: let its user write what is below
        /// <c>nanoota/PRODUCT/device/</c> and read offers and commands, and nothing else. TLS to broker and server at once takes
        /// memory that a chip without PSRAM may not have.
        /// </summary>
        public static BrokerLogin Broker() => null;

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
