namespace NanoOta
{
    /// <summary>What the application says of itself while it is on trial.</summary>
    public enum Health
    {
        /// <summary>Not known yet; ask again.</summary>
        Unknown = 0,
        /// <summary>Fit to stay.</summary>
        Good = 1,
        /// <summary>Not fit: the previous firmware comes back.</summary>
        Bad = 2,
    }

    /// <summary>
    /// The application's own verdict. Asked on the agent's thread again and again during a trial, until it is Good or Bad or
    /// the deadline has passed; an answer must come within a second or so, and a check that never returns is ended by the
    /// trial watchdog.
    /// </summary>
    public interface IHealthCheck
    {
        /// <summary>The verdict as of now.</summary>
        Health Check();
    }
}
