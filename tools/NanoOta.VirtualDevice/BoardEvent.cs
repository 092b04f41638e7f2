namespace NanoOta.VirtualDevice;

/// <summary>Something that happened on a virtual board.</summary>
public abstract record BoardEvent
{
    private BoardEvent()
    {
    }

    /// <summary>A slot was chosen, and its firmware starts.</summary>
    /// <param name="Slot">0 or 1.</param>
    /// <param name="State">Confirmed, Trial or Reverted.</param>
    /// <param name="Reason">Why the chip was reset.</param>
    /// <param name="Outcome">All of what the boot found and did.</param>
    public sealed record Booted(int Slot, BootState State, ResetReason Reason, BootOutcome Outcome) : BoardEvent;

    /// <summary>The firmware, or in its last moment the CPU, printed a line.</summary>
    public sealed record ConsoleLine(string Text) : BoardEvent;

    /// <summary>The agent of confirmed firmware runs: it has set or fed its guard.</summary>
    public sealed record Guarded : BoardEvent;

    /// <summary>The chip was reset; a boot follows.</summary>
    public sealed record WasReset(ResetReason Reason) : BoardEvent;

    /// <summary>The firmware sleeps deeply, planned; the CPU is off.</summary>
    /// <param name="Milliseconds">Until it wakes; 0 = only a reset from outside wakes it.</param>
    public sealed record Sleeps(int Milliseconds) : BoardEvent;

    /// <summary>
    /// The app came to its end: Main returned or threw, or nothing in the slot can run. As on the device nothing more
    /// happens until a reset; in a trial the watchdog makes one.
    /// </summary>
    public sealed record Ended : BoardEvent;

    /// <summary>Power failed; the board is off.</summary>
    public sealed record PowerLost : BoardEvent;

    /// <summary>Neither slot begins with a plausible assembly; the board waits for a reset or for power to go.</summary>
    public sealed record NothingToBoot(ResetReason Reason) : BoardEvent;
}
