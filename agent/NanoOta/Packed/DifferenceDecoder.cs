namespace NanoOta
{
    /// <summary>
    /// The differences of a run (docs/PACKED.md, "Differences"). What changes between two versions of a program are mostly indices
    /// that grew by one constant: after the same two bytes of the source the same difference comes again.
    /// </summary>
    internal sealed class DifferenceDecoder
    {
        private readonly BitDecoder bits;
        private readonly byte[] memory = new byte[1024];
        private readonly byte[] last = new byte[256];
        private readonly byte[] column = new byte[16];
        private int previousSource, previous;

        public DifferenceDecoder(BitDecoder bits)
        {
            this.bits = bits;
        }

        /// <summary>Forgets everything, at the start of a segment.</summary>
        public void Reset()
        {
            for (int i = 0; i < memory.Length; i++) memory[i] = 0;
            for (int i = 0; i < last.Length; i++) last[i] = 0;
        }

        /// <summary>Starts a run.</summary>
        public void BeginRun()
        {
            for (int i = 0; i < column.Length; i++) column[i] = 0;
            previousSource = 0;
            previous = 0;
        }

        /// <summary>Turns source bytes into output. Offsets count from the start of a block.</summary>
        public void Apply(byte[] block, int start, int count)
        {
            for (int i = start; i < start + count; i++)
            {
                int source = block[i];
                int carry = Carry();
                int hash = ((previousSource * 32) ^ source) & 1023;
                int value = Next(carry, column[i & 15], memory[hash], last[previousSource], i & 1);
                column[i & 15] = (byte)value;
                if (carry < 2)
                {
                    memory[hash] = (byte)(value == 0 ? PackedModel.KnownZero : value);
                    if (value != 0) last[previousSource] = (byte)value;
                }

                previousSource = source;
                previous = value;
                block[i] = (byte)((source + value) & 0xFF);
            }
        }

        // 0: the byte before is the same; 2 and 3: it grew or shrank past its end, so this one takes a carry; 1: else.
        private int Carry()
        {
            if (previous == 0) return 0;
            if (previous < 128) return previousSource + previous > 255 ? 2 : 1;
            return previousSource + previous < 256 ? 3 : 1;
        }

        private int Next(int carry, int above, int known, int lately, int parity)
        {
            int type = carry * 2;
            if (above != 0) type++;
            int context = type * 3;
            if (known != 0) context += known == PackedModel.KnownZero ? 1 : 2;
            context *= 2;
            if (lately != 0) context++;
            if (bits.Bit(PackedModel.Zero + context) == 0) return 0;
            int guess = lately;
            if (carry == 2) guess = 1;
            else if (carry == 3) guess = 255;
            else if (above != 0) guess = above;
            else if (known != 0 && known != PackedModel.KnownZero) guess = known;
            if (guess != 0 && bits.Bit(PackedModel.Same + type) == 0) return guess;
            return bits.Tree(PackedModel.Difference + parity * 256, 8);
        }
    }
}
