namespace NanoOta
{
    /// <summary>The field for which an ESP-IDF image cannot boot (docs/platform/boot.md, "Application images").</summary>
    public enum EspImageFault
    {
        /// <summary>None.</summary>
        None = 0,
        /// <summary>It cannot be read.</summary>
        Unreadable = 1,
        /// <summary>The first byte is not 0xE9.</summary>
        Magic = 2,
        /// <summary>It is for another chip.</summary>
        ChipId = 3,
        /// <summary>The chip is older than min_chip_rev_full.</summary>
        MinRevision = 4,
        /// <summary>The chip is newer than max_chip_rev_full.</summary>
        MaxRevision = 5,
        /// <summary>It has no segment, or more than 16.</summary>
        SegmentCount = 6,
        /// <summary>hash_appended is neither 0 nor 1.</summary>
        HashAppended = 7,
        /// <summary>The length of a segment is not a multiple of 4, or 16 MB or more.</summary>
        SegmentLength = 8,
        /// <summary>It ends behind its file or partition.</summary>
        Length = 9,
        /// <summary>A segment that is executed or read from flash does not lie there as its address requires.</summary>
        MapAddress = 10,
        /// <summary>A segment would be loaded to where the chip has no memory. Only the bootloader checks this, not ESP-IDF's
        /// applications.</summary>
        LoadAddress = 11,
        /// <summary>The checksum over the segments is wrong.</summary>
        Checksum = 12,
        /// <summary>The SHA-256 behind the checksum is wrong.</summary>
        Sha256 = 13,
    }
}
