namespace NanoOta.VirtualDevice;

/// <summary>Settings of a virtual board.</summary>
public sealed class VirtualBoardOptions
{
    /// <summary>Receives every event in order on the board's thread, which waits meanwhile. It may call <see cref="VirtualBoard.Reset"/>,
    /// <see cref="VirtualBoard.PowerOff"/> and <see cref="VirtualBoard.CutPowerNow"/>.</summary>
    public Action<BoardEvent>? OnEvent { get; init; }

    /// <summary>Called on the board's thread when it stopped after an error: a receiver of events threw, or its flash file cannot be
    /// written. <see cref="VirtualBoard.WaitUntilOff"/> throws the exception.</summary>
    public Action? OnFault { get; init; }

    /// <summary>Longest time from the start of a trial to Confirm, including boots after planned sleeps, and at least a second for each
    /// boot; default: 10 seconds.</summary>
    public TimeSpan TrialWatchdog { get; init; } = TimeSpan.FromSeconds(10);

    /// <summary>Longest time from the start of firmware that is not on trial, and that had an agent before, to its first guard; default:
    /// seven minutes, as on a device.</summary>
    public TimeSpan StartGuard { get; init; } = TimeSpan.FromMinutes(7);

    /// <summary>The native assemblies of the firmware, in order; default: only <c>NanoOta.Native</c>. A <see cref="VirtualRuntime"/> in flash
    /// has its own.</summary>
    public IReadOnlyList<NativeAssembly> NativeAssemblies { get; init; } = [NativeAssembly.OfModule];

    /// <summary>Environment variables for the app, in addition to those of this process.</summary>
    public IReadOnlyDictionary<string, string> Environment { get; init; } = new Dictionary<string, string>();
}
