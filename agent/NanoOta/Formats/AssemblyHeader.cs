namespace NanoOta
{
    /// <summary>The header of a nanoFramework 1.x assembly (docs/platform/assemblies.md, "Header"), as far as an image is checked by it
    /// (SPEC.md, section 4).</summary>
    public static class AssemblyHeader
    {
        /// <summary>Bytes of the header.</summary>
        public const int Length = 124;

        /// <summary>Offset of the header CRC.</summary>
        public const int HeaderCrcOffset = 8;

        /// <summary>Offset of the CRC over everything behind the header.</summary>
        public const int AssemblyCrcOffset = 12;

        /// <summary>Offset of the native checksum, 32 bits; 0 for an assembly without native code.</summary>
        public const int NativeChecksumOffset = 20;

        /// <summary>Offset of the version of the table of built-in strings that the assembly refers to, 16 bits.</summary>
        public const int StringTableVersionOffset = 38;

        /// <summary>The version that runtimes of this generation have; they pass over an assembly with another one.</summary>
        public const int StringTableVersion = 1;

        /// <summary>Offset of the last table offset, which is the total size.</summary>
        public const int TotalSizeOffset = 100;

        /// <summary>The first six bytes; two zeros follow.</summary>
        public const string Marker = "NFMRK1";

        // What all markers begin with; the digit that follows is the generation (docs/platform/assemblies.md, "Generations").
        private const string AnyMarker = "NFMRK";

        /// <summary>
        /// Total size in bytes of the assembly whose header stands at the start of <paramref name="header"/>, or 0 when the
        /// marker or the header CRC is wrong or the size is out of range (at least 124, at most <paramref name="room"/>).
        /// Changes nothing in the end, but needs the buffer writable.
        /// </summary>
        public static int ReadTotalSize(byte[] header, int room)
        {
            if (!Bytes.HasMagic(header, 0, Marker) || header[6] != 0 || header[7] != 0) return 0;
            uint stored = Bytes.GetU32(header, HeaderCrcOffset);
            if (ComputeHeaderCrc(header) != stored) return 0;
            int size = Bytes.GetSize(header, TotalSizeOffset);
            return size >= Length && size <= room ? size : 0;
        }

        /// <summary>Whether a header is that of an assembly for another generation of the runtime.</summary>
        public static bool IsOfOtherGeneration(byte[] header)
        {
            return Bytes.HasMagic(header, 0, AnyMarker) && !Bytes.HasMagic(header, 0, Marker);
        }

        /// <summary>The CRC over the 124 bytes with its own field taken as zero.</summary>
        public static uint ComputeHeaderCrc(byte[] header)
        {
            uint stored = Bytes.GetU32(header, HeaderCrcOffset);
            Bytes.PutU32(header, HeaderCrcOffset, 0u);
            uint crc = Checksum.AssemblyCrc(0u, header, 0, Length);
            Bytes.PutU32(header, HeaderCrcOffset, stored);
            return crc;
        }

        /// <summary>The next multiple of four, where the next assembly of an image begins.</summary>
        public static int Align(int offset) => (offset + 3) / 4 * 4;
    }
}
