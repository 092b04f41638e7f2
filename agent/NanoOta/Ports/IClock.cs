namespace NanoOta
{
    /// <summary>Two times: one to measure with, and the time of day.</summary>
    public interface IClock
    {
        /// <summary>Milliseconds; never goes back, whatever happens to the time of day.</summary>
        long Milliseconds { get; }

        /// <summary>Seconds since 1970-01-01 UTC, or 0 while the time is not set.</summary>
        long UnixSeconds { get; }
    }
}
