namespace NanoOta.VirtualDevice;

/// <summary>An event of a virtual board.</summary>
public abstract record BoardEvent
{
    private BoardEvent()
    {
    }

    /// <summary>The firmware of a slot starts.</summary>
    /// <param name="Slot">0 or 1.</param>
    /// <param name="State">Confirmed, Trial or Reverted.</param>
    /// <param name="Reason">Why the chip was reset.</param>
    /// <param name="Outcome">The whole result of the boot.</param>
    /// <param name="Runtime">The runtime, on boards with runtime slots whose flash holds one; else null.</param>
    public sealed record Booted(
        int Slot, BootState State, ResetReason Reason, BootOutcome Outcome, StartedRuntime? Runtime = null) : BoardEvent;

    /// <summary>The firmware printed a line, or the CPU did when it crashed.</summary>
    public sealed record ConsoleLine(string Text) : BoardEvent;

    /// <summary>The agent of confirmed firmware set or fed its guard.</summary>
    public sealed record Guarded : BoardEvent;

    /// <summary>The chip was reset; a boot follows.</summary>
    public sealed record WasReset(ResetReason Reason) : BoardEvent;

    /// <summary>The firmware entered a planned deep sleep; the CPU is off.</summary>
    /// <param name="Milliseconds">Duration; 0 = until a reset from outside.</param>
    public sealed record Sleeps(int Milliseconds) : BoardEvent;

    /// <summary>The app ended: Main returned or threw, or the slot has no valid app. As on a device nothing follows until a reset; on trial
    /// the watchdog resets.</summary>
    public sealed record Ended : BoardEvent;

    /// <summary>Power failed; the board is off.</summary>
    public sealed record PowerLost : BoardEvent;

    /// <summary>Neither slot begins with a plausible assembly, or the bootloader can start no runtime; the board waits for a reset or for power
    /// to go.</summary>
    public sealed record NothingToBoot(ResetReason Reason) : BoardEvent;
}
