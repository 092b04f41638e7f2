using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Http.Features;

namespace NanoOta.Cli.Scenarios;

/// <summary>A server that drops the connection of each download of an image after some bytes.</summary>
/// <param name="bytes">Bytes that each connection carries.</param>
internal sealed class DroppedConnections(int bytes)
{
    private int count;

    /// <summary>Connections that were dropped.</summary>
    public int Count => count;

    public async Task Intercept(HttpContext context, RequestDelegate next)
    {
        bool isImage = context.Request.Path.Value?.EndsWith(".bin", StringComparison.Ordinal) == true;
        using var body = new MemoryStream();
        var connection = context.Features.Get<IHttpResponseBodyFeature>()!;
        if (isImage) context.Response.Body = body;
        await next(context);
        if (!isImage) return;
        await connection.Stream.WriteAsync(body.GetBuffer().AsMemory(0, (int)Math.Min(body.Length, bytes)));
        if (body.Length <= bytes) return;
        // A reset of the connection discards what the device has not received yet.
        await connection.Stream.FlushAsync();
        await Task.Delay(50);
        Interlocked.Increment(ref count);
        context.Abort();
    }
}
