namespace NanoOta
{
    /// <summary>
    /// Good while native and managed heap are above their floors, Bad when one was below for a minute: firmware that takes too much can no
    /// longer be updated. Unknown in between, because a TLS connection takes as much as the floors, the one of the server's probe too.
    /// </summary>
    public sealed class MemoryFloor : IHealthCheck
    {
        /// <summary>Milliseconds below a floor, in each round, that are more than a dip: longer than any download waits for bytes.</summary>
        public const int DipMs = 60000;

        /// <summary>Bytes of the managed heap that a trial takes beside what runs before it: a request with its answer took 4.5 to 8.6 KB
        /// on the real runtime (docs/platform/memory.md).</summary>
        public const int ManagedNeed = 8000;

        // A collection stops every thread, and the probe is called four times a second.
        private const int CheckMs = 5000;

        private readonly UpdatePorts ports;
        private readonly int free, largestBlock;
        private long lowSince = -1, nextCheck;
        private bool isManagedLow;

        /// <summary>A probe.</summary>
        /// <param name="ports">Memory and clock are used. Without memory the probe is always Good.</param>
        /// <param name="free">Least number of free bytes of the native heap.</param>
        /// <param name="largestBlock">Least number of bytes of the largest free block.</param>
        public MemoryFloor(UpdatePorts ports, int free, int largestBlock)
        {
            this.ports = ports;
            this.free = free;
            this.largestBlock = largestBlock;
        }

        /// <inheritdoc/>
        public Health Check()
        {
            IMemory memory = ports.Memory;
            if (memory == null || memory.Free >= free && memory.LargestBlock >= largestBlock && !IsManagedLow(memory))
            {
                lowSince = -1;
                return Health.Good;
            }

            long now = ports.Clock.Milliseconds;
            if (lowSince < 0) lowSince = now;
            return now - lowSince >= DipMs ? Health.Bad : Health.Unknown;
        }

        private bool IsManagedLow(IMemory memory)
        {
            long now = ports.Clock.Milliseconds;
            if (now < nextCheck) return isManagedLow;
            nextCheck = now + CheckMs;
            isManagedLow = memory.FreeManaged < ManagedNeed;
            return isManagedLow;
        }
    }
}
