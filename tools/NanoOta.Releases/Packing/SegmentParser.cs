using System.Runtime.InteropServices;

namespace NanoOta.Releases.Packing;

/// <summary>A segment of a packed file.</summary>
/// <param name="First">Its first block, in the order of the stream.</param>
/// <param name="Blocks">Its blocks.</param>
/// <param name="Code">Its code; the block itself when it does not shrink.</param>
/// <param name="Bits">Bits that a decoder decodes for it.</param>
/// <param name="Runs">Copies that it does.</param>
/// <param name="Literals">Bytes that it decodes one by one.</param>
internal sealed record PackedSegment(int First, int Blocks, byte[] Code, int Bits, int Runs, int Literals);

/// <summary>
/// Finds the cheapest steps for a segment: shortest paths from byte to byte by what the bits would cost, again and again by the
/// prices along the path before.
/// </summary>
internal sealed class SegmentParser
{
    private const int Passes = 4;
    private const int Width = 4;
    private const int MaxLanes = 40;
    private const int MaxRun = 65535;
    private const int ShortMatch = 16;
    private const int Settled = 64;
    private const int PriceInterval = 64;
    private const int CommitInterval = 256;
    private const int MaxCost = PackedModel.MaxCode * 8 * SegmentModel.BitPrice;
    private const int Hopeless = 40 * SegmentModel.BitPrice;
    private const int Revived = 64;
    private static readonly int[] AddedDistances = [8, 12, 16, 24];

    private readonly PackedStream stream;
    private readonly Alignments aligned;
    private readonly List<Alignment> alignments;
    private readonly OwnMatches matches;
    private readonly SegmentModel model;
    private readonly SegmentPath path;
    private Node[] nodes = [];
    private byte[] counts = [];
    private readonly List<Lane> lanes = [];
    private readonly List<OwnMatch> found = [];
    private readonly List<int> foundEnds = [];
    private int start, end, nextAlignment;

    public SegmentParser(PackedStream stream, Alignments aligned, OwnMatches matches)
    {
        this.stream = stream;
        this.aligned = aligned;
        alignments = aligned.All;
        this.matches = matches;
        model = new SegmentModel(stream);
        path = new SegmentPath(stream, model);
    }

    /// <summary>The segment that starts with a block of the stream: as many blocks as fit.</summary>
    public PackedSegment Create(int first, CancellationToken cancellation)
    {
        int blocks = Math.Min(PackedModel.MaxBlocks, stream.Blocks - first);
        start = stream.BlockStart(first);
        found.Clear();
        foundEnds.Clear();
        List<Step>? steps = stream.Base.Length > 0 ? Guess(stream.BlockStart(first + blocks)) : null;
        PackedSegment? best = null;
        for (int pass = 0; pass < Passes; pass++)
        {
            cancellation.ThrowIfCancellationRequested();
            end = stream.BlockStart(first + blocks);
            blocks = Sweep(first, blocks, steps, pass == 0 ? 5 * (MaxCost / 4) : MaxCost + MaxCost / 16);
            steps = Trace(stream.BlockStart(first + blocks));
            var next = Cut(first, blocks);
            if (best == null || next.Blocks > best.Blocks || (next.Blocks == best.Blocks && next.Code.Length < best.Code.Length)) best = next;
        }

        return best!;
    }

    // The alignment with the highest score all along, with differences: prices start as those of a segment that uses them.
    private List<Step> Guess(int stop)
    {
        var steps = new List<Step>();
        var source = new Source(0, 0);
        int next = 0, afterRun = 0;
        Alignment? current = null;
        for (int position = start; position < stop;)
        {
            for (; next < alignments.Count && alignments[next].Start <= position; next++)
                if (alignments[next].End > position && (current == null || current.Value.End <= position || alignments[next].Score > current.Value.Score))
                    current = alignments[next];
            int end = next < alignments.Count ? Math.Min(stop, alignments[next].Start) : stop;
            bool isRun = current != null && current.Value.End > position;
            end = isRun ? Math.Min(Math.Min(end, current!.Value.End), position + MaxRun) : position + 1;
            var to = isRun ? new Source(current!.Value.Displacement, 0) : source;
            if (isRun && steps.Count > 0 && steps[^1] is { IsAdded: true } last && last.To == to && end - last.Start <= MaxRun)
                steps[^1] = last with { Length = end - last.Start };
            else steps.Add(new Step(position, isRun ? end - position : 0, source, afterRun, to, isRun));
            source = to;
            afterRun = isRun ? 1 : 0;
            position = end;
        }

        return steps;
    }

    // The most blocks of the paths found whose code fits.
    private PackedSegment Cut(int first, int blocks)
    {
        for (; blocks > 0; blocks--)
        {
            int stop = stream.BlockStart(first + blocks);
            var steps = Trace(stop);
            byte[] code = Encode(steps, stop, out int bits);
            int literals = steps.Count(step => step.Length == 0);
            if (code.Length <= PackedModel.MaxCode && (blocks > 1 || code.Length < stop - start))
                return new(first, blocks, code, bits, steps.Count - literals, literals);
        }

        return new(first, 1, stream.Bytes[start..stream.BlockStart(first + 1)], 0, 0, 0);
    }

    private byte[] Encode(List<Step> steps, int stop, out int bits)
    {
        var encoder = new BitEncoder();
        model.Reset(encoder);
        path.Start(start, steps);
        path.AdvanceTo(stop);
        bits = encoder.Count;
        return encoder.Finish();
    }

    // How many blocks were reached before the costs were too high; at least one.
    private int Sweep(int first, int blocks, List<Step>? reference, int maxCost)
    {
        bool hasReference = reference != null;
        Array.Clear(counts);
        BeginLanes();
        model.Reset(null);
        path.Start(start, reference ?? []);
        var source = new Source(0, stream.Base.Length > 0 ? 0 : PackedModel.FirstDistance);
        Insert(start, new Node(0, source, -1, 0, false));
        int reached = 0;
        for (int position = start; position < end; position++)
        {
            if (position == stream.BlockStart(first + reached + 1))
            {
                reached++;
                if (Best(position) > maxCost) return reached;
            }

            if (hasReference) path.AdvanceTo(position);
            else if ((position - start) % CommitInterval == 0 && position > start) Commit(position);
            if ((position - start) % PriceInterval == 0) model.RefreshPrices();
            if (foundEnds.Count == position - start) FindOwn(position);
            Relax(position);
        }

        return blocks;
    }

    private void Commit(int position)
    {
        path.Switch(Trace(position, path.Position));
        path.AdvanceTo(position);
    }

    private void FindOwn(int position)
    {
        int limit = stream.BlockStart(stream.Blocks);
        if (!aligned.IsInside(position)) matches.Find(position, Math.Min(limit, start + PackedModel.MaxBlocks * BlockIndex.BlockSize), found);
        foundEnds.Add(found.Count);
    }

    private void Relax(int position)
    {
        var here = NodesAt(position);
        byte value = stream.Bytes[position];
        int best = Best(position);
        bool isInside = aligned.IsInside(position);
        for (int i = 0; i < here.Length; i++)
        {
            ref readonly Node node = ref here[i];
            int previous = (position - start) * Width + i;
            Insert(position + 1, new Node(node.Cost + model.LiteralPrice(node.AfterRun, value), node.Source, previous, 0, false));
            if (isInside || node.Cost > best + Hopeless / 5) continue;
            RelaxOwn(position, node, previous);
        }

        if (!isInside) Revive(position, here);
        RelaxLanes(position, here, best, !isInside || position - start < Settled);
    }

    private void RelaxOwn(int position, in Node node, int previous)
    {
        if (node.Source.Distance > 0 && node.Source.Reaches(stream, position))
        {
            var wanted = stream.Bytes.AsSpan(position, Math.Min(end - position, OwnMatches.MaxLength));
            int length = wanted.CommonPrefixLength(stream.Bytes.AsSpan(position - node.Source.Distance));
            if (length > 0) Copy(position, node, previous, node.Source.Distance, 1, length);
        }

        int index = position - start;
        for (int i = index == 0 ? 0 : foundEnds[index - 1]; i < foundEnds[index]; i++)
        {
            var match = found[i];
            if (match.Distance != node.Source.Distance) Copy(position, node, previous, match.Distance, 2, match.Length);
        }
    }

    private void Copy(int position, in Node node, int previous, int distance, int least, int most)
    {
        most = Math.Min(most, end - position);
        var source = node.Source with { Distance = distance };
        int price = node.Cost + model.RunPrice(node.Source, node.AfterRun, source, false, out int set);
        for (int length = least; length <= Math.Min(most, ShortMatch); length++) Arrive(length);
        if (most > ShortMatch) Arrive(most);

        void Arrive(int length) =>
            Insert(position + length, new Node(price + model.LengthPrice(set, length), source, previous, 1, false));
    }

    private void BeginLanes()
    {
        lanes.Clear();
        foreach (int distance in AddedDistances) lanes.Add(new Lane(new Source(0, distance), int.MaxValue, int.MaxValue));
        nextAlignment = 0;
        while (nextAlignment < alignments.Count && alignments[nextAlignment].Start <= start) Open(alignments[nextAlignment++]);
    }

    private void Open(in Alignment alignment)
    {
        if (alignment.End <= start) return;
        int displacement = alignment.Displacement;
        var lane = lanes.Find(l => l.Source.IsBase && l.Source.Displacement == displacement);
        if (lane != null)
        {
            lane.End = Math.Max(lane.End, alignment.End);
            lane.Score = Math.Max(lane.Score, alignment.Score);
            return;
        }

        lanes.Add(new Lane(new Source(displacement, 0), alignment.End, alignment.Score));
        if (lanes.Count <= MaxLanes + AddedDistances.Length) return;
        lanes.Remove(lanes.MinBy(l => l.Score)!);
    }

    // A literal may interrupt a run where no alignment is.
    private void Revive(int position, ReadOnlySpan<Node> here)
    {
        foreach (ref readonly Node node in here)
        {
            if (node.AfterRun != 0 || !node.Source.IsBase || lanes.Count >= MaxLanes + AddedDistances.Length) continue;
            if (!node.Source.Reaches(stream, position) || node.Source.At(stream, position) != stream.Bytes[position]) continue;
            Open(new Alignment(node.Source.Displacement, position, position + Revived, 0));
        }
    }

    private void RelaxLanes(int position, ReadOnlySpan<Node> here, int best, bool isOpen)
    {
        while (nextAlignment < alignments.Count && alignments[nextAlignment].Start <= position) Open(alignments[nextAlignment++]);
        for (int i = lanes.Count - 1; i >= 0; i--)
        {
            var lane = lanes[i];
            if (lane.End <= position) lanes.RemoveAt(i);
            else if (!lane.Source.Reaches(stream, position)) lane.Copied.IsAlive = lane.Added.IsAlive = false;
            else
            {
                Extend(position, here, best, isOpen, lane, ref lane.Added, true);
                if (!lane.Source.IsBase) continue;
                if (lane.Source.At(stream, position) != stream.Bytes[position]) lane.Copied.IsAlive = false;
                else Extend(position, here, best, isOpen, lane, ref lane.Copied, false);
            }
        }
    }

    // Goes on with a run, or starts it anew behind a cheaper node.
    private void Extend(int position, ReadOnlySpan<Node> here, int best, bool isOpen, Lane lane, ref Run run, bool isAdded)
    {
        int length = position + 1 - run.Start;
        bool isFull = run.IsAlive && length > MaxRun;
        if (isFull) run.IsAlive = false;
        if (!run.IsAlive && !isOpen && !isFull) return;
        int total = run.IsAlive ? run.Cost + model.LengthPrice(run.Set, length) : int.MaxValue;
        int tries = isOpen || isFull ? here.Length : 0;
        for (int i = 0; i < tries; i++)
        {
            ref readonly Node node = ref here[i];
            if (node.Cost > best + Hopeless || node.Cost + model.LeastRunPrice(node.AfterRun) >= total) continue;
            var source = lane.Source.IsBase ? lane.Source : node.Source with { Distance = lane.Source.Distance };
            int cost = node.Cost + model.RunPrice(node.Source, node.AfterRun, source, isAdded, out int set);
            int first = cost + model.LengthPrice(set, 1);
            if (first >= total) continue;
            total = first;
            run = new Run { IsAlive = true, Cost = cost, Start = position, Previous = (position - start) * Width + i, Set = set, Source = source };
        }

        if (!run.IsAlive) return;
        if (isAdded)
        {
            int price = model.DifferencePrice(run.Source, run.Start, position);
            run.Cost += price;
            total += price;
        }

        if (total > best + 2 * Hopeless) run.IsAlive = false;
        else Insert(position + 1, new Node(total, run.Source, run.Previous, 1, isAdded));
    }

    private ReadOnlySpan<Node> NodesAt(int position) => nodes.AsSpan((position - start) * Width, counts[position - start]);

    private int Best(int position)
    {
        int best = int.MaxValue;
        foreach (ref readonly Node node in NodesAt(position)) best = Math.Min(best, node.Cost);
        return best;
    }

    private void Insert(int position, in Node node)
    {
        int index = position - start;
        if (index >= counts.Length) Grow(index);
        int count = counts[index], worst = 0;
        var here = nodes.AsSpan(index * Width, Width);
        for (int i = 0; i < count; i++)
        {
            if (here[i].AfterRun == node.AfterRun && here[i].Source.IsSame(node.Source))
            {
                if (node.Cost < here[i].Cost) here[i] = node;
                return;
            }

            if (here[i].Cost > here[worst].Cost) worst = i;
        }

        if (count < Width)
        {
            here[count] = node;
            counts[index]++;
        }
        else if (node.Cost < here[worst].Cost) here[worst] = node;
    }

    private void Grow(int index)
    {
        int length = Math.Max(2 * counts.Length, index + 0x4000);
        Array.Resize(ref counts, length);
        Array.Resize(ref nodes, length * Width);
    }

    private List<Step> Trace(int position, int since = 0)
    {
        var steps = new List<Step>();
        int at = (position - start) * Width, best = at;
        for (int i = at; i < at + counts[position - start]; i++)
            if (nodes[i].Cost < nodes[best].Cost) best = i;
        while (nodes[best].Previous >= 0 && best / Width + start > since)
        {
            ref readonly Node node = ref nodes[best];
            ref readonly Node before = ref nodes[node.Previous];
            int from = node.Previous / Width + start, length = best / Width + start - from;
            steps.Add(new Step(from, node.AfterRun == 0 ? 0 : length, before.Source, before.AfterRun, node.Source, node.IsAdded));
            best = node.Previous;
        }

        steps.Reverse();
        return steps;
    }

    [StructLayout(LayoutKind.Auto)]
    private readonly record struct Node(int Cost, Source Source, int Previous, byte AfterRun, bool IsAdded);

    private struct Run
    {
        public bool IsAlive;
        public int Cost, Start, Previous, Set;
        public Source Source;
    }

    private sealed class Lane(Source source, int end, int score)
    {
        public readonly Source Source = source;
        public int End = end;
        public int Score = score;
        public Run Copied, Added;
    }
}
