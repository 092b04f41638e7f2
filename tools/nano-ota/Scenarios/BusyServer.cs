using System.Diagnostics;
using Microsoft.AspNetCore.Http;

namespace NanoOta.Cli.Scenarios;

/// <summary>A server that answers the first request for each file with 503 and Retry-After.</summary>
/// <param name="seconds">The value of Retry-After.</param>
internal sealed class BusyServer(int seconds)
{
    private readonly Lock gate = new();
    private readonly Dictionary<string, long> rejected = [];

    /// <summary>Files whose first request was answered with 503.</summary>
    public int Rejected => rejected.Count;

    /// <summary>Further requests before the time of Retry-After.</summary>
    public int Early { get; private set; }

    public Task Intercept(HttpContext context, RequestDelegate next)
    {
        lock (gate)
        {
            if (rejected.TryAdd(context.Request.Path, Stopwatch.GetTimestamp()))
            {
                context.Response.StatusCode = StatusCodes.Status503ServiceUnavailable;
                context.Response.Headers.RetryAfter = $"{seconds}";
                return Task.CompletedTask;
            }

            if (Stopwatch.GetElapsedTime(rejected[context.Request.Path]).TotalSeconds < seconds) Early++;
        }

        return next(context);
    }
}
