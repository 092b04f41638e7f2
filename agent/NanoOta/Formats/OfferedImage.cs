namespace NanoOta
{
    /// <summary>An image of a release, as far as this device needs it: plain, and in the packed encodings that it can unpack.</summary>
    public sealed class OfferedImage
    {
        /// <summary>Bytes of a native checksum in <see cref="Natives"/>.</summary>
        public const int NativeLength = 4;

        /// <summary>What it is.</summary>
        public ImageKind Kind;

        /// <summary>Size of the plain image in bytes.</summary>
        public int Size;

        /// <summary>SHA-256 of the plain image.</summary>
        public byte[] Digest;

        /// <summary>SHA-256 of the block index file.</summary>
        public byte[] IndexDigest;

        /// <summary>Block index file, relative to the manifest's folder.</summary>
        public string IndexLocation;

        /// <summary>Plain image file, relative to the manifest's folder.</summary>
        public string Location;

        /// <summary>The packed file to fetch in place of the plain image, the smallest that was not given up; null: there is none.</summary>
        public PackedEncoding Packed;

        /// <summary>Of a runtime: the native checksums of its native assemblies, each as in the header of an assembly; else null.</summary>
        public byte[] Natives;

        /// <summary>The image to stage after this one; null: there is none.</summary>
        internal OfferedImage Next;

        /// <summary>Whether the runtime has a native assembly with the checksum at an offset of a buffer.</summary>
        public bool HasNative(byte[] buffer, int offset)
        {
            for (int i = 0; i < Natives.Length; i += NativeLength)
                if (Bytes.Same(Natives, i, buffer, offset, NativeLength)) return true;
            return false;
        }
    }
}
