namespace NanoOta
{
    /// <summary>
    /// The binary range decoder of the packed encoding (docs/PACKED.md, "Bits"). Range has 31 bits and code stays below it, so no
    /// number here is ever negative, whatever the input is. Missing input reads as 0.
    /// </summary>
    internal sealed class BitDecoder
    {
        /// <summary>The input: what is to be decoded is put here.</summary>
        public readonly byte[] Code = new byte[PackedModel.MaxCode];

        private const int Start = 0x8000;
        private const int Top = 0x7FFFFFFF;
        private const int Low = 0x800000;

        // Twelve bits of probability that the bit is 0, and four that count how often it was met (to Learnt).
        private readonly ushort[] chances = new ushort[PackedModel.Count];
        private int length, position, range, code;

        /// <summary>Whether no input is left.</summary>
        public bool IsUsedUp => position >= length;

        /// <summary>Starts with the first <paramref name="count"/> (1 to 4096) bytes of the input; false when no coder wrote them.</summary>
        public bool Begin(int count)
        {
            for (int i = 0; i < PackedModel.Count; i++) chances[i] = Start;
            length = count;
            position = 0;
            range = Top;
            code = 0;
            if (Code[0] > 0x7F) return false;
            for (int i = 0; i < 4; i++) code = code * 256 + Next();
            return code < Top;
        }

        /// <summary>A bit with the probability at an index.</summary>
        public int Bit(int index)
        {
            int state = chances[index];
            int count = state & 15;
            int chance = state >> 4;
            int bound = (range >> 12) * chance;
            int shift = (count + Rate) >> 2;
            if (count < Learnt) count++;
            int bit = 0;
            if (code < bound)
            {
                range = bound;
                chance += (4096 - chance) >> shift;
            }
            else
            {
                code -= bound;
                range -= bound;
                chance -= chance >> shift;
                bit = 1;
            }

            chances[index] = (ushort)(chance * 16 + count);
            if (range < Low) Shift();
            return bit;
        }

        /// <summary>A number of so many bits, the highest first, each with a probability of its own; those of node 1 are at start + 1.</summary>
        public int Tree(int start, int bits)
        {
            int node = 1;
            for (int i = 0; i < bits; i++) node = 2 * node + Bit(start + node);
            return node - (1 << bits);
        }

        /// <summary>A number of any size: a tree of so many bits tells its length. −1 when it is out of range.</summary>
        public int Number(int start, int bits)
        {
            int k = Tree(start, bits);
            if (k == 0) return 0;
            if (k > PackedModel.MaxBits) return -1;
            int value = 2 + Bit(start + (1 << bits) + k);
            for (int i = 1; i < k; i++)
            {
                range >>= 1;
                value *= 2;
                if (code >= range)
                {
                    code -= range;
                    value++;
                }

                if (range < Low) Shift();
            }

            return value - 1;
        }

        private const int Rate = 8, Learnt = 8;

        private void Shift()
        {
            while (range < Low)
            {
                range *= 256;
                code = code * 256 + Next();
            }
        }

        private int Next()
        {
            if (position < length) return Code[position++];
            position++;
            return 0;
        }
    }
}
