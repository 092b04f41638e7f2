namespace NanoOta.VirtualDevice;

/// <summary>What a virtual board can be told.</summary>
public sealed class VirtualBoardOptions
{
    /// <summary>
    /// Gets every event, in order, on the board's own thread, which waits meanwhile. It may call
    /// <see cref="VirtualBoard.Reset"/>, <see cref="VirtualBoard.PowerOff"/> and <see cref="VirtualBoard.CutPowerNow"/>.
    /// </summary>
    public Action<BoardEvent>? OnEvent { get; init; }

    /// <summary>
    /// Called on the board's own thread when it has stopped for good: what gets its events threw, or its flash file cannot be
    /// written. <see cref="VirtualBoard.WaitUntilOff"/> throws what it was.
    /// </summary>
    public Action? OnFault { get; init; }

    /// <summary>
    /// Longest time from the start of a boot on trial to Confirm, over all boots that planned sleeps connect, but a second for
    /// each boot at least; 10 seconds unless set.
    /// </summary>
    public TimeSpan TrialWatchdog { get; init; } = TimeSpan.FromSeconds(10);

    /// <summary>
    /// Longest time from the start of firmware that is not on trial, and has had an agent before, to its first guard; seven minutes,
    /// as on a device, unless set.
    /// </summary>
    public TimeSpan StartGuard { get; init; } = TimeSpan.FromMinutes(7);

    /// <summary>The native assemblies of the firmware, in order; just <c>NanoOta.Native</c> unless set.</summary>
    public IReadOnlyList<NativeAssembly> NativeAssemblies { get; init; } = [NativeAssembly.OfModule];

    /// <summary>Environment variables for the app, beside those of this process.</summary>
    public IReadOnlyDictionary<string, string> Environment { get; init; } = new Dictionary<string, string>();
}
