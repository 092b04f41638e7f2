namespace NanoOta
{
    /// <summary>Counts since the history's area was first used, over all resets. Each record contains the totals, so a reset loses at most
    /// the counts since the newest one.</summary>
    public sealed class HistoryTotals
    {
        /// <summary>Starts of the firmware, without the wakes from planned sleeps.</summary>
        public int Starts;

        /// <summary>Releases that were confirmed.</summary>
        public int Updates;

        /// <summary>Releases that were rolled back after they had run.</summary>
        public int Reverts;

        /// <summary>Faults after which something was tried again.</summary>
        public int Retries;

        /// <summary>Bytes of images that were fetched, repeats included.</summary>
        public long BytesFetched;

        /// <summary>Erases of sectors of slot 0.</summary>
        public int Slot0Erases;

        /// <summary>Erases of sectors of slot 1.</summary>
        public int Slot1Erases;
    }
}
