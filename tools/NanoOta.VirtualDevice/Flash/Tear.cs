namespace NanoOta.VirtualDevice;

/// <summary>The cells after an interrupted operation. The same random source gives the same bits.</summary>
internal static class Tear
{
    private const int WordSize = 4;
    private const int PageSize = 256;

    /// <summary>
    /// The chip programs page after page (256 bytes on the flashes of the boards), and inside a page in no specified order: earlier
    /// pages are done, later ones untouched, and in the interrupted page each word is done, partly done or untouched. In half of the
    /// cases the words are programmed in order.
    /// </summary>
    public static void Program(Random random, Span<byte> cells, ReadOnlySpan<byte> data)
    {
        bool inOrder = random.Next(2) == 0;
        int unit = inOrder ? WordSize : PageSize;
        int torn = random.Next((data.Length + unit - 1) / unit) * unit;
        int end = inOrder ? torn + WordSize : Math.Min(torn + PageSize, data.Length);
        data[..torn].CopyTo(cells);
        for (int word = torn; word < end; word += WordSize)
            TearWord(random, inOrder ? 1 : random.Next(3), cells.Slice(word, WordSize), data.Slice(word, WordSize));
    }

    private static void TearWord(Random random, int result, Span<byte> cells, ReadOnlySpan<byte> data)
    {
        if (result == 0) data.CopyTo(cells);
        if (result != 1) return;
        for (int i = 0; i < cells.Length; i++) cells[i] = (byte)(data[i] | random.Next(256));
    }

    /// <summary>Each bit is the old one or erased: in some variants few bits are erased, in others nearly all.</summary>
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
