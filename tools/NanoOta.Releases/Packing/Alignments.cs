namespace NanoOta.Releases.Packing;

/// <summary>A stretch of the stream that resembles the base at a displacement.</summary>
/// <param name="Displacement">Address in the base minus address of the output.</param>
/// <param name="Start">Where it starts in the stream.</param>
/// <param name="End">Where it ends.</param>
/// <param name="Score">Equal bytes, less one for each other one.</param>
internal readonly record struct Alignment(int Displacement, int Start, int End, int Score);

/// <summary>Alignments of a stream with its base: the longest matches, extended to both sides over what differs.</summary>
internal sealed class Alignments
{
    // Bytes of a long match at each end where another source may still be cheaper.
    private const int Edge = 16;

    private const int Chunk = PackedModel.MaxBlocks * BlockIndex.BlockSize;
    private const int MinMatch = 5;
    private const int Neighbours = 8;
    private const int LongMatch = 64;
    private const int Penalty = 1;
    private const int GiveUp = 30;
    private const int Margin = 64;

    private readonly PackedStream stream;
    private readonly int[] suffixes;
    private readonly int[] buckets = new int[65537];

    private readonly bool[] isInside;

    /// <summary>Finds the alignments of a stream.</summary>
    public Alignments(PackedStream stream, ParallelOptions parallel)
    {
        this.stream = stream;
        isInside = new bool[stream.Bytes.Length];
        suffixes = SuffixArray.Create(stream.Base);
        if (suffixes.Length == 0) return;
        foreach (int i in suffixes) buckets[Pair(i) + 1]++;
        for (int i = 0; i < 65536; i++) buckets[i + 1] += buckets[i];
        var found = new List<Alignment>[(stream.Bytes.Length - 1) / Chunk + 1];
        Parallel.For(0, found.Length, parallel, i =>
            found[i] = FindIn(i * Chunk, Math.Min(stream.Bytes.Length, (i + 1) * Chunk)));
        All = Merge(found.SelectMany(list => list));
    }

    /// <summary>All of them, by their start.</summary>
    public List<Alignment> All { get; } = [];

    /// <summary>Whether a position is so far inside a long match with the base that nothing else can be cheaper.</summary>
    public bool IsInside(int position) => isInside[position];

    private static List<Alignment> Merge(IEnumerable<Alignment> all)
    {
        var merged = new List<Alignment>();
        foreach (var next in all.OrderBy(a => a.Displacement).ThenBy(a => a.Start).ThenBy(a => a.End))
        {
            if (merged.Count > 0 && merged[^1] is var last && last.Displacement == next.Displacement && next.Start <= last.End)
                merged[^1] = last with { End = Math.Max(last.End, next.End), Score = Math.Max(last.Score, next.Score) };
            else merged.Add(next);
        }

        return [.. merged.OrderBy(a => a.Start).ThenBy(a => a.Displacement)];
    }

    private List<Alignment> FindIn(int start, int end)
    {
        var found = new List<Alignment>();
        var covered = new Dictionary<int, int>();
        int i = start;
        while (i < end)
        {
            int longest = Look(i, found, covered);
            if (longest >= LongMatch) Array.Fill(isInside, true, i + Edge, longest - 2 * Edge);
            // Nothing else is worth a look in the middle of a long match.
            i += longest >= LongMatch ? longest - LongMatch / 2 : 1;
        }

        return found;
    }

    private int Look(int position, List<Alignment> found, Dictionary<int, int> covered)
    {
        int limit = position < stream.First ? stream.First : stream.Bytes.Length;
        var wanted = stream.Bytes.AsSpan(position, limit - position);
        int address = stream.Address(position);
        if (address < stream.Base.Length) Take(0);
        if (wanted.Length < MinMatch) return 0;
        int place = Search(wanted);
        int below = place - 1, above = place, longest = 0;
        for (int n = 0; n < Neighbours; n++)
        {
            int lengthBelow = Match(below, wanted), lengthAbove = Match(above, wanted);
            int length = Math.Max(lengthBelow, lengthAbove);
            if (length < MinMatch) break;
            longest = Math.Max(longest, length);
            Take(suffixes[lengthAbove >= lengthBelow ? above++ : below--] - address);
            if (longest >= LongMatch && n > 0) break;
        }

        return longest;

        void Take(int displacement)
        {
            if (covered.TryGetValue(displacement, out int until) && position < until) return;
            var alignment = Extend(position, displacement);
            covered[displacement] = Math.Max(alignment.End, position + 1);
            if (alignment.Score >= MinMatch) found.Add(alignment);
        }
    }

    private int Match(int place, ReadOnlySpan<byte> wanted) =>
        (uint)place < (uint)suffixes.Length ? wanted.CommonPrefixLength(stream.Base.AsSpan(suffixes[place])) : 0;

    // The first suffix that is not smaller than the bytes.
    private int Search(ReadOnlySpan<byte> wanted)
    {
        int pair = wanted[0] * 256 + wanted[1];
        int low = buckets[pair], high = buckets[pair + 1];
        while (low < high)
        {
            int middle = (low + high) / 2;
            if (stream.Base.AsSpan(suffixes[middle]).SequenceCompareTo(wanted) < 0) low = middle + 1;
            else high = middle;
        }

        return low;
    }

    private int Pair(int i) => stream.Base[i] * 256 + (i + 1 < stream.Base.Length ? stream.Base[i + 1] : 0);

    private Alignment Extend(int position, int displacement)
    {
        int first = position < stream.First ? 0 : stream.First;
        int limit = position < stream.First ? stream.First : stream.Bytes.Length;
        int shift = stream.Address(position) + displacement - position;
        int from = Math.Max(first, -shift), to = Math.Min(limit, stream.Base.Length - shift);
        int score = 0, best = 0, end = position;
        for (int i = position; i < to && score > best - GiveUp; i++)
        {
            score += stream.Bytes[i] == stream.Base[i + shift] ? 1 : -Penalty;
            if (score <= best) continue;
            best = score;
            end = i + 1;
        }

        int total = best, start = position;
        score = best = 0;
        for (int i = position - 1; i >= from && score > best - GiveUp; i--)
        {
            score += stream.Bytes[i] == stream.Base[i + shift] ? 1 : -Penalty;
            if (score <= best) continue;
            best = score;
            start = i;
        }

        return new Alignment(displacement, Math.Max(from, start - Margin), Math.Min(to, end + Margin), total + best);
    }
}
