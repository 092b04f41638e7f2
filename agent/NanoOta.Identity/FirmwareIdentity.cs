namespace NanoOta
{
    /// <summary>
    /// The identity of this firmware, and the keys that it trusts. It is compiled into the app, so the signature of the release covers it.
    /// <c>nano-ota identity</c> writes the answers; those of the agent's own project trust no key. Where the app's assemblies are .NET's,
    /// <c>nano-ota pack</c> and <c>nano-ota flash</c> replace them.
    /// </summary>
    public static class FirmwareIdentity
    {
        /// <summary>Product that releases must be for.</summary>
        public static string Product() => "default";

        /// <summary>Board that releases must be for: the <c>id</c> in its board.json.</summary>
        public static string Board() => "";

        /// <summary>Version of this firmware, for people.</summary>
        public static string Version() => "0.0.0";

        /// <summary>Public P-256 keys that may sign releases: base64 of the point x ‖ y, 64 bytes.</summary>
        public static string[] TrustedKeys() => new string[0];
    }
}
