using System;

namespace NanoOta
{
    /// <summary>Time since the start of the device.</summary>
    public sealed class SystemClock : IClock
    {
        // The clock of a device starts at 1970; nanoFramework's own network helper takes anything before 2021 for not set.
        private const int FirstValidYear = 2021;

        /// <inheritdoc/>
        public long Milliseconds => Environment.TickCount64;

        /// <summary>Whether the time of day was set since power-on, by SNTP or by the application. TLS needs it: dates of
        /// certificates are checked.</summary>
        public static bool HasTimeOfDay() => DateTime.UtcNow.Year >= FirstValidYear;
    }
}
