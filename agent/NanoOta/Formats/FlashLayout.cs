namespace NanoOta
{
    /// <summary>Where things lie in the <c>nanoota</c> partition (SPEC.md, section 5), in bytes from its start.</summary>
    public static class FlashLayout
    {
        /// <summary>Erase unit of the flash and size of a block, in bytes.</summary>
        public const int SectorSize = 4096;

        /// <summary>Boot record, copy A; copy B is one sector further on.</summary>
        public const int BootRecord = 0x0000;

        /// <summary>Journal, copy A; copy B is one sector further on.</summary>
        public const int Journal = 0x2000;

        /// <summary>Index region of slot 0; that of slot 1 follows it.</summary>
        public const int IndexRegion = 0x4000;

        /// <summary>Size of one index region.</summary>
        public const int IndexRegionSize = 0x6000;

        /// <summary>History, its first sector; the other one follows it.</summary>
        public const int History = IndexRegion + 2 * IndexRegionSize;

        /// <summary>Smallest <c>nanoota</c> partition that holds all of this.</summary>
        public const int MinimumSize = History + 2 * SectorSize;

        /// <summary>Index region of runtime slot 0, on boards with two; that of runtime slot 1 follows it.</summary>
        public const int RuntimeIndexRegion = MinimumSize;

        /// <summary>Smallest <c>nanoota</c> partition of a board with two runtime slots.</summary>
        public const int MinimumSizeWithRuntimes = RuntimeIndexRegion + 2 * IndexRegionSize;
    }
}
