namespace NanoOta
{
    /// <summary>
    /// The two CRCs of SPEC.md. Bit by bit: the ranges are short (headers and records), and a table would cost more flash. All arithmetic
    /// stays unsigned, because 1.x treats uint to int casts as no-ops (docs/platform/runtime.md, "Casts between signed and unsigned").
    /// </summary>
    public static class Checksum
    {
        /// <summary>CRC-32 of IEEE 802.3 (as in zlib) over a range.</summary>
        /// <param name="buffer">The bytes.</param>
        /// <param name="offset">First byte of the range.</param>
        /// <param name="count">Length of the range in bytes.</param>
        public static uint Crc32(byte[] buffer, int offset, int count) => Crc32(0u, buffer, offset, count);

        /// <summary>The same CRC-32 over several ranges, one behind the other.</summary>
        /// <param name="crc">0, or the result for the bytes before, to go on.</param>
        /// <param name="buffer">The bytes.</param>
        /// <param name="offset">First byte of the range.</param>
        /// <param name="count">Length of the range in bytes.</param>
        public static uint Crc32(uint crc, byte[] buffer, int offset, int count)
        {
            crc = ~crc;
            for (int i = offset; i < offset + count; i++)
            {
                crc ^= buffer[i];
                for (int bit = 0; bit < 8; bit++)
                    crc = (crc & 1u) != 0u ? (crc >> 1) ^ 0xEDB88320u : crc >> 1;
            }

            return ~crc;
        }

        /// <summary>The CRC in the headers of nanoFramework assemblies: polynomial 0x04C11DB7, most significant bit first, no final
        /// exclusive-or.</summary>
        /// <param name="crc">0, or the result for the bytes before, to go on.</param>
        /// <param name="buffer">The bytes.</param>
        /// <param name="offset">First byte of the range.</param>
        /// <param name="count">Length of the range in bytes.</param>
        public static uint AssemblyCrc(uint crc, byte[] buffer, int offset, int count)
        {
            for (int i = offset; i < offset + count; i++)
            {
                uint next = buffer[i];
                crc ^= next << 24;
                for (int bit = 0; bit < 8; bit++)
                    crc = (crc & 0x80000000u) != 0u ? (crc << 1) ^ 0x04C11DB7u : crc << 1;
            }

            return crc;
        }
    }
}
