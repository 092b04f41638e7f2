namespace NanoOta
{
    /// <summary>Faults of ESP-IDF images, for people.</summary>
    public static class EspImageFaults
    {
        /// <summary>The field at fault; empty for None.</summary>
        /// <param name="fault">As the reader found it.</param>
        /// <param name="segment">Its segment, of those faults that are about one.</param>
        public static string Text(EspImageFault fault, int segment)
        {
            string number = segment.ToString();
            switch (fault)
            {
                case EspImageFault.None: return "";
                case EspImageFault.Unreadable: return "it cannot be read";
                case EspImageFault.Magic: return "it does not begin with 0xE9";
                case EspImageFault.ChipId: return "chip_id is that of another chip";
                case EspImageFault.MinRevision: return "min_chip_rev_full is above the revision of the chip";
                case EspImageFault.MaxRevision: return "max_chip_rev_full is below the revision of the chip";
                case EspImageFault.SegmentCount: return "the number of segments is not 1 to 16";
                case EspImageFault.HashAppended: return "hash_appended is neither 0 nor 1";
                case EspImageFault.SegmentLength: return "segment " + number + " has an invalid length";
                case EspImageFault.MapAddress: return "segment " + number + " does not lie where its address requires";
                case EspImageFault.LoadAddress: return "segment " + number + " has an address where the chip has no memory";
                case EspImageFault.Checksum: return "its checksum is wrong";
                case EspImageFault.Sha256: return "its SHA-256 is wrong";
                default: return "it ends too early, after " + number + " segments";
            }
        }
    }
}
