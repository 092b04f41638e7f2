namespace NanoOta
{
    /// <summary>Little-endian fields in byte arrays, and comparisons, written so that both compilers give the same result.</summary>
    public static class Bytes
    {
        private const string Digits = "0123456789abcdef";

        /// <summary>Reads an unsigned 16-bit field.</summary>
        public static int GetU16(byte[] buffer, int offset) => buffer[offset] + buffer[offset + 1] * 256;

        /// <summary>Reads an unsigned 32-bit field.</summary>
        public static uint GetU32(byte[] buffer, int offset)
        {
            uint b0 = buffer[offset], b1 = buffer[offset + 1], b2 = buffer[offset + 2], b3 = buffer[offset + 3];
            return b0 | (b1 << 8) | (b2 << 16) | (b3 << 24);
        }

        /// <summary>Reads a 32-bit field that must be a non-negative Int32; −1 when it is larger than that.</summary>
        public static int GetSize(byte[] buffer, int offset)
        {
            if (buffer[offset + 3] > 0x7F) return -1;
            return buffer[offset] + buffer[offset + 1] * 0x100 + buffer[offset + 2] * 0x10000 + buffer[offset + 3] * 0x1000000;
        }

        /// <summary>Reads a 64-bit field that must be a non-negative Int64; −1 when it is larger than that.</summary>
        public static long GetLong(byte[] buffer, int offset)
        {
            if (buffer[offset + 7] > 0x7F) return -1;
            long value = 0;
            for (int i = 7; i >= 0; i--) value = value * 256 + buffer[offset + i];
            return value;
        }

        /// <summary>Writes an unsigned 16-bit field; <paramref name="value"/> is 0 to 65535.</summary>
        public static void PutU16(byte[] buffer, int offset, int value)
        {
            buffer[offset] = (byte)(value & 0xFF);
            buffer[offset + 1] = (byte)((value >> 8) & 0xFF);
        }

        /// <summary>Writes an unsigned 32-bit field.</summary>
        public static void PutU32(byte[] buffer, int offset, uint value)
        {
            for (int i = 0; i < 4; i++)
            {
                buffer[offset + i] = (byte)(value & 0xFFu);
                value >>= 8;
            }
        }

        /// <summary>Writes a 64-bit field; <paramref name="value"/> is not negative.</summary>
        public static void PutLong(byte[] buffer, int offset, long value)
        {
            for (int i = 0; i < 8; i++)
            {
                buffer[offset + i] = (byte)(value % 256);
                value /= 256;
            }
        }

        /// <summary>Whether two ranges hold the same bytes.</summary>
        public static bool Same(byte[] a, int aOffset, byte[] b, int bOffset, int count)
        {
            for (int i = 0; i < count; i++)
                if (a[aOffset + i] != b[bOffset + i]) return false;
            return true;
        }

        /// <summary>Whether every byte of a range has one value.</summary>
        public static bool All(byte[] buffer, int offset, int count, byte value)
        {
            for (int i = 0; i < count; i++)
                if (buffer[offset + i] != value) return false;
            return true;
        }

        /// <summary>Each byte of the one array XOR that of the other, which has the same length.</summary>
        public static byte[] Xor(byte[] a, byte[] b)
        {
            var result = new byte[a.Length];
            for (int i = 0; i < result.Length; i++) result[i] = (byte)(a[i] ^ b[i]);
            return result;
        }

        /// <summary>A number from 0 to 2^32 − 1 as eight hexadecimal digits, for people.</summary>
        public static string Hex(long value)
        {
            var text = new char[8];
            for (int i = 7; i >= 0; i--)
            {
                text[i] = Digits[(int)(value % 16)];
                value /= 16;
            }

            return new string(text);
        }

        /// <summary>Bytes in hexadecimal, for people.</summary>
        public static string Hex(byte[] bytes)
        {
            var text = new char[2 * bytes.Length];
            for (int i = 0; i < bytes.Length; i++)
            {
                text[2 * i] = Digits[bytes[i] / 16];
                text[2 * i + 1] = Digits[bytes[i] % 16];
            }

            return new string(text);
        }

        internal static void PutMagic(byte[] buffer, string magic)
        {
            for (int i = 0; i < magic.Length; i++) buffer[i] = (byte)magic[i];
        }

        internal static bool HasMagic(byte[] buffer, int offset, string magic)
        {
            for (int i = 0; i < magic.Length; i++)
                if (buffer[offset + i] != (byte)magic[i]) return false;
            return true;
        }
    }
}
