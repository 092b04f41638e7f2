namespace NanoOta.DeviceTests
{
    /// <summary>SHA-256 (FIPS 180-4) in C#, so that a board can check what the core hands to its crypto port.</summary>
    internal sealed class Sha256
    {
        private static readonly uint[] Constants =
        {
            0x428A2F98u, 0x71374491u, 0xB5C0FBCFu, 0xE9B5DBA5u, 0x3956C25Bu, 0x59F111F1u, 0x923F82A4u, 0xAB1C5ED5u,
            0xD807AA98u, 0x12835B01u, 0x243185BEu, 0x550C7DC3u, 0x72BE5D74u, 0x80DEB1FEu, 0x9BDC06A7u, 0xC19BF174u,
            0xE49B69C1u, 0xEFBE4786u, 0x0FC19DC6u, 0x240CA1CCu, 0x2DE92C6Fu, 0x4A7484AAu, 0x5CB0A9DCu, 0x76F988DAu,
            0x983E5152u, 0xA831C66Du, 0xB00327C8u, 0xBF597FC7u, 0xC6E00BF3u, 0xD5A79147u, 0x06CA6351u, 0x14292967u,
            0x27B70A85u, 0x2E1B2138u, 0x4D2C6DFCu, 0x53380D13u, 0x650A7354u, 0x766A0ABBu, 0x81C2C92Eu, 0x92722C85u,
            0xA2BFE8A1u, 0xA81A664Bu, 0xC24B8B70u, 0xC76C51A3u, 0xD192E819u, 0xD6990624u, 0xF40E3585u, 0x106AA070u,
            0x19A4C116u, 0x1E376C08u, 0x2748774Cu, 0x34B0BCB5u, 0x391C0CB3u, 0x4ED8AA4Au, 0x5B9CCA4Fu, 0x682E6FF3u,
            0x748F82EEu, 0x78A5636Fu, 0x84C87814u, 0x8CC70208u, 0x90BEFFFAu, 0xA4506CEBu, 0xBEF9A3F7u, 0xC67178F2u,
        };

        private readonly uint[] state = new uint[8];
        private readonly uint[] words = new uint[64];
        private readonly byte[] block = new byte[64];
        private int filled, total;

        public void Start()
        {
            state[0] = 0x6A09E667u;
            state[1] = 0xBB67AE85u;
            state[2] = 0x3C6EF372u;
            state[3] = 0xA54FF53Au;
            state[4] = 0x510E527Fu;
            state[5] = 0x9B05688Cu;
            state[6] = 0x1F83D9ABu;
            state[7] = 0x5BE0CD19u;
            filled = 0;
            total = 0;
        }

        public void Add(byte[] buffer, int start, int count)
        {
            for (int i = start; i < start + count; i++)
            {
                block[filled++] = buffer[i];
                if (filled == 64) Compress();
            }

            total += count;
        }

        /// <summary>Ends the computation; the digest gets 32 bytes.</summary>
        public void Finish(byte[] digest)
        {
            int bytes = total;
            byte[] one = { 0x80 };
            byte[] zero = { 0x00 };
            Add(one, 0, 1);
            while (filled != 56) Add(zero, 0, 1);
            // Lengths here are far below 2^28 bytes, so the upper half of the bit count is zero.
            for (int i = 56; i < 60; i++) block[i] = 0;
            PutBigEndian(block, 60, (uint)bytes * 8u);
            Compress();
            for (int i = 0; i < 8; i++) PutBigEndian(digest, 4 * i, state[i]);
        }

        private void Compress()
        {
            filled = 0;
            for (int i = 0; i < 16; i++) words[i] = GetBigEndian(4 * i);
            for (int i = 16; i < 64; i++)
            {
                uint near = words[i - 2], far = words[i - 15];
                words[i] = words[i - 16] + (Turn(far, 7) ^ Turn(far, 18) ^ (far >> 3)) + words[i - 7]
                    + (Turn(near, 17) ^ Turn(near, 19) ^ (near >> 10));
            }

            Mix();
        }

        private void Mix()
        {
            uint a = state[0], b = state[1], c = state[2], d = state[3], e = state[4], f = state[5], g = state[6], h = state[7];
            for (int i = 0; i < 64; i++)
            {
                uint first = h + (Turn(e, 6) ^ Turn(e, 11) ^ Turn(e, 25)) + ((e & f) ^ (~e & g)) + Constants[i] + words[i];
                uint second = (Turn(a, 2) ^ Turn(a, 13) ^ Turn(a, 22)) + ((a & b) ^ (a & c) ^ (b & c));
                h = g;
                g = f;
                f = e;
                e = d + first;
                d = c;
                c = b;
                b = a;
                a = first + second;
            }

            state[0] += a;
            state[1] += b;
            state[2] += c;
            state[3] += d;
            state[4] += e;
            state[5] += f;
            state[6] += g;
            state[7] += h;
        }

        private static uint Turn(uint value, int bits) => (value >> bits) | (value << (32 - bits));

        private uint GetBigEndian(int offset)
        {
            uint b0 = block[offset], b1 = block[offset + 1], b2 = block[offset + 2], b3 = block[offset + 3];
            return (b0 << 24) | (b1 << 16) | (b2 << 8) | b3;
        }

        private static void PutBigEndian(byte[] buffer, int offset, uint value)
        {
            for (int i = 3; i >= 0; i--)
            {
                buffer[offset + i] = (byte)(value & 0xFFu);
                value >>= 8;
            }
        }
    }
}
