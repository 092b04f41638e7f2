using System.Numerics;

namespace NanoOta.Tests.Packed;

/// <summary>Base, output and table in memory; throws when anything is read that is outside, or that was not written before.</summary>
internal sealed class StrictFlash(byte[] source, int imageSize, byte[] table, ImageKind kind = ImageKind.App) : IFlash
{
    private readonly FlashArea running = kind == ImageKind.App ? FlashArea.RunningSlot : FlashArea.RunningRuntime;
    private readonly FlashArea inactive = kind == ImageKind.App ? FlashArea.InactiveSlot : FlashArea.InactiveRuntime;
    private readonly FlashArea index = kind == ImageKind.App ? FlashArea.InactiveIndex : FlashArea.InactiveRuntimeIndex;
    private readonly bool[] isWritten = new bool[imageSize];
    private int lastState, lastEnd;

    public byte[] Output { get; } = new byte[imageSize];

    /// <summary>If set, what the decoder did, coarsely: pairs of reads one after another, each by its area, the size of its length and
    /// that of its distance from the read before.</summary>
    public HashSet<int>? States { get; set; }

    /// <summary>How often base and output were read.</summary>
    public int Reads { get; private set; }

    /// <summary>Area that cannot be read, if any.</summary>
    public FlashArea? Broken { get; set; }

    public void Take(byte[] block, int offset, int count)
    {
        Array.Copy(block, 0, Output, offset, count);
        Array.Fill(isWritten, true, offset, count);
    }

    public int GetSize(FlashArea area) => Content(area).Length;

    private byte[] Content(FlashArea area) => area == running ? source : area == inactive ? Output : area == index ? table
        : throw new InvalidOperationException($"{area} does not belong to this kind of image");

    public bool Read(FlashArea area, int offset, byte[] buffer, int start, int count)
    {
        if (area == Broken) return false;
        byte[] from = Content(area);
        if (count < 1 || offset < 0 || offset > from.Length - count || start < 0 || start > buffer.Length - count)
            throw new InvalidOperationException($"read of {count} bytes at {offset} of {area}, which has {from.Length}");
        if (area == inactive && isWritten.AsSpan(offset, count).Contains(false))
            throw new InvalidOperationException($"read of {count} bytes at {offset} of the output before they were written");
        if (area != index)
        {
            Reads++;
            Note(area, offset, count);
        }

        Array.Copy(from, offset, buffer, start, count);
        return true;
    }

    private void Note(FlashArea area, int offset, int count)
    {
        int jump = offset - lastEnd, sizes = BitOperations.Log2((uint)count) * 64 + BitOperations.Log2((uint)Math.Abs(jump) + 1) * 2;
        int state = sizes + (jump < 0 ? 1 : 0) + (area == running ? 1024 : 0);
        States?.Add(lastState * 2048 + state);
        lastState = state;
        lastEnd = offset + count;
    }

    public bool Erase(FlashArea area, int offset) => throw new NotSupportedException();

    public bool Write(FlashArea area, int offset, byte[] buffer, int start, int count) => throw new NotSupportedException();
}
