namespace NanoOta
{
    /// <summary>
    /// Good while the native heap is above its floors, Bad when it was below them for a minute: firmware that takes too much can no
    /// longer be updated. Unknown in between, because a TLS connection takes as much as the floors, the one of the server's probe too.
    /// </summary>
    public sealed class MemoryFloor : IHealthCheck
    {
        /// <summary>Milliseconds below a floor, in each round, that are no dip any more: longer than any download waits for bytes.</summary>
        public const int DipMs = 60000;

        private readonly IMemory memory;
        private readonly IClock clock;
        private readonly int free, largestBlock;
        private long lowSince = -1;

        /// <summary>A probe.</summary>
        /// <param name="memory">The native heap.</param>
        /// <param name="clock">Measures a dip.</param>
        /// <param name="free">Least number of free bytes.</param>
        /// <param name="largestBlock">Least number of bytes of the largest free block.</param>
        public MemoryFloor(IMemory memory, IClock clock, int free, int largestBlock)
        {
            this.memory = memory;
            this.clock = clock;
            this.free = free;
            this.largestBlock = largestBlock;
        }

        /// <inheritdoc/>
        public Health Check()
        {
            if (memory.Free >= free && memory.LargestBlock >= largestBlock)
            {
                lowSince = -1;
                return Health.Good;
            }

            long now = clock.Milliseconds;
            if (lowSince < 0) lowSince = now;
            return now - lowSince >= DipMs ? Health.Bad : Health.Unknown;
        }
    }
}
