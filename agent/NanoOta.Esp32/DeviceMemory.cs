using nanoFramework.Hardware.Esp32;
using nanoFramework.Runtime.Native;

namespace NanoOta
{
    /// <summary>Frees memory that the application can do without: caches, pictures, connections.</summary>
    public delegate void MemoryRelief();

    /// <summary>The chip's internal memory, from which TLS takes its buffers (docs/platform/memory.md, "TLS"), and the managed heap, in
    /// bytes.</summary>
    public sealed class DeviceMemory : IMemory
    {
        private readonly MemoryRelief relief;

        /// <summary>The memory of this device.</summary>
        /// <param name="relief">Called when there is too little for TLS or a trial; null: only garbage is collected.</param>
        public DeviceMemory(MemoryRelief relief)
        {
            this.relief = relief;
        }

        /// <inheritdoc/>
        public int Free
        {
            get
            {
                uint total, free, largest;
                NativeMemory.GetMemoryInfo(NativeMemory.MemoryType.Internal, out total, out free, out largest);
                return (int)free;
            }
        }

        /// <inheritdoc/>
        public int LargestBlock
        {
            get
            {
                uint total, free, largest;
                NativeMemory.GetMemoryInfo(NativeMemory.MemoryType.Internal, out total, out free, out largest);
                return (int)largest;
            }
        }

        /// <inheritdoc/>
        public int FreeManaged => (int)GC.Run(false);

        /// <inheritdoc/>
        public void Release()
        {
            if (relief != null) relief();
            GC.Run(false);
        }
    }
}
