namespace NanoOta
{
    /// <summary>The state of the firmware on trial.</summary>
    public enum Health
    {
        /// <summary>Not known yet; the check is called again.</summary>
        Unknown = 0,
        /// <summary>Fit to stay.</summary>
        Good = 1,
        /// <summary>Not fit: the device rolls back.</summary>
        Bad = 2,
    }

    /// <summary>
    /// The application's own verdict, or one probe of a <see cref="HealthScore"/>. Called on the agent's thread again and again during a
    /// trial, until it is Bad, or Good when the shortest trial is over, or until the deadline has passed. What throws, or answers anything
    /// else, is Unknown. The agent waits for the answer, so it should come within a second or so; a check that never returns is ended by
    /// the trial watchdog.
    /// </summary>
    public interface IHealthCheck
    {
        /// <summary>The verdict as of now.</summary>
        Health Check();
    }
}
