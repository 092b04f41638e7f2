using NanoOta.VirtualDevice;
using static NanoOta.Tests.Simulation.FaultSafetyChecks;

namespace NanoOta.Tests.Simulation;

/// <summary>
/// Counts the crashes and hangs of firmware that is not on trial as SPEC.md, section 5.4, has it, as observed from outside: at the
/// fifth the device reverts, for crashes alone, or runs in safe mode, and never without them.
/// </summary>
internal sealed class FaultCrashes(SimDevice device)
{
    private const int Enough = 5, SafeModeMs = 3_600_000, SurelyStableMs = 700_000;

    private int crashes, hangs;
    private SimRelease? last;
    private bool wasSafe, wasForgotten;
    private long bootedAt;
    private uint sequence;

    /// <summary>Number of reverts because of crashes.</summary>
    public int Loops { get; private set; }

    /// <summary>Boots in safe mode.</summary>
    public int SafeBoots { get; private set; }

    /// <summary>The firmware that was reverted; set after a revert.</summary>
    public SimRelease? Left { get; private set; }

    /// <summary>To be called before each step of the device.</summary>
    public void Check() => wasForgotten |= device.UptimeMs >= FirmwareGuard.StableMs && device.Memory.Load().Failures == 0;

    /// <summary>To be called after each boot.</summary>
    public void CheckBoot()
    {
        var running = device.Running!;
        long lasted = device.Milliseconds - bootedAt;
        if (wasForgotten || (!wasSafe && lasted >= SurelyStableMs)) Forget();
        if (wasSafe && lasted >= SafeModeMs && device.NextReset == ResetReason.Sw) Forget();
        bool hasReverted = device.Outcome.Action is BootAction.Reverted or BootAction.YieldedToCable;
        // Power may have failed in the boot that reverted.
        bool hasLooped = (hasReverted || device.Record.Sequence != sequence) && device.State == BootState.Reverted
            && device.Record.Reason == UpdateError.CrashLoop;
        // The firmware after the revert is not the one that crashed.
        Count(hasLooped ? last : running, hasLooped ? device.LastShutdown : device.NextReset);
        if (hasLooped) GoBack();
        else if (device.State == BootState.Trial || hasReverted) Forget();
        bool mustBeSafe = crashes + hangs >= Enough || device.Record.SafeMode == SafeMode.Chosen;
        Require(device.IsSafeMode == mustBeSafe, $"safe mode {device.IsSafeMode} after {crashes} crashes and {hangs} hangs");
        if (device.IsSafeMode) SafeBoots++;
        (last, wasSafe, wasForgotten, bootedAt) = (running, device.IsSafeMode, false, device.Milliseconds);
        sequence = device.Record.Sequence;
    }

    private void Count(SimRelease? firmware, ResetReason reset)
    {
        if (firmware != last) Forget();
        if (reset == ResetReason.Panic) crashes++;
        if (reset == ResetReason.Wdt) hangs++;
        bool isAnew = reset is ResetReason.PowerOn or ResetReason.Brownout or ResetReason.PwrGlitch or ResetReason.Ext
            or ResetReason.DeepSleep;
        if (isAnew) Forget();
    }

    private void Forget() => (crashes, hangs) = (0, 0);

    private void GoBack()
    {
        Require(crashes >= Enough, $"gone back after {crashes} crashes");
        Loops++;
        Left = last;
        Forget();
    }
}
