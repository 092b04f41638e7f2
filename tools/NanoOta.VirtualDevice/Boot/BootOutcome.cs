namespace NanoOta.VirtualDevice;

/// <summary>What a boot did about the boot record.</summary>
public enum BootAction
{
    /// <summary>Nothing: it booted what was chosen.</summary>
    None,
    /// <summary>It counted the first boot of a trial.</summary>
    TrialBegun,
    /// <summary>It counted a power blip in a trial.</summary>
    BlipCounted,
    /// <summary>It went back to another slot.</summary>
    Reverted,
    /// <summary>It found that a cable had changed a slot during a trial, and chose that slot.</summary>
    YieldedToCable,
}

/// <summary>How a boot went.</summary>
/// <param name="Slot">The slot that boots; null when neither holds anything plausible.</param>
/// <param name="Record">
/// The record that counts from now on. After a failure of the flash it may stand nowhere else: see <paramref name="Saved"/>.
/// </param>
/// <param name="ResetReason">Why the chip was reset.</param>
/// <param name="Action">What the boot did about the record.</param>
/// <param name="Saved">Whether flash holds what <paramref name="Record"/> says, and only confirmed ones behind a confirmation.</param>
/// <param name="IsGuarded">Whether the chip must be reset unless the firmware calls: it is not on trial and has had an agent.</param>
/// <param name="IsSafeMode">Whether only network and agent should run.</param>
/// <param name="Memory">The board's retained memory, as this boot left it.</param>
public sealed record BootOutcome(
    int? Slot, BootRecord Record, ResetReason ResetReason, BootAction Action, bool Saved, bool IsGuarded, bool IsSafeMode,
    RetainedMemory Memory);
