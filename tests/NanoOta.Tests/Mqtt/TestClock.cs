namespace NanoOta.Tests.Mqtt;

/// <summary>A clock that a test turns.</summary>
internal sealed class TestClock : IClock
{
    public long Milliseconds { get; set; } = 1_000_000;

    public long UnixSeconds { get; set; }
}
