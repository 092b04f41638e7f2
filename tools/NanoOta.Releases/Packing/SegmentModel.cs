namespace NanoOta.Releases.Packing;

/// <summary>The adaptive state of a segment as the decoder has it, what each symbol would cost in it, and its encoder.</summary>
internal sealed class SegmentModel
{
    /// <summary>Units of a price in a bit.</summary>
    public const int BitPrice = 1024;

    private static readonly int[] Prices = CreatePrices();

    private readonly PackedStream stream;
    private readonly ushort[] chances = new ushort[PackedModel.Count];
    private readonly byte[] memory = new byte[1024];
    private readonly byte[] last = new byte[256];
    private readonly int[] literal = new int[256];
    private readonly int[] difference = new int[512];
    private readonly int[] lengths = new int[3 * 32];
    private readonly int[] displacements = new int[64];
    private readonly int[] distances = new int[64];
    private readonly int[] tree = new int[32];
    private readonly int[] nodes = new int[512];
    private BitEncoder? output;

    public SegmentModel(PackedStream stream)
    {
        this.stream = stream;
    }

    /// <summary>Starts a segment, with or without output.</summary>
    public void Reset(BitEncoder? encoder)
    {
        output = encoder;
        Array.Fill(chances, (ushort)0x8000);
        Array.Clear(memory);
        Array.Clear(last);
        RefreshPrices();
    }

    /// <summary>Computes the prices of numbers, literals and differences anew.</summary>
    public void RefreshPrices()
    {
        PriceTree(PackedModel.Literal, 8, literal, 0);
        PriceTree(PackedModel.Difference, 8, difference, 0);
        PriceTree(PackedModel.Difference + 256, 8, difference, 256);
        for (int set = 0; set < 3; set++) PriceNumber(PackedModel.Length + set * 32, 4, lengths, set * 32);
        PriceNumber(PackedModel.Displacement, 5, displacements, 0);
        PriceNumber(PackedModel.Distance, 5, distances, 0);
    }

    public int LiteralPrice(int afterRun, byte value) => Price(PackedModel.Run + afterRun, 0) + literal[value];

    /// <summary>What starts a run costs, without its length.</summary>
    public int RunPrice(in Source from, int afterRun, in Source to, bool isAdded, out int set)
    {
        bool isAgain = from.IsSame(to);
        int mode = (isAgain ? 2 : 0) + (to.IsBase ? 1 : 0);
        set = isAdded ? 2 : mode != 0 ? 1 : 0;
        int price = Price(PackedModel.Run + afterRun, 1) + Price(PackedModel.Again + afterRun, isAgain ? 0 : 1)
            + Price(PackedModel.Mode + mode, isAdded ? 1 : 0);
        if (isAgain) return price;
        if (stream.Base.Length > 0) price += Price(PackedModel.Kind, to.IsBase ? 0 : 1);
        if (!to.IsBase) return price + NumberPrice(distances, 0, to.Distance - 1);
        int change = to.Displacement - from.Displacement;
        price += NumberPrice(displacements, 0, Math.Abs(change));
        return change == 0 ? price : price + Price(PackedModel.Sign, change < 0 ? 1 : 0);
    }

    /// <summary>What the start of any run costs at least.</summary>
    public int LeastRunPrice(int afterRun) => Price(PackedModel.Run + afterRun, 1)
        + Math.Min(Price(PackedModel.Again + afterRun, 0), Price(PackedModel.Again + afterRun, 1));

    public int LengthPrice(int set, int length) => NumberPrice(lengths, set * 32, length - 1);

    /// <summary>What the difference of a byte in a run costs.</summary>
    public int DifferencePrice(in Source source, int start, int position)
    {
        var c = Context(source, start, position);
        int price = Price(PackedModel.Zero + c.Zero, c.Value == 0 ? 0 : 1);
        if (c.Value == 0) return price;
        if (c.Guess != 0)
        {
            price += Price(PackedModel.Same + c.Type, c.Guess == c.Value ? 0 : 1);
            if (c.Guess == c.Value) return price;
        }

        return price + difference[(stream.Address(position) & 1) * 256 + c.Value];
    }

    public void EncodeLiteral(int afterRun, byte value)
    {
        Bit(PackedModel.Run + afterRun, 0);
        Tree(PackedModel.Literal, 8, value);
    }

    public void EncodeRun(in Source from, int afterRun, in Source to, bool isAdded, int length)
    {
        bool isAgain = from.IsSame(to);
        Bit(PackedModel.Run + afterRun, 1);
        Bit(PackedModel.Again + afterRun, isAgain ? 0 : 1);
        if (!isAgain && stream.Base.Length > 0) Bit(PackedModel.Kind, to.IsBase ? 0 : 1);
        int mode = (isAgain ? 2 : 0) + (to.IsBase ? 1 : 0);
        Bit(PackedModel.Mode + mode, isAdded ? 1 : 0);
        Number(PackedModel.Length + 32 * (isAdded ? 2 : mode != 0 ? 1 : 0), 4, length - 1);
        if (isAgain) return;
        if (!to.IsBase)
        {
            Number(PackedModel.Distance, 5, to.Distance - 1);
            return;
        }

        int change = to.Displacement - from.Displacement;
        Number(PackedModel.Displacement, 5, Math.Abs(change));
        if (change != 0) Bit(PackedModel.Sign, change < 0 ? 1 : 0);
    }

    /// <summary>Encodes the difference of a byte in a run that started at a position.</summary>
    public void EncodeDifference(in Source source, int start, int position)
    {
        var c = Context(source, start, position);
        if (c.Carry < 2)
        {
            memory[c.Hash] = (byte)(c.Value == 0 ? PackedModel.KnownZero : c.Value);
            if (c.Value != 0) last[c.Before] = (byte)c.Value;
        }

        Bit(PackedModel.Zero + c.Zero, c.Value == 0 ? 0 : 1);
        if (c.Value == 0) return;
        if (c.Guess != 0)
        {
            Bit(PackedModel.Same + c.Type, c.Guess == c.Value ? 0 : 1);
            if (c.Guess == c.Value) return;
        }

        Tree(PackedModel.Difference + (stream.Address(position) & 1) * 256, 8, c.Value);
    }

    private readonly record struct DifferenceContext(int Value, int Carry, int Hash, int Before, int Type, int Zero, int Guess);

    private DifferenceContext Context(in Source source, int start, int position)
    {
        int b0 = source.At(stream, position), b1 = 0, v1 = 0;
        int value = (stream.Bytes[position] - b0) & 0xFF;
        if (position > start)
        {
            b1 = source.At(stream, position - 1);
            v1 = (stream.Bytes[position - 1] - b1) & 0xFF;
        }

        int carry = v1 == 0 ? 0 : v1 < 128 ? (b1 + v1 > 255 ? 2 : 1) : b1 + v1 < 256 ? 3 : 1;
        int hash = ((b1 << 5) ^ b0) & 1023;
        int above = Above(source, start, position);
        int type = 2 * carry + (above != 0 ? 1 : 0);
        int known = memory[hash], lately = last[b1];
        int zero = (3 * type + (known == 0 ? 0 : known == PackedModel.KnownZero ? 1 : 2)) * 2 + (lately != 0 ? 1 : 0);
        int guess = carry == 2 ? 1 : carry == 3 ? 255 : above != 0 ? above
            : known != 0 && known != PackedModel.KnownZero ? known : lately;
        return new DifferenceContext(value, carry, hash, b1, type, zero, guess);
    }

    // The difference in the run at the last address with the same four low bits. Block 0 may follow a block of any length.
    private int Above(in Source source, int start, int position)
    {
        int back = position - 16;
        if (position >= stream.First && back < stream.First && (stream.First & 15) != 0)
        {
            int column = stream.Address(position) & 15;
            back = position - 1;
            while (back >= start && (stream.Address(back) & 15) != column) back--;
        }

        return back < start ? 0 : (stream.Bytes[back] - source.At(stream, back)) & 0xFF;
    }

    private static int Price(int chance) => Prices[chance];

    private int Price(int index, int bit)
    {
        int chance = chances[index] >> 4;
        return Price(bit == 0 ? chance : 4096 - chance);
    }

    // Each node adds a bit to the price of the one above it.
    private void PriceTree(int start, int bits, int[] prices, int at)
    {
        nodes[1] = 0;
        for (int node = 1; node < 1 << bits; node++)
        {
            int chance = chances[start + node] >> 4;
            nodes[2 * node] = nodes[node] + Prices[chance];
            nodes[2 * node + 1] = nodes[node] + Prices[4096 - chance];
        }

        Array.Copy(nodes, 1 << bits, prices, at, 1 << bits);
    }

    // A length of a number has two prices, by the first bit below the highest.
    private void PriceNumber(int start, int bits, int[] prices, int at)
    {
        PriceTree(start, bits, tree, 0);
        for (int k = 0; k < 1 << bits; k++)
            for (int first = 0; first < 2; first++)
                prices[at + 2 * k + first] = tree[k] + (k == 0 ? 0 : Price(start + (1 << bits) + k, first) + (k - 1) * BitPrice);
    }

    private static int NumberPrice(int[] prices, int at, int value)
    {
        int k = Log(value + 1);
        return prices[at + 2 * k + (k == 0 ? 0 : ((value + 1) >> (k - 1)) & 1)];
    }

    private static int Log(int value) => 31 - System.Numerics.BitOperations.LeadingZeroCount((uint)value);

    private void Bit(int index, int bit)
    {
        int chance = chances[index] >> 4, count = chances[index] & 15;
        output?.Bit(chance, bit);
        int shift = (count + 8) >> 2;
        chance += bit == 0 ? (4096 - chance) >> shift : -(chance >> shift);
        chances[index] = (ushort)(chance * 16 + Math.Min(count + 1, 8));
    }

    private void Tree(int start, int bits, int value)
    {
        int node = 1;
        for (int i = bits - 1; i >= 0; i--)
        {
            int bit = (value >> i) & 1;
            Bit(start + node, bit);
            node = 2 * node + bit;
        }
    }

    private void Number(int start, int bits, int value)
    {
        int k = Log(value + 1);
        Tree(start, bits, k);
        if (k == 0) return;
        Bit(start + (1 << bits) + k, ((value + 1) >> (k - 1)) & 1);
        for (int i = k - 2; i >= 0; i--) output?.Direct(((value + 1) >> i) & 1);
    }

    // −log2(chance / 4096) by repeated squaring: the same on every machine.
    private static int[] CreatePrices()
    {
        var prices = new int[4097];
        for (int chance = 1; chance <= 4096; chance++)
        {
            int price = 12 * BitPrice - Log(chance) * BitPrice;
            ulong value = ((ulong)chance << 31) >> Log(chance);
            for (int bit = BitPrice / 2; bit > 0; bit /= 2)
            {
                value = (value * value) >> 31;
                if (value < 1ul << 32) continue;
                value >>= 1;
                price -= bit;
            }

            prices[chance] = price;
        }

        return prices;
    }
}
