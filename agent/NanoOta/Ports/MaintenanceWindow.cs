namespace NanoOta
{
    /// <summary>A part of each day, by the clock on the wall, in which a device may be reset.</summary>
    public sealed class MaintenanceWindow
    {
        private const int MinutesPerDay = 1440;

        /// <summary>Begin in minutes after midnight, local time: 0 to 1439.</summary>
        public int StartMinute;

        /// <summary>Length in minutes: 1 to 1440. It may go past midnight.</summary>
        public int Minutes = 60;

        /// <summary>Local time less UTC, in minutes. The device has no time zones: an application in a place with summer time changes it
        /// when that begins and ends.</summary>
        public int UtcOffsetMinutes;

        /// <summary>Whether the window is open.</summary>
        /// <param name="unixSeconds">Seconds since 1970-01-01 UTC, positive.</param>
        public bool IsOpen(long unixSeconds)
        {
            return MinutesSinceStart(unixSeconds) < Minutes;
        }

        /// <summary>Seconds until it opens the next time, 1 to 86400; also while it is open.</summary>
        /// <param name="unixSeconds">Seconds since 1970-01-01 UTC, positive.</param>
        public int SecondsUntilStart(long unixSeconds)
        {
            return (MinutesPerDay - MinutesSinceStart(unixSeconds)) * 60 - (int)(unixSeconds % 60);
        }

        private int MinutesSinceStart(long unixSeconds)
        {
            int utc = (int)(unixSeconds / 60 % MinutesPerDay);
            return Wrap(utc + Wrap(UtcOffsetMinutes) + MinutesPerDay - Wrap(StartMinute));
        }

        // The remainder of a negative number is one, too.
        private static int Wrap(int minutes) => (minutes % MinutesPerDay + MinutesPerDay) % MinutesPerDay;
    }
}
