namespace NanoOta
{
    /// <summary>Settings of an agent: where releases are, who the device is, intervals and limits. Set them before the agent starts.</summary>
    public sealed class UpdateOptions
    {
        private int maxTrials = 3;

        /// <summary>Address of the releases: a manifest (ends in <c>.cose</c>) or the folder of one. http or https. A query (from <c>?</c>
        /// on), such as the signature of a storage, goes with every request for a file of that folder, and with none to a mirror.</summary>
        public string Address = "";

        /// <summary>Address of the manifest: <see cref="Address"/> itself, or the manifest in that folder.</summary>
        public string ManifestAddress
        {
            get
            {
                int query = PathEnd(Address);
                string path = Address.Substring(0, query);
                if (path.EndsWith(".cose")) return Address;
                return path + (path.EndsWith("/") ? "" : "/") + Manifest.FileName + Address.Substring(query);
            }
        }

        /// <summary>Offset of the query of an address, or its length if there is none.</summary>
        internal static int PathEnd(string address)
        {
            int query = address.IndexOf('?');
            return query < 0 ? address.Length : query;
        }

        /// <summary>Product whose releases are accepted.</summary>
        public string Product = "";

        /// <summary>Board whose releases are accepted: the <c>id</c> in its board.json.</summary>
        public string Board = "";

        /// <summary>Chip of the board, as its board.json spells it. Empty: the chip of a release is not compared.</summary>
        public string Chip = "";

        /// <summary>Public P-256 keys that may sign releases: base64 of x ‖ y. Empty: no release is accepted.</summary>
        public string[] TrustedKeys = new string[0];

        /// <summary>An id that no other device has, such as the MAC address. It decides in which wave of a roll-out the device is, and
        /// spreads its checks. Empty: the device accepts a release only when the wave has reached all devices.</summary>
        public string DeviceId = "";

        /// <summary>
        /// Milliseconds between two checks for a release, on average. Each interval is random, from three to five quarters of this,
        /// the first after a reset within a sixtieth, so that the devices of a fleet do not check at the same time. Default one hour.
        /// </summary>
        public int CheckIntervalMs = 3600000;

        /// <summary>Milliseconds within which an announced release is checked, at a random moment. The number of downloads that run at once
        /// in a fleet follows from it: devices × time of one download ÷ this. Default 60000.</summary>
        public int AnnounceSpreadMs = 60000;

        /// <summary>Milliseconds within which the first retry after a fault of the network is made; each further one doubles it, up to a
        /// minute, and the moment is random within the whole time ("full jitter"). Default 1000.</summary>
        public int RetryDelayMs = 1000;

        /// <summary>
        /// Milliseconds after which a trial without a verdict of the health check is rejected. Default five minutes. Planned sleeps do
        /// not count. More than seven eighths of the board's trial watchdog is cut to that, and reported with 6015, because the
        /// watchdog would blame the release.
        /// </summary>
        public int HealthDeadlineMs = 300000;

        /// <summary>
        /// Milliseconds that firmware on trial must have been awake before its health can be Good: much of what is wrong with firmware
        /// shows only after a while, and may still make it Bad until then. Default 30000, long enough for a leak or a watchdog of
        /// its own to show and short enough for devices that are awake for half a minute a day. Planned sleeps connect the times
        /// before and after; any other reset begins anew. It must be below <see cref="HealthDeadlineMs"/>; it is cut likewise.
        /// </summary>
        public int ShortestTrialMs = 30000;

        /// <summary>
        /// Trials of one release that may end without a verdict, such as by a loss of power or because the server was down, before it is
        /// quarantined with TooManyTrials: 1 to 255, default 3. The count survives resets. A release that fails its trial is quarantined at
        /// once, whatever this is.
        /// </summary>
        /// <exception cref="System.ArgumentException">The number is out of range.</exception>
        public int MaxTrials
        {
            get => maxTrials;
            set
            {
                if (value < 1 || value > 255) throw new System.ArgumentException("MaxTrials must be 1 to 255, not " + value.ToString());
                maxTrials = value;
            }
        }

        /// <summary>
        /// Bytes of manifests and images that are fetched in a day at most, for metered links; 0, the default: no limit. HTTP and TLS are
        /// not counted. The limit is checked before a manifest and before each block, so up to a block, a segment or an index more is
        /// fetched. When it is reached the update waits (4026) and keeps what is staged. A day begins with the first request after a
        /// reset and lasts 24 hours. A device that sleeps (OtaAgent.Sleep) counts anew after each sleep; instead its next check waits for
        /// the share of a day that it has used: three hours after an eighth of the limit.
        /// </summary>
        public int MaxBytesPerDay;

        /// <summary>When the device may reset to activate a release, or null: at any time. Staging goes on all day.</summary>
        public MaintenanceWindow Window;

        /// <summary>Voltages that an update needs, or null: the supply is not checked.</summary>
        public SupplyLimits Supply;
    }
}
