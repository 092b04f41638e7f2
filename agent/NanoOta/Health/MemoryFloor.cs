namespace NanoOta
{
    /// <summary>Good while the native heap is above its floors, Bad below: firmware that takes too much can no longer be updated.</summary>
    public sealed class MemoryFloor : IHealthCheck
    {
        private readonly IMemory memory;
        private readonly int free, largestBlock;

        /// <summary>A probe.</summary>
        /// <param name="memory">The native heap.</param>
        /// <param name="free">Least number of free bytes.</param>
        /// <param name="largestBlock">Least number of bytes of the largest free block.</param>
        public MemoryFloor(IMemory memory, int free, int largestBlock)
        {
            this.memory = memory;
            this.free = free;
            this.largestBlock = largestBlock;
        }

        /// <inheritdoc/>
        public Health Check() => memory.Free >= free && memory.LargestBlock >= largestBlock ? Health.Good : Health.Bad;
    }
}
