namespace NanoOta.VirtualDevice;

/// <summary>The output of the CPU as a stream that ends with the CPU. The pipe itself ends only with the last process that inherited it,
/// such as a child process of the firmware.</summary>
internal sealed class CpuOutput : Stream
{
    /// <summary>The output of an ended CPU is in the pipe already; a pause means that it is complete.</summary>
    private const int SilenceMs = 500;

    private readonly Stream pipe;
    private readonly byte[] waiting = new byte[64 * 1024];
    private readonly Thread pump;
    private int start, count;
    private bool isOver;

    /// <summary>Starts a thread that reads the pipe.</summary>
    public CpuOutput(Stream pipe)
    {
        this.pipe = pipe;
        pump = new Thread(Pump) { IsBackground = true, Name = "CPU output" };
        pump.Start();
    }

    public override bool CanRead => true;

    public override bool CanSeek => false;

    public override bool CanWrite => false;

    public override long Length => throw new NotSupportedException();

    public override long Position
    {
        get => throw new NotSupportedException();
        set => throw new NotSupportedException();
    }

    /// <summary>Ends the stream when the pipe is empty and all was read. To be called when the CPU ended.</summary>
    public void EndWhenSilent()
    {
        lock (waiting)
        {
            while (!isOver && (Monitor.Wait(waiting, SilenceMs) || count > 0))
            {
            }

            End();
        }
    }

    /// <summary>Ends the stream; unread bytes are dropped.</summary>
    public void End()
    {
        lock (waiting)
        {
            isOver = true;
            count = 0;
            Monitor.PulseAll(waiting);
        }
    }

    public override int Read(byte[] buffer, int offset, int length) => Read(buffer.AsSpan(offset, length));

    public override int Read(Span<byte> buffer)
    {
        lock (waiting)
        {
            while (count == 0 && !isOver) Monitor.Wait(waiting);
            int taken = Math.Min(count, buffer.Length);
            waiting.AsSpan(start, taken).CopyTo(buffer);
            start += taken;
            count -= taken;
            if (count == 0) Monitor.PulseAll(waiting);
            return taken;
        }
    }

    public override void Flush()
    {
    }

    public override long Seek(long offset, SeekOrigin origin) => throw new NotSupportedException();

    public override void SetLength(long value) => throw new NotSupportedException();

    public override void Write(byte[] buffer, int offset, int length) => throw new NotSupportedException();

    private void Pump()
    {
        var chunk = new byte[waiting.Length];
        while (Put(chunk, ReadPipe(chunk)))
        {
        }
    }

    private bool Put(byte[] chunk, int length)
    {
        lock (waiting)
        {
            while (count > 0 && !isOver) Monitor.Wait(waiting);
            isOver |= length == 0;
            if (isOver) length = 0;
            chunk.AsSpan(0, length).CopyTo(waiting);
            if (length > 0) (start, count) = (0, length);
            Monitor.PulseAll(waiting);
            return !isOver;
        }
    }

    private int ReadPipe(byte[] chunk)
    {
        try
        {
            return pipe.Read(chunk);
        }
        catch (Exception e) when (e is IOException or ObjectDisposedException)
        {
            return 0;
        }
    }
}
