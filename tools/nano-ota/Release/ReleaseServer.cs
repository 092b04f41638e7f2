using System.Net;
using System.Net.Sockets;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.DependencyInjection;
using NanoOta.Releases;

namespace NanoOta.Cli.Release;

/// <summary>A static web server for release folders: whole files and ranges, with ETag and If-Range. It lists no folder, and serves no file
/// outside its folder except through links (see <see cref="ReleaseFiles"/>).</summary>
public sealed class ReleaseServer : IAsyncDisposable
{
    private readonly WebApplication app;

    private ReleaseServer(WebApplication app, IPEndPoint endPoint)
    {
        this.app = app;
        EndPoint = endPoint;
    }

    /// <summary>Its address and port.</summary>
    public IPEndPoint EndPoint { get; }

    /// <summary>Starts a server.</summary>
    /// <param name="folder">The folder to serve.</param>
    /// <param name="host">Address to listen on.</param>
    /// <param name="port">Port to listen on; 0 = any free one.</param>
    /// <param name="log">Receives a line for each request, on any thread; null = no log.</param>
    /// <param name="intercept">Receives each request before the files are served; null = none.</param>
    /// <exception cref="ReleaseException">There is no such folder, or the address or port is not available.</exception>
    public static async Task<ReleaseServer> StartAsync(string folder, IPAddress host, int port, Action<string>? log = null,
        Func<HttpContext, RequestDelegate, Task>? intercept = null)
    {
        if (!Directory.Exists(folder))
            throw new ReleaseException($"{folder}: no such folder; create a release with 'nano-ota pack'");
        var builder = WebApplication.CreateEmptyBuilder(new WebApplicationOptions());
        builder.Services.AddLogging();
        builder.WebHost.UseKestrelCore().ConfigureKestrel(kestrel => kestrel.Listen(host, port));
        var app = builder.Build();
        if (log != null) app.Use(next => context => LogAsync(context, next, log));
        if (intercept != null) app.Use(next => context => intercept(context, next));
        app.Use(next => context => next(WithoutOtherUnits(context)));
        var files = new StaticFileOptions
        {
            FileProvider = new ReleaseFiles(folder),
            ServeUnknownFileTypes = true,
            DefaultContentType = "application/octet-stream",
        };
        app.UseStaticFiles(files);
        try
        {
            await app.StartAsync();
        }
        catch (Exception e) when (e is IOException or SocketException)
        {
            await app.DisposeAsync();
            throw new ReleaseException($"cannot listen on {host} port {port}: {e.Message.TrimEnd('.')}; "
                + "give another port with --http (0 = any free one) or another --host");
        }

        return new ReleaseServer(app, new IPEndPoint(host, new Uri(app.Urls.First()).Port));
    }

    /// <inheritdoc/>
    public async ValueTask DisposeAsync()
    {
        await app.StopAsync();
        await app.DisposeAsync();
    }

    // Ranges in other units must be ignored (RFC 9110, section 14.2); the library treats each as one in bytes.
    private static HttpContext WithoutOtherUnits(HttpContext context)
    {
        var headers = context.Request.Headers;
        if (!headers.Range.ToString().StartsWith("bytes=", StringComparison.OrdinalIgnoreCase)) headers.Remove("Range");
        return context;
    }

    private static async Task LogAsync(HttpContext context, RequestDelegate next, Action<string> log)
    {
        try
        {
            await next(context);
        }
        finally
        {
            var range = DeviceText.Clean(context.Request.Headers.Range.ToString());
            log($"{context.Request.Method} {DeviceText.Clean(context.Request.Path)} {(range.Length > 0 ? range + " " : "")}"
                + $"→ {context.Response.StatusCode}, {context.Response.ContentLength ?? 0} bytes");
        }
    }
}
