namespace NanoOta.VirtualDevice;

/// <summary>The change of the boot record by a boot.</summary>
public enum BootAction
{
    /// <summary>None: it booted the chosen slot.</summary>
    None,
    /// <summary>It counted the first boot of a trial.</summary>
    TrialBegun,
    /// <summary>It counted a power blip in a trial.</summary>
    BlipCounted,
    /// <summary>It reverted to the other slot.</summary>
    Reverted,
    /// <summary>It found a slot that was deployed by cable during a trial, and chose it.</summary>
    YieldedToCable,
}

/// <summary>The result of a boot.</summary>
/// <param name="Slot">The slot that boots; null if neither is bootable.</param>
/// <param name="Record">The valid record from now on. After a flash failure it may exist only here: see <paramref name="Saved"/>.</param>
/// <param name="ResetReason">Why the chip was reset.</param>
/// <param name="Action">The change of the record.</param>
/// <param name="Saved">Whether flash holds <paramref name="Record"/>, and if it is confirmed, no older copy that is not.</param>
/// <param name="IsGuarded">Whether the guard runs from the start: the firmware is not on trial and had an agent before.</param>
/// <param name="IsSafeMode">Whether only network and agent may run.</param>
/// <param name="Memory">The board's retained memory after this boot.</param>
/// <param name="MustRestart">Whether the chip must be reset at once, because the other runtime slot has been chosen; then nothing
/// boots.</param>
public sealed record BootOutcome(
    int? Slot, BootRecord Record, ResetReason ResetReason, BootAction Action, bool Saved, bool IsGuarded, bool IsSafeMode,
    RetainedMemory Memory, bool MustRestart = false);
