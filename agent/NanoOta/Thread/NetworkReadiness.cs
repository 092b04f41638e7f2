namespace NanoOta
{
    /// <summary>
    /// Whether it makes sense to ask a server: the device has an address, and the time of day, which TLS needs. The time is
    /// waited for at most <see cref="MaxTimeWaitMs"/>: on a network without SNTP plain http works, and https fails with a number
    /// rather than in silence. Any thread may ask.
    /// </summary>
    public sealed class NetworkReadiness
    {
        /// <summary>Milliseconds that an address may be there without the time of day. SNTP starts with the address.</summary>
        public const int MaxTimeWaitMs = 60000;

        private readonly IClock clock;
        private readonly NetworkProbe hasAddress;
        private readonly object gate = new object();
        private long addressSince = -1;

        /// <summary>A readiness that knows nothing yet.</summary>
        /// <param name="clock">Measures the wait, and knows the time of day.</param>
        /// <param name="hasAddress">Whether the device has a network address now.</param>
        public NetworkReadiness(IClock clock, NetworkProbe hasAddress)
        {
            this.clock = clock;
            this.hasAddress = hasAddress;
        }

        /// <summary>Whether a server may be asked now. The wait for the time begins with the first call that finds an address, and
        /// again after the address was lost.</summary>
        public bool IsReady()
        {
            bool isConnected = hasAddress();
            long now = clock.Milliseconds;
            lock (gate)
            {
                if (!isConnected) addressSince = -1;
                else if (addressSince < 0) addressSince = now;
                return isConnected && (clock.UnixSeconds > 0 || now - addressSince >= MaxTimeWaitMs);
            }
        }
    }
}
