namespace NanoOta.App
{
    /// <summary>
    /// What a product built from this firmware decides for all of its devices. Compiled in, so that a release brings its own values and
    /// its signature covers them. Product, board and keys come from <see cref="FirmwareIdentity"/>, pins from
    /// <see cref="FirmwareBoard"/>, the Wi-Fi credentials from the configuration stored on the device.
    /// </summary>
    internal static class Settings
    {
        /// <summary>Where releases are published: the folder of a manifest, http or https. Put your own server here: firmware that gets no
        /// answer from it fails its trial.</summary>
        public const string Address = "http://updates.example/";

        /// <summary>
        /// PEM text of the authorities of which one signed the certificate of an https server, each from
        /// <c>-----BEGIN CERTIFICATE-----</c> on; null: those in the store of the device. Two while one takes the other's place:
        /// firmware that knows only the old one gets no release any more once the server has a certificate of the new one.
        /// </summary>
        public const string CaCertificate = null;

        /// <summary>
        /// What a private server requires, or null: <c>new HttpCredential(Address, "X-Api-Key", "...")</c>, or
        /// <c>HttpCredential.Basic(Address, "user", "password")</c>. It is in every image: give it the right to read releases only, and
        /// keep the old one good until the last device runs a release with the new one.
        /// </summary>
        public static HttpCredential Credential() => null;
    }
}
