using System.Collections.Concurrent;

namespace NanoOta.Releases.Packing;

/// <summary>
/// Makes segments on several cores. Where one starts follows from the one before, so the workers guess: that it will have as many
/// blocks as the last. A wrong guess costs time and changes nothing.
/// </summary>
internal sealed class SegmentWorkers : IDisposable
{
    private readonly ConcurrentBag<SegmentParser> parsers = [];
    private readonly Dictionary<int, Task<PackedSegment>> tasks = [];
    private readonly CancellationTokenSource end;
    private readonly Func<SegmentParser> create;
    private readonly int blocks, cores;
    private int guess = PackedModel.MaxBlocks;

    public SegmentWorkers(Func<SegmentParser> create, int blocks, ParallelOptions parallel)
    {
        this.create = create;
        this.blocks = blocks;
        cores = parallel.MaxDegreeOfParallelism;
        end = CancellationTokenSource.CreateLinkedTokenSource(parallel.CancellationToken);
    }

    /// <summary>The segment that starts with a block; called in the order of the stream.</summary>
    public PackedSegment Get(int first)
    {
        foreach (int passed in tasks.Keys.Where(key => key < first).ToList()) tasks.Remove(passed);
        for (int i = 0; i < cores; i++) Begin(first + i * guess);
        var segment = tasks[first].GetAwaiter().GetResult();
        guess = segment.Blocks;
        return segment;
    }

    /// <summary>Stops what was guessed and not used.</summary>
    public void Dispose()
    {
        end.Cancel();
        end.Dispose();
    }

    private void Begin(int first)
    {
        if (first >= blocks || tasks.ContainsKey(first)) return;
        var cancellation = end.Token;
        tasks[first] = Task.Run(() =>
        {
            var parser = parsers.TryTake(out var idle) ? idle : create();
            var segment = parser.Create(first, cancellation);
            parsers.Add(parser);
            return segment;
        }, cancellation);
    }
}
