namespace NanoOta
{
    /// <summary>The block index file (SPEC.md, section 3): one SHA-256 for each block of the plain image.</summary>
    public static class BlockIndex
    {
        /// <summary>Bytes of a block; the last of an image may be shorter. One flash sector.</summary>
        public const int BlockSize = FlashLayout.SectorSize;

        /// <summary>Bytes before the first hash.</summary>
        public const int HeaderLength = 16;

        /// <summary>Bytes of a hash (SHA-256).</summary>
        public const int HashLength = 32;

        private const string Magic = "NOIX";
        private const byte Format = 1;
        private const byte Sha256 = 1;

        /// <summary>Blocks of an image of <paramref name="imageSize"/> bytes.</summary>
        public static int BlockCount(int imageSize) => (imageSize - 1) / BlockSize + 1;

        /// <summary>Size in bytes of the index file of an image.</summary>
        public static int FileLength(int imageSize) => HeaderLength + HashLength * BlockCount(imageSize);

        /// <summary>Bytes of block <paramref name="block"/> (from 0) of an image.</summary>
        public static int BlockLength(int imageSize, int block)
        {
            int rest = imageSize - block * BlockSize;
            return rest < BlockSize ? rest : BlockSize;
        }

        /// <summary>Checks 16 bytes as the header of an index for an image of <paramref name="imageSize"/> bytes: None, IndexCorrupt or
        /// IndexUnknownFormat.</summary>
        public static UpdateError CheckHeader(byte[] buffer, int offset, int imageSize)
        {
            if (!Bytes.HasMagic(buffer, offset, Magic)) return UpdateError.IndexCorrupt;
            if (buffer[offset + 4] != Format || buffer[offset + 5] != Sha256 || Bytes.GetU16(buffer, offset + 6) != BlockSize)
                return UpdateError.IndexUnknownFormat;
            return Bytes.GetSize(buffer, offset + 8) == imageSize && Bytes.GetSize(buffer, offset + 12) == BlockCount(imageSize)
                ? UpdateError.None
                : UpdateError.IndexCorrupt;
        }
    }
}
