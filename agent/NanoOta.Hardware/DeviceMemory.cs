using nanoFramework.Hardware.Esp32;
using nanoFramework.Runtime.Native;

namespace NanoOta
{
    /// <summary>
    /// Memory of the device in bytes, as of the last measurement: the managed heap, and the chip's internal memory, which TLS
    /// takes its buffers from (facts, section 10).
    /// </summary>
    public sealed class DeviceMemory
    {
        /// <summary>Free bytes of the managed heap, after a collection that moves objects together.</summary>
        public uint FreeManaged { get; private set; }

        /// <summary>Free bytes of internal memory.</summary>
        public uint FreeInternal { get; private set; }

        /// <summary>The largest piece of internal memory that can be had at once.</summary>
        public uint LargestInternal { get; private set; }

        /// <summary>Measures; collects garbage, which stops every thread meanwhile.</summary>
        public void Measure()
        {
            uint total, free, largest;
            FreeManaged = GC.Run(true);
            NativeMemory.GetMemoryInfo(NativeMemory.MemoryType.Internal, out total, out free, out largest);
            FreeInternal = free;
            LargestInternal = largest;
        }
    }
}
