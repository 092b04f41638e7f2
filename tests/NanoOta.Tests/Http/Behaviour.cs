namespace NanoOta.Tests.Http;

/// <summary>A behaviour of a server, or of a proxy before it.</summary>
/// <param name="Name">What it does.</param>
/// <param name="Expected">What comes of one request on .NET; None: the right bytes, all of them.</param>
/// <param name="OnDevice">What the device does where that differs, by the sources of its class libraries; empty: the same.</param>
/// <param name="Answer">How it answers.</param>
internal sealed record Behaviour(string Name, UpdateError Expected, string OnDevice, Func<Exchange, Task> Answer)
{
    /// <summary>The field reports (h, o) and open points (g) that it covers.</summary>
    public string Report { get; init; } = "";

    /// <summary>First byte asked for.</summary>
    public int Offset { get; init; }

    /// <summary>The error of an agent whose server always behaves so, if it differs from that of one request; None: confirmed.</summary>
    public UpdateError? OfUpdate { get; init; }

    /// <summary>Seconds of the server's Retry-After.</summary>
    public int Wait { get; init; }

    /// <summary>Whether it takes as long as the source's limit, each time.</summary>
    public bool IsSlow { get; init; }

    public override string ToString() => Name;
}
