using System.Diagnostics;

namespace NanoOta
{
    /// <summary>
    /// Reports to the native module that the firmware is alive, and that it has run for long enough. The guard of confirmed firmware resets
    /// the chip when the agent's thread, or the whole runtime, hangs. Such a reset counts as a hang, and the counts become zero when the
    /// firmware has run for long enough (SPEC, section 5.4). Nothing here survives a reset.
    /// </summary>
    /// <remarks>While a debugger is attached nothing is guarded: at a breakpoint every thread stops. One that is attached to running
    /// firmware is detected within <see cref="RoundMs"/>; do not break before that.</remarks>
    public sealed class FirmwareGuard
    {
        /// <summary>Seconds without a round after which the chip is reset. No step of an agent takes so long unless it hangs.</summary>
        public const int GuardSeconds = 300;

        /// <summary>Longest time between two rounds in milliseconds: one may come late without a reset.</summary>
        public const int RoundMs = GuardSeconds * 1000 / 3;

        /// <summary>Milliseconds since the start after which the crashes and hangs before it are forgotten.</summary>
        public const int StableMs = 600000;

        /// <summary>Milliseconds after which safe mode that follows crashes or hangs ends with a reset, so that the application runs
        /// again.</summary>
        public const int SafeModeMs = 3600000;

        private readonly IBootControl boot;
        private readonly IClock clock;
        private readonly long startedAt;
        private readonly bool hasHung;
        private bool isStable;

        /// <summary>A guard that begins with its first round; to be made when the firmware starts.</summary>
        public FirmwareGuard(IBootControl boot, IClock clock)
        {
            this.boot = boot;
            this.clock = clock;
            startedAt = clock.Milliseconds;
            hasHung = boot.ResetReason == ResetReason.Wdt && boot.Crashes != 0;
        }

        /// <summary>
        /// Whether the last run may have hung in a request of the agent's, and this one has not lasted yet. No release should be
        /// checked for then: a server that does not answer would lead to safe mode. In safe mode it should, because nothing else runs.
        /// </summary>
        public bool IsOnProbation => hasHung && !isStable && !boot.IsSafeMode;

        /// <summary>One round, at least every <see cref="RoundMs"/>.</summary>
        /// <param name="isUpdating">Whether an update is in work, which safe mode does not end.</param>
        public void Round(bool isUpdating)
        {
            boot.Guard(Debugger.IsAttached ? 0 : GuardSeconds);
            long age = clock.Milliseconds - startedAt;
            if (boot.IsSafeMode)
            {
                if (age >= SafeModeMs && !isUpdating) EndSafeMode();
            }
            else if (age >= StableMs && !isStable)
            {
                boot.ForgetCrashes();
                isStable = true;
            }
        }

        // Safe mode of the boot record does not end with a reset.
        private void EndSafeMode()
        {
            if (boot.Crashes == 0) return;
            boot.ForgetCrashes();
            boot.Restart();
        }
    }
}
