using System.Diagnostics;
using Microsoft.AspNetCore.Http;

namespace NanoOta.Cli.Demo;

/// <summary>A server that turns away the first request for each file, and says when to come again.</summary>
/// <param name="seconds">What it says in Retry-After.</param>
internal sealed class BusyServer(int seconds)
{
    private readonly Lock gate = new();
    private readonly Dictionary<string, long> turnedAway = [];

    /// <summary>Files of which the first request was turned away.</summary>
    public int TurnedAway => turnedAway.Count;

    /// <summary>Requests that came again too early.</summary>
    public int Early { get; private set; }

    public Task Intercept(HttpContext context, RequestDelegate next)
    {
        lock (gate)
        {
            if (turnedAway.TryAdd(context.Request.Path, Stopwatch.GetTimestamp()))
            {
                context.Response.StatusCode = StatusCodes.Status503ServiceUnavailable;
                context.Response.Headers.RetryAfter = $"{seconds}";
                return Task.CompletedTask;
            }

            if (Stopwatch.GetElapsedTime(turnedAway[context.Request.Path]).TotalSeconds < seconds) Early++;
        }

        return next(context);
    }
}
