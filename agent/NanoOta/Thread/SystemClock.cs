using System;

namespace NanoOta
{
    /// <summary>Time since the start of the device, and the time of day once it was set.</summary>
    public sealed class SystemClock : IClock
    {
        // 2026-01-01: older than any agent, so a clock before it was never set.
        private const long Earliest = 1767225600;

        /// <inheritdoc/>
        public long Milliseconds => Environment.TickCount64;

        /// <inheritdoc/>
        public long UnixSeconds
        {
            get
            {
                // A difference: the two platforms count ticks from different years (docs/platform/runtime.md, "Time").
                long seconds = (DateTime.UtcNow - new DateTime(1970, 1, 1)).Ticks / 10000000;
                return seconds < Earliest ? 0 : seconds;
            }
        }
    }
}
