using System;

namespace NanoOta
{
    /// <summary>Lowest supply and memory: since the last record, and since the start.</summary>
    internal sealed class LowestReadings
    {
        private readonly UpdatePorts ports;

        public LowestReadings(UpdatePorts ports)
        {
            this.ports = ports;
        }

        /// <summary>Millivolts since <see cref="Restart"/>; −1: not measured.</summary>
        public int Supply { get; private set; } = -1;

        /// <summary>Free bytes since <see cref="Restart"/>; −1: not measured.</summary>
        public int Memory { get; private set; } = -1;

        /// <summary>Millivolts since the start; −1: not measured.</summary>
        public int SupplySinceStart { get; private set; } = -1;

        /// <summary>Free bytes since the start; −1: not measured.</summary>
        public int MemorySinceStart { get; private set; } = -1;

        /// <summary>Measures both; either may throw.</summary>
        public void Measure()
        {
            int supply = MeasureSupply(ports.Supply), memory = MeasureMemory();
            Supply = Lower(Supply, supply);
            Memory = Lower(Memory, memory);
            SupplySinceStart = Lower(SupplySinceStart, supply);
            MemorySinceStart = Lower(MemorySinceStart, memory);
        }

        public void Restart()
        {
            Supply = -1;
            Memory = -1;
        }

        /// <summary>Millivolts as of now; −1: not measured. An exception of the application must end neither trial nor report.</summary>
        public static int MeasureSupply(ISupply supply)
        {
            try
            {
                return supply == null ? -1 : supply.Millivolts;
            }
            catch (Exception)
            {
                return -1;
            }
        }

        private int MeasureMemory()
        {
            try
            {
                return ports.Memory == null ? -1 : ports.Memory.Free;
            }
            catch (Exception)
            {
                return -1;
            }
        }

        private static int Lower(int lowest, int value)
        {
            if (value < 0) return lowest;
            return lowest < 0 || value < lowest ? value : lowest;
        }
    }
}
