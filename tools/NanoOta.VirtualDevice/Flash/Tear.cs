namespace NanoOta.VirtualDevice;

/// <summary>What an interrupted operation leaves in the cells. The same random source gives the same bits.</summary>
internal static class Tear
{
    private const int WordSize = 4;

    /// <summary>Some words are done, a few more have lost only part of the bits they should lose, the rest is untouched.</summary>
    public static void Program(Random random, Span<byte> cells, ReadOnlySpan<byte> data)
    {
        int words = data.Length / WordSize;
        int done = random.Next(words) * WordSize;
        int partial = Math.Min(done + random.Next(4) * WordSize, data.Length);
        data[..done].CopyTo(cells);
        for (int i = done; i < partial; i++) cells[i] = (byte)(data[i] | random.Next(256));
    }

    /// <summary>Each bit is an old one or a one: sometimes hardly any is erased, sometimes nearly all.</summary>
    public static void Erase(Random random, Span<byte> cells)
    {
        int variant = random.Next(4);
        int border = variant == 3 ? random.Next(cells.Length) : 0;
        for (int i = 0; i < cells.Length; i++)
        {
            cells[i] |= variant switch
            {
                0 => Few(random),
                1 => (byte)~Few(random),
                2 => (byte)random.Next(256),
                _ => i < border ? (byte)0xFF : Few(random),
            };
        }
    }

    /// <summary>Each bit is one in 1 of 64 cases.</summary>
    private static byte Few(Random random)
    {
        long bits = random.NextInt64();
        return (byte)(bits & (bits >> 8) & (bits >> 16) & (bits >> 24) & (bits >> 32) & (bits >> 40));
    }
}
