namespace NanoOta.Releases.Packing;

/// <summary>A match with earlier output.</summary>
internal readonly record struct OwnMatch(int Distance, int Length);

/// <summary>Finds what of the stream was written before, by chains of equal hashes.</summary>
internal sealed class OwnMatches
{
    /// <summary>Longest match that is looked for.</summary>
    public const int MaxLength = 4096;

    private const int Depth = 128;
    private const int Nice = 256;

    private readonly byte[] bytes;
    private readonly int[] previousTwo;
    private readonly int[] previousThree;
    private readonly int[] previousFive;

    public OwnMatches(byte[] bytes)
    {
        this.bytes = bytes;
        previousTwo = Chain(2);
        previousThree = Chain(3);
        previousFive = Chain(5);
    }

    /// <summary>The matches at a position that end by a limit: each longer than the one before, at the least distance for its length.</summary>
    public void Find(int position, int limit, List<OwnMatch> found)
    {
        int longest = 1;
        Follow(previousTwo, position, limit, 1, ref longest, found);
        Follow(previousThree, position, limit, Depth / 4, ref longest, found);
        Follow(previousFive, position, limit, Depth, ref longest, found);
    }

    private void Follow(int[] previous, int position, int limit, int depth, ref int longest, List<OwnMatch> found)
    {
        var wanted = bytes.AsSpan(position, Math.Min(MaxLength, limit - position));
        for (int i = previous[position]; i >= 0 && depth > 0 && longest < Nice; i = previous[i], depth--)
        {
            if (longest >= wanted.Length) return;
            if (bytes[i + longest] != wanted[longest]) continue;
            int length = wanted.CommonPrefixLength(bytes.AsSpan(i));
            if (length <= longest) continue;
            longest = length;
            found.Add(new OwnMatch(position - i, length));
        }
    }

    // For each position the last one before it with the same hash of so many bytes.
    private int[] Chain(int count)
    {
        var heads = new int[65536];
        Array.Fill(heads, -1);
        var previous = new int[bytes.Length];
        for (int i = 0; i < bytes.Length; i++)
        {
            if (i + count > bytes.Length)
            {
                previous[i] = -1;
                continue;
            }

            uint hash = 0;
            for (int j = 0; j < count; j++) hash = (hash + bytes[i + j] + 1) * 0x9E3779B1u;
            hash = count == 2 ? (uint)(bytes[i] * 256 + bytes[i + 1]) : hash >> 16;
            previous[i] = heads[hash];
            heads[hash] = i;
        }

        return previous;
    }
}
