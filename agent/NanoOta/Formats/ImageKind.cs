namespace NanoOta
{
    /// <summary>What an image is: its number in a manifest (SPEC.md, section 2).</summary>
    public enum ImageKind
    {
        /// <summary>The assemblies of the application and all that it needs.</summary>
        App = 0,
        /// <summary>nanoCLR with its native assemblies, as an image of ESP-IDF.</summary>
        Runtime = 1,
    }
}
