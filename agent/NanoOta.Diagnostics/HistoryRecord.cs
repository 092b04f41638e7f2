using System.Text;

namespace NanoOta
{
    /// <summary>One record of the history (SPEC.md, section 5.6).</summary>
    public sealed class HistoryRecord
    {
        /// <summary>The kind of a start; all others have the number of their <see cref="UpdateEventKind"/>.</summary>
        public const int Start = 0;

        /// <summary>Bytes of a record.</summary>
        internal const int Length = 108;

        // Far beyond what flash can take; a number that is larger is damage, and the next one must fit an Int32.
        private const int MaxNumber = 2000000000;

        private const string Magic = "NH";
        private const byte Format = 1;
        private const int NumberOffset = 4, CodeOffset = 10, UptimeOffset = 12, MemoryOffset = 16, UnixOffset = 20, SequenceOffset = 28,
            BytesOffset = 36, SupplyOffset = 44, CountersOffset = 48, VersionOffset = 72, CrcOffset = 104;

        /// <summary>1 for the first record of the area; grows by one with each.</summary>
        public int Number;

        /// <summary><see cref="Start"/>, or the number of an <see cref="UpdateEventKind"/>.</summary>
        public int Kind;

        /// <summary>The slot it is about, 0 or 1.</summary>
        public int Slot;

        /// <summary>What reset the device before this start, numbered as ESP-IDF's esp_reset_reason_t, 0 to 255.</summary>
        public int ResetReason;

        /// <summary>Why, or None.</summary>
        public UpdateError Code;

        /// <summary>Seconds from the start of the firmware to the event.</summary>
        public int Uptime;

        /// <summary>Seconds since 1970-01-01 UTC; 0: the device did not have the time.</summary>
        public long UnixSeconds;

        /// <summary>Sequence of the release that it is about; 0 when it was not known.</summary>
        public long Sequence;

        /// <summary>Version of the release that it is about; empty when it was not known.</summary>
        public string Version = "";

        /// <summary>Lowest supply in millivolts since the record before, or the start; −1: not measured.</summary>
        public int LowestSupply = -1;

        /// <summary>Fewest free bytes since the record before, or the start; −1: not measured.</summary>
        public int LowestMemory = -1;

        /// <summary>As of this record.</summary>
        public readonly HistoryTotals Totals = new HistoryTotals();

        internal void WriteTo(byte[] buffer)
        {
            for (int i = 0; i < Length; i++) buffer[i] = 0;
            Bytes.PutMagic(buffer, Magic);
            buffer[2] = Format;
            buffer[3] = (byte)Kind;
            PutSize(buffer, NumberOffset, Number);
            buffer[8] = (byte)Slot;
            buffer[9] = (byte)ResetReason;
            Bytes.PutU16(buffer, CodeOffset, (int)Code);
            PutSize(buffer, UptimeOffset, Uptime);
            PutSize(buffer, MemoryOffset, LowestMemory);
            Bytes.PutLong(buffer, UnixOffset, UnixSeconds);
            Bytes.PutLong(buffer, SequenceOffset, Sequence);
            Bytes.PutLong(buffer, BytesOffset, Totals.BytesFetched);
            PutSize(buffer, SupplyOffset, LowestSupply);
            PutCounters(buffer);
            for (int i = 0; i < Version.Length && i < SlotDescriptor.MaxVersionLength; i++) buffer[VersionOffset + i] = (byte)Version[i];
            Bytes.PutU32(buffer, CrcOffset, Checksum.Crc32(buffer, 0, CrcOffset));
        }

        /// <summary>The number of the valid record at the start of a buffer; −1 when there is none.</summary>
        internal static int ReadNumber(byte[] buffer)
        {
            if (!Bytes.HasMagic(buffer, 0, Magic) || buffer[2] != Format || buffer[8] > 1) return -1;
            int number = Bytes.GetSize(buffer, NumberOffset);
            if (number > MaxNumber) return -1;
            return Bytes.GetU32(buffer, CrcOffset) == Checksum.Crc32(buffer, 0, CrcOffset) ? number : -1;
        }

        /// <summary>Reads a valid record.</summary>
        internal void ReadFrom(byte[] buffer)
        {
            Kind = buffer[3];
            Number = Bytes.GetSize(buffer, NumberOffset);
            Slot = buffer[8];
            ResetReason = buffer[9];
            Code = (UpdateError)Bytes.GetU16(buffer, CodeOffset);
            Uptime = Counted(Bytes.GetSize(buffer, UptimeOffset));
            LowestMemory = Bytes.GetSize(buffer, MemoryOffset);
            UnixSeconds = Bytes.GetLong(buffer, UnixOffset);
            Sequence = Bytes.GetLong(buffer, SequenceOffset);
            LowestSupply = Bytes.GetSize(buffer, SupplyOffset);
            ReadCounters(buffer);
            int length = 0;
            // On the device a text ends at its first zero.
            while (length < SlotDescriptor.MaxVersionLength && buffer[VersionOffset + length] != 0) length++;
            Version = ManifestText.IsName(buffer, VersionOffset, length) ? Encoding.UTF8.GetString(buffer, VersionOffset, length) : "";
        }

        private void PutCounters(byte[] buffer)
        {
            PutSize(buffer, CountersOffset, Totals.Starts);
            PutSize(buffer, CountersOffset + 4, Totals.Updates);
            PutSize(buffer, CountersOffset + 8, Totals.Reverts);
            PutSize(buffer, CountersOffset + 12, Totals.Retries);
            PutSize(buffer, CountersOffset + 16, Totals.Slot0Erases);
            PutSize(buffer, CountersOffset + 20, Totals.Slot1Erases);
        }

        private void ReadCounters(byte[] buffer)
        {
            Totals.BytesFetched = Bytes.GetLong(buffer, BytesOffset) < 0 ? 0 : Bytes.GetLong(buffer, BytesOffset);
            Totals.Starts = Counted(Bytes.GetSize(buffer, CountersOffset));
            Totals.Updates = Counted(Bytes.GetSize(buffer, CountersOffset + 4));
            Totals.Reverts = Counted(Bytes.GetSize(buffer, CountersOffset + 8));
            Totals.Retries = Counted(Bytes.GetSize(buffer, CountersOffset + 12));
            Totals.Slot0Erases = Counted(Bytes.GetSize(buffer, CountersOffset + 16));
            Totals.Slot1Erases = Counted(Bytes.GetSize(buffer, CountersOffset + 20));
        }

        // Out of range only in a damaged record.
        private static int Counted(int value) => value < 0 ? 0 : value;

        private static void PutSize(byte[] buffer, int offset, int value)
        {
            if (value < 0) Bytes.PutU32(buffer, offset, 0xFFFFFFFFu);
            else Bytes.PutU32(buffer, offset, (uint)value);
        }
    }
}
