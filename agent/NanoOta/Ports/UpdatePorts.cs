namespace NanoOta
{
    /// <summary>Everything outside the core that an agent works with; the optional ones state what null means, all others are
    /// required.</summary>
    public sealed class UpdatePorts
    {
        /// <summary>Flash by area.</summary>
        public IFlash Flash;

        /// <summary>The boot record.</summary>
        public IBootControl Boot;

        /// <summary>SHA-256 and ECDSA.</summary>
        public ICrypto Crypto;

        /// <summary>Files of a release.</summary>
        public IReleaseSource Source;

        /// <summary>Time.</summary>
        public IClock Clock;

        /// <summary>The application's health check, during a trial.</summary>
        public IHealthCheck Health;

        /// <summary>The firmware below, or null: the native code that an app needs is not compared.</summary>
        public IRuntime Runtime;

        /// <summary>Checks new runtimes, or null: this firmware takes none.</summary>
        public IRuntimeUpdates RuntimeUpdates;

        /// <summary>The application's conditions of an update, beside those of the agent: none unless some are added.</summary>
        public readonly PreflightList Preflight = new PreflightList();

        /// <summary>The supply, or null: it carries everything.</summary>
        public ISupply Supply;

        /// <summary>The memory, or null: there is enough.</summary>
        public IMemory Memory;

        /// <summary>The application's settings, or null: none are kept.</summary>
        public ISettings Settings;

        /// <summary>The listeners of the agent's events; none is required.</summary>
        public UpdateEventList Events { get; } = new UpdateEventList();

        /// <summary>Sectors of the inactive slot erased since the start of the device.</summary>
        internal int SlotErases;

        /// <summary>When the day of <see cref="UpdateOptions.MaxBytesPerDay"/> began, on the clock's milliseconds; −1 before that.</summary>
        internal long DayBegan = -1;

        /// <summary>Bytes fetched since then.</summary>
        internal int BytesOfDay;

        /// <summary>When the first agent on these ports began, on the clock's milliseconds; −1 before that.</summary>
        internal long StartedAt = -1;

        private byte[] block;

        /// <summary>The one large buffer: the agent's, also that of the next one after a fault, and lent to the server's probe.</summary>
        internal byte[] Block => block ??= new byte[BlockIndex.BlockSize];

        /// <summary>Whether what the probe has put into it is still there: the agent's use ends the loan.</summary>
        internal bool IsBlockLent;
    }
}
