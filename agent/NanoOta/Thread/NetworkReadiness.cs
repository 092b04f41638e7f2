namespace NanoOta
{
    /// <summary>
    /// Whether a request to a server can succeed: the device has an address, and the time of day, which TLS needs. It waits for the time at
    /// most <see cref="MaxTimeWaitMs"/>: on a network without SNTP plain http works, and https fails with an error number. Thread-safe.
    /// </summary>
    public sealed class NetworkReadiness
    {
        /// <summary>Milliseconds that an address may be there without the time of day. SNTP starts with the address.</summary>
        public const int MaxTimeWaitMs = 60000;

        private readonly IClock clock;
        private readonly NetworkProbe hasAddress;
        private readonly object gate = new object();
        private long addressSince = -1;

        /// <summary>A readiness that has not been checked yet.</summary>
        /// <param name="clock">Measures the wait, and has the time of day.</param>
        /// <param name="hasAddress">Whether the device has a network address now.</param>
        public NetworkReadiness(IClock clock, NetworkProbe hasAddress)
        {
            this.clock = clock;
            this.hasAddress = hasAddress;
        }

        /// <summary>Whether a request can succeed now. The wait for the time begins with the first call that finds an address, and
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
