namespace NanoOta.Releases.Packing;

/// <summary>The range encoder behind <see cref="BitDecoder"/>: LZMA's carry propagation with a range of 31 bits.</summary>
internal sealed class BitEncoder
{
    private readonly List<byte> output = [];
    private ulong low;
    private uint range = 0x7FFFFFFF;
    private byte held;
    private int waiting;
    private bool isStarted;

    /// <summary>Bits encoded so far: what a decoder has to do.</summary>
    public int Count { get; private set; }

    /// <summary>Encodes a bit with a probability (of 4096) that it is 0.</summary>
    public void Bit(int chance, int bit)
    {
        uint bound = (range >> 12) * (uint)chance;
        if (bit == 0) range = bound;
        else
        {
            low += bound;
            range -= bound;
        }

        Normalize();
    }

    /// <summary>Encodes a bit without a model.</summary>
    public void Direct(int bit)
    {
        range >>= 1;
        if (bit != 0) low += range;
        Normalize();
    }

    /// <summary>The shortest code of what was encoded; at least a byte.</summary>
    public byte[] Finish()
    {
        for (int bits = 31; bits >= 0; bits--)
        {
            ulong mask = (1ul << bits) - 1;
            ulong value = (low + mask) & ~mask;
            if (value >= low + range) continue;
            low = value;
            break;
        }

        for (int i = 0; i < 5; i++) Shift();
        int length = output.Count;
        while (length > 1 && output[length - 1] == 0) length--;
        return output.GetRange(0, length).ToArray();
    }

    private void Normalize()
    {
        Count++;
        while (range < 0x800000)
        {
            range <<= 8;
            Shift();
        }
    }

    // A byte is held back, with the 0xFF behind it, until no carry can reach it. Before the first there is none.
    private void Shift()
    {
        if (low < 0xFF000000 || low > 0xFFFFFFFF)
        {
            byte carry = (byte)(low >> 32);
            if (isStarted) output.Add((byte)(held + carry));
            for (; waiting > 0; waiting--) output.Add((byte)(0xFF + carry));
            held = (byte)(low >> 24);
            isStarted = true;
        }
        else waiting++;

        low = (low & 0x00FFFFFF) << 8;
    }
}
