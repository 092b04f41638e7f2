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
        /// PEM text of the authority that signed the certificate of an https server, from <c>-----BEGIN CERTIFICATE-----</c> on;
        /// null: those in the store of the device.
        /// </summary>
        public const string CaCertificate = null;
    }
}
