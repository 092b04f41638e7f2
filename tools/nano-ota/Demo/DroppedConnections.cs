using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Http.Features;

namespace NanoOta.Cli.Demo;

/// <summary>Breaks the connection of each download of an image after some bytes.</summary>
/// <param name="bytes">Bytes that each connection carries.</param>
internal sealed class DroppedConnections(int bytes)
{
    private int count;

    /// <summary>Connections that were dropped.</summary>
    public int Count => count;

    public async Task Intercept(HttpContext context, RequestDelegate next)
    {
        if (context.Request.Path.Value?.EndsWith(".bin", StringComparison.Ordinal) != true)
        {
            await next(context);
            return;
        }

        var body = new CutStream(context.Response.Body, bytes, () => Drop(context));
        context.Features.Set<IHttpResponseBodyFeature>(new StreamResponseBodyFeature(body));
        await next(context);
    }

    private async Task Drop(HttpContext context)
    {
        // Let what was written reach the device: a reset of the connection would take it back.
        await context.Response.Body.FlushAsync();
        await Task.Delay(50);
        Interlocked.Increment(ref count);
        context.Abort();
        throw new OperationCanceledException("the demo dropped the connection");
    }

    private sealed class CutStream(Stream inner, int room, Func<Task> drop) : Stream
    {
        private int left = room;

        public override bool CanRead => false;

        public override bool CanSeek => false;

        public override bool CanWrite => true;

        public override long Length => throw new NotSupportedException();

        public override long Position { get => throw new NotSupportedException(); set => throw new NotSupportedException(); }

        public override async ValueTask WriteAsync(ReadOnlyMemory<byte> buffer, CancellationToken cancellationToken = default)
        {
            int count = Math.Min(left, buffer.Length);
            await inner.WriteAsync(buffer[..count], cancellationToken);
            left -= count;
            if (count < buffer.Length) await drop();
        }

        public override Task WriteAsync(byte[] buffer, int offset, int count, CancellationToken cancellationToken) =>
            WriteAsync(buffer.AsMemory(offset, count), cancellationToken).AsTask();

        public override Task FlushAsync(CancellationToken cancellationToken) => inner.FlushAsync(cancellationToken);

        public override void Flush() => throw new NotSupportedException();

        public override int Read(byte[] buffer, int offset, int count) => throw new NotSupportedException();

        public override long Seek(long offset, SeekOrigin origin) => throw new NotSupportedException();

        public override void SetLength(long value) => throw new NotSupportedException();

        public override void Write(byte[] buffer, int offset, int count) => throw new NotSupportedException();
    }
}
