namespace NanoOta
{
    /// <summary>Where segments of ESP-IDF images may lie, by the chip_id in the image. The ranges are those of soc.h of each chip in ESP-IDF
    /// 5.5. For other chips everything is allowed.</summary>
    public static class EspMemory
    {
        private const int Esp32 = 0, Esp32C3 = 5, Esp32S3 = 9;

        // Addresses below are never loaded; padding has 0.
        private const uint FirstLoaded = 0x10000000u;

        /// <summary>Whether a segment with this address is used from flash, and not copied to RAM.</summary>
        public static bool IsMapped(int chipId, uint address)
        {
            switch (chipId)
            {
                case Esp32: return Has(address, 0x3F400000u, 0x3F800000u) || Has(address, 0x400D0000u, 0x40400000u);
                case Esp32C3: return Has(address, 0x3C000000u, 0x3C800000u) || Has(address, 0x42000000u, 0x42800000u);
                case Esp32S3: return Has(address, 0x3C000000u, 0x3E000000u) || Has(address, 0x42000000u, 0x44000000u);
                default: return false;
            }
        }

        /// <summary>Whether the chip has memory for a segment that is copied to RAM; also true for one that is not loaded at all.</summary>
        /// <param name="chipId">chip_id of the image.</param>
        /// <param name="address">Address of its first byte.</param>
        /// <param name="last">Address of its last byte.</param>
        public static bool HasRam(int chipId, uint address, uint last)
        {
            if (address < FirstLoaded) return true;
            switch (chipId)
            {
                case Esp32:
                    return Is(address, last, 0x3FFAE000u, 0x40000000u) || Is(address, last, 0x40080000u, 0x400AA000u)
                        || Is(address, last, 0x400C0000u, 0x400C2000u) || Is(address, last, 0x3FF80000u, 0x3FF82000u)
                        || Is(address, last, 0x50000000u, 0x50002000u);
                case Esp32C3:
                    return Is(address, last, 0x3FC80000u, 0x3FCE0000u) || Is(address, last, 0x4037C000u, 0x403E0000u)
                        || Is(address, last, 0x50000000u, 0x50002000u);
                case Esp32S3:
                    return Is(address, last, 0x3FC88000u, 0x3FD00000u) || Is(address, last, 0x40370000u, 0x403E0000u)
                        || Is(address, last, 0x600FE000u, 0x60100000u) || Is(address, last, 0x50000000u, 0x50002000u);
                default:
                    return true;
            }
        }

        private static bool Is(uint address, uint last, uint start, uint end) => Has(address, start, end) && Has(last, start, end);

        private static bool Has(uint address, uint start, uint end) => address >= start && address < end;
    }
}
