using NanoOta;

namespace TestFirmware;

/// <summary>The clock of a chip: it begins with the firmware, and not with the computer that it runs on.</summary>
internal sealed class VirtualClock : IClock
{
    private static readonly long Start = Environment.TickCount64;

    private readonly SystemClock computer = new();

    public long Milliseconds => computer.Milliseconds - Start;

    public long UnixSeconds => computer.UnixSeconds;
}
