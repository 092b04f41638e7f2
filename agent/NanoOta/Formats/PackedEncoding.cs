namespace NanoOta
{
    /// <summary>A packed file that this device can unpack (SPEC.md, section 2; docs/PACKED.md).</summary>
    public sealed class PackedEncoding
    {
        /// <summary>The file, relative to the manifest's folder.</summary>
        public string Location;

        /// <summary>Bytes of the file.</summary>
        public int Size;

        /// <summary>SHA-256 of its header and table.</summary>
        public byte[] TableDigest;

        /// <summary>Bytes of its base, the running image; 0 without a base.</summary>
        public int BaseSize;

        /// <summary>What to fetch if this one cannot be used: not smaller than this one; null: the plain image.</summary>
        public PackedEncoding Next;
    }
}
