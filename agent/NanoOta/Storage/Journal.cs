namespace NanoOta
{
    /// <summary>
    /// The state of the agent that survives resets and does not follow from flash (SPEC.md, section 5.2): the release in hand and its
    /// trials, the last error, and the releases that failed here. Two copies in turn, so a save is atomic; what protects the device
    /// stands in both, so the loss of either costs none of it while both can be written.
    /// </summary>
    internal sealed class Journal
    {
        /// <summary>Bytes of the record.</summary>
        public const int Length = 512;

        /// <summary>Failed releases that are stored; the oldest is dropped.</summary>
        public const int QuarantineLength = 8;

        private const string Magic = "NOJR";
        private const byte Format = 1;
        private const int SequenceOffset = 8, ErrorOffset = 12, TrialsOffset = 14, CountedOffset = 15, InHandOffset = 16, ErrorIdOffset = 48,
            ErrorIdLength = 8, CommandOffset = 56, QuarantineOffset = 64, EntryLength = 36, PauseOffset = 352, HighestOffset = 360,
            ConfirmedOffset = 368, CrcOffset = 508;
        private const byte PauseBit = 1;

        // Saves for which a copy cannot be read until the other one goes on alone: a journal that is never written would end updates.
        private const int MaxUnread = 24;

        private readonly IFlash flash;
        private readonly SectorWriter writer;
        private readonly byte[] record = new byte[Length];
        private int sector, unread;
        private bool isRead, isDoubled, isAlone;
        private uint savedHead, savedTail;

        /// <summary>A journal that is still empty; call <see cref="Load"/>.</summary>
        public Journal(IFlash flash, SectorWriter writer)
        {
            this.flash = flash;
            this.writer = writer;
        }

        /// <summary>The last error that was worth remembering, or None.</summary>
        public UpdateError LastError => (UpdateError)Bytes.GetU16(record, ErrorOffset);

        /// <summary>Trials of the release in hand that ended without a verdict on it.</summary>
        public int Trials => record[TrialsOffset];

        /// <summary>Counter of the last remote command that was accepted, from 0; stays until a greater one is set.</summary>
        public long CommandCounter
        {
            get => GetNumber(CommandOffset);
            set => Bytes.PutLong(record, CommandOffset, value);
        }

        /// <summary>Highest sequence of the releases that were confirmed here; 0 when none is known, and after a deployment by cable.</summary>
        public long HighestSequence
        {
            get => GetNumber(HighestOffset);
            set => Bytes.PutLong(record, HighestOffset, value);
        }

        /// <summary>Whether an operator has paused updates.</summary>
        public bool IsPaused
        {
            get => record[PauseOffset] % 2 == PauseBit;
            set => record[PauseOffset] = (byte)(record[PauseOffset] / 2 * 2 + (value ? PauseBit : 0));
        }

        /// <summary>Reads the valid copy with the higher sequence; without one, the journal is empty.</summary>
        /// <param name="scratch">At least 512 bytes; its content is lost.</param>
        /// <returns>False when a copy could not be read: it may be the one that counts, so nothing is saved until it can.</returns>
        public bool Load(byte[] scratch)
        {
            isRead = true;
            bool first = ReadCopy(0, record);
            bool second = ReadCopy(1, scratch);
            isDoubled = Bytes.Same(record, CommandOffset, scratch, CommandOffset, CrcOffset - CommandOffset);
            sector = first && !(second && IsNewer(scratch)) ? 0 : 1;
            if (sector == 1) System.Array.Copy(scratch, 0, record, 0, Length);
            savedHead = Head();
            savedTail = Tail();
            return isRead;
        }

        /// <summary>Whether a release is the one in hand.</summary>
        public bool HasInHand(byte[] release) => Bytes.Same(record, InHandOffset, release, 0, 32);

        /// <summary>Takes a release in hand: it is about to be activated, and what its next trial comes to is not counted yet.</summary>
        public void TakeInHand(byte[] release)
        {
            record[CountedOffset] = 0;
            // Of an earlier trial: it must not excuse the next one.
            if (HasError(UpdateError.BootRecordFailed, release)) SetError(UpdateError.None, null);
            if (HasInHand(release)) return;
            System.Array.Copy(release, 0, record, InHandOffset, 32);
            record[TrialsOffset] = 0;
        }

        /// <summary>Counts a trial of a release that ended without a verdict on it: once for each time that it was taken in hand, however
        /// often power fails before the revert is acknowledged.</summary>
        public void CountTrial(byte[] release)
        {
            if (HasInHand(release) && record[CountedOffset] != 0) return;
            TakeInHand(release);
            record[CountedOffset] = 1;
            if (record[TrialsOffset] < 255) record[TrialsOffset]++;
        }

        /// <summary>The identity of the release in hand, or null; also while a copy cannot be read, which may name another.</summary>
        public byte[] GetInHand() => GetRelease(InHandOffset);

        /// <summary>Forgets the release in hand and its trials; nothing is known against it.</summary>
        public void ForgetInHand()
        {
            System.Array.Clear(record, InHandOffset, 32);
            record[TrialsOffset] = 0;
            record[CountedOffset] = 0;
        }

        /// <summary>The release that was confirmed last, while what runs is that or what was before it; null when it is not known.</summary>
        public byte[] GetConfirmed() => GetRelease(ConfirmedOffset);

        /// <summary>Remembers that the release in hand is confirmed, and forgets the last error: all is well.</summary>
        public void ConfirmInHand()
        {
            System.Array.Copy(record, InHandOffset, record, ConfirmedOffset, 32);
            ForgetInHand();
            SetError(UpdateError.None, null);
        }

        /// <summary>Remembers an error and the release that it is about, if any.</summary>
        public void SetError(UpdateError error, byte[] release)
        {
            Bytes.PutU16(record, ErrorOffset, (int)error);
            for (int i = 0; i < ErrorIdLength; i++) record[ErrorIdOffset + i] = release == null ? (byte)0 : release[i];
        }

        /// <summary>Whether this is the last error, and about that release.</summary>
        public bool HasError(UpdateError error, byte[] release) =>
            LastError == error && Bytes.Same(record, ErrorIdOffset, release, 0, ErrorIdLength);

        /// <summary>Why the release of an entry failed here, the newest first; None for an unused entry.</summary>
        /// <param name="index">0 to <see cref="QuarantineLength"/> − 1.</param>
        /// <param name="release">Gets the 32 bytes of its image digest.</param>
        public UpdateError GetQuarantined(int index, byte[] release)
        {
            int entry = QuarantineOffset + index * EntryLength;
            System.Array.Copy(record, entry, release, 0, 32);
            return (UpdateError)Bytes.GetU16(record, entry + 32);
        }

        /// <summary>Why a release failed here before, or None.</summary>
        public UpdateError FindQuarantined(byte[] release)
        {
            int entry = FindEntry(release);
            return entry < 0 ? UpdateError.None : (UpdateError)Bytes.GetU16(record, entry + 32);
        }

        /// <summary>Remembers that a release failed here; it is no longer in hand.</summary>
        public void Quarantine(byte[] release, UpdateError reason)
        {
            int last = FindEntry(release);
            if (last < 0) last = QuarantineOffset + (QuarantineLength - 1) * EntryLength;
            for (int i = last + EntryLength - 1; i >= QuarantineOffset + EntryLength; i--) record[i] = record[i - EntryLength];
            System.Array.Copy(release, 0, record, QuarantineOffset, 32);
            Bytes.PutU16(record, QuarantineOffset + 32, (int)reason);
            Bytes.PutU16(record, QuarantineOffset + 34, 0);
            if (HasInHand(release)) ForgetInHand();
            SetError(reason, release);
        }

        /// <summary>Writes the journal, unless flash holds all of it; after true it survives every reset, after false the state before it
        /// does. What protects the device is written to both copies: to the second one at the next save, if that fails now.</summary>
        /// <param name="scratch">One sector; its content is lost.</param>
        public bool Save(byte[] scratch)
        {
            if (!isRead && !Reread(scratch))
            {
                if (isRead || ++unread < MaxUnread) return false;
                isAlone = true;
            }

            bool isNews = savedHead != Head() || savedTail != Tail();
            if (isNews && !Write(scratch) && !(isAlone && Write(scratch))) return false;
            if (!isDoubled && !isAlone) Write(scratch);
            return true;
        }

        // False while a copy cannot be read, and when one was newer than what is known: that has taken its place.
        private bool Reread(byte[] scratch)
        {
            isRead = true;
            for (int copy = 0; copy < 2; copy++)
            {
                if (!ReadCopy(copy, scratch) || !IsNewer(scratch)) continue;
                unread = 0;
                Load(scratch);
                return false;
            }

            return isRead;
        }

        private bool Write(byte[] scratch)
        {
            int target = isAlone ? sector : 1 - sector;
            Bytes.PutMagic(record, Magic);
            record[4] = Format;
            // Alone it must be above what a copy that could not be read may hold.
            Bytes.PutU32(record, SequenceOffset, Bytes.GetU32(record, SequenceOffset) + (isAlone ? 2u : 1u));
            Bytes.PutU32(record, CrcOffset, Checksum.Crc32(record, 0, CrcOffset));
            System.Array.Copy(record, 0, scratch, 0, Length);
            UpdateError error = writer.Put(FlashArea.Journal, target * FlashLayout.SectorSize, scratch, Length);
            if (error != UpdateError.None)
            {
                // Worn: until the next start the journal lives in the other sector, without a second copy.
                isAlone |= error == UpdateError.FlashEraseFailed || error == UpdateError.FlashWriteFailed;
                return false;
            }

            sector = target;
            // The other copy is what was saved before.
            uint tail = Tail();
            isDoubled = isAlone || savedTail == tail;
            savedHead = Head();
            savedTail = tail;
            return true;
        }

        // Checksums of the content, without sequence and CRC: they show whether there is anything to write, to one copy or
        // to both. The head is the last error and the release in hand, which go stale; the tail protects the device.
        private uint Head() => Checksum.Crc32(record, ErrorOffset, CommandOffset - ErrorOffset);

        private uint Tail() => Checksum.Crc32(record, CommandOffset, CrcOffset - CommandOffset);

        private bool IsNewer(byte[] copy) => Bytes.GetU32(copy, SequenceOffset) > Bytes.GetU32(record, SequenceOffset);

        private byte[] GetRelease(int offset)
        {
            if (!isRead || Bytes.All(record, offset, 32, 0)) return null;
            var release = new byte[32];
            System.Array.Copy(record, offset, release, 0, 32);
            return release;
        }

        // Out of range only in a journal that no agent wrote.
        private long GetNumber(int offset)
        {
            long number = Bytes.GetLong(record, offset);
            return number < 0 ? 0 : number;
        }

        // What is not valid is all zero.
        private bool ReadCopy(int copy, byte[] buffer)
        {
            bool canRead = flash.Read(FlashArea.Journal, copy * FlashLayout.SectorSize, buffer, 0, Length);
            isRead &= canRead;
            if (canRead && Bytes.HasMagic(buffer, 0, Magic) && buffer[4] == Format
                && Bytes.GetU32(buffer, CrcOffset) == Checksum.Crc32(buffer, 0, CrcOffset)) return true;
            System.Array.Clear(buffer, 0, Length);
            return false;
        }

        private int FindEntry(byte[] release)
        {
            for (int entry = QuarantineOffset; entry < QuarantineOffset + QuarantineLength * EntryLength; entry += EntryLength)
                if (Bytes.GetU16(record, entry + 32) != 0 && Bytes.Same(record, entry, release, 0, 32)) return entry;
            return -1;
        }
    }
}
