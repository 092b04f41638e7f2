namespace NanoOta
{
    /// <summary>
    /// What this firmware is and whom it trusts; compiled into the app, and so covered by the signature of its release.
    /// This default trusts nobody: firmware compiles its own, or <c>nano-ota pack</c> and <c>nano-ota flash</c> put one with
    /// the given product, board, version and keys in its place where the app's assemblies are .NET's.
    /// </summary>
    public static class FirmwareIdentity
    {
        /// <summary>Product that releases must be made for.</summary>
        public static string Product() => "default";

        /// <summary>Board that releases must be made for: the <c>id</c> in its board.json.</summary>
        public static string Board() => "";

        /// <summary>Version of this firmware, for people.</summary>
        public static string Version() => "0.0.0";

        /// <summary>Public P-256 keys that may sign releases: base64 of the point x ‖ y, 64 bytes.</summary>
        public static string[] TrustedKeys() => new string[0];
    }
}
