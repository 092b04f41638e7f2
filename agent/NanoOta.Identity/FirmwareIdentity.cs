namespace NanoOta
{
    /// <summary>
    /// The identity of this firmware and the keys that it trusts: compiled into the app, and so covered by the signature of its release.
    /// This default trusts no key. <c>nano-ota identity</c> writes the file for your product; on the virtual device <c>nano-ota pack</c> and
    /// <c>nano-ota flash</c> replace the assembly.
    /// </summary>
    public static class FirmwareIdentity
    {
        /// <summary>Product that releases must be made for.</summary>
        public static string Product() => "default";

        /// <summary>Board that releases must be made for: the <c>id</c> in its board.json.</summary>
        public static string Board() => "";

        /// <summary>Version of this firmware, for display.</summary>
        public static string Version() => "0.0.0";

        /// <summary>Public P-256 keys that may sign releases: base64 of the point x ‖ y, 64 bytes.</summary>
        public static string[] TrustedKeys() => new string[0];
    }
}
