namespace NanoOta.Releases.Packing;

/// <summary>A literal or a run of a segment.</summary>
/// <param name="Start">Where it starts in the stream.</param>
/// <param name="Length">Bytes of output; 0 for a literal, which has one.</param>
/// <param name="From">The source before.</param>
/// <param name="AfterRun">1 when a run came before, else 0.</param>
/// <param name="To">The source of the run.</param>
/// <param name="IsAdded">Whether differences are added.</param>
internal readonly record struct Step(int Start, int Length, Source From, int AfterRun, Source To, bool IsAdded)
{
    public int End => Start + Math.Max(1, Length);
}

/// <summary>Drives a model along the steps of a segment.</summary>
internal sealed class SegmentPath(PackedStream stream, SegmentModel model)
{
    private List<Step> steps = [];
    private int next;

    /// <summary>How far the model is.</summary>
    public int Position { get; private set; }

    public void Start(int position, List<Step> path)
    {
        steps = path;
        next = 0;
        Position = position;
    }

    /// <summary>Goes on along other steps.</summary>
    public void Switch(List<Step> path) => Start(Position, path);

    public void AdvanceTo(int position)
    {
        for (; next < steps.Count && steps[next].Start < position; next++)
        {
            var step = steps[next];
            if (step.End <= Position) continue;
            if (step.Start >= Position) Begin(step);
            int end = Math.Min(position, step.End);
            if (step.IsAdded)
                for (int i = Math.Max(Position, step.Start); i < end; i++) model.EncodeDifference(step.To, step.Start, i);
            Position = end;
            if (step.End > position) return;
        }

        Position = position;
    }

    private void Begin(in Step step)
    {
        if (step.Length == 0) model.EncodeLiteral(step.AfterRun, stream.Bytes[step.Start]);
        else model.EncodeRun(step.From, step.AfterRun, step.To, step.IsAdded, step.Length);
    }
}
