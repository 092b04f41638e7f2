namespace NanoOta
{
    /// <summary>Records one behind the other in two sectors. A full sector stays as it is while the other one fills, and that one is erased
    /// when it is needed: so the newest records are readable at any moment, also when power fails in an erase or a write.</summary>
    internal sealed class HistoryArea
    {
        /// <summary>Records that can be read: the newest ones.</summary>
        public const int MaxCount = 32;

        /// <summary>Records that fit into a sector: a few more than can be read, because a power failure can spoil some.</summary>
        public const int PerSector = FlashLayout.SectorSize / HistoryRecord.Length;

        // Tries of one record, failures in a row until the other sector is used, and failures until the area is unusable.
        private const int Tries = 2, MaxSectorFaults = 4, MaxFaults = 8;

        private readonly UpdatePorts ports;
        private readonly byte[] buffer;
        private readonly byte[] places = new byte[MaxCount];
        private int first, sector, next, newest, faults;

        /// <param name="ports">The agent's; its flash is used.</param>
        /// <param name="buffer">A record fits; its content is lost in each call.</param>
        public HistoryArea(UpdatePorts ports, byte[] buffer)
        {
            this.ports = ports;
            this.buffer = buffer;
        }

        /// <summary>Records that can be read, at most 32.</summary>
        public int Count { get; private set; }

        /// <summary>Whether records can be added: false without an area, and when flash has failed.</summary>
        public bool IsUsable { get; private set; }

        /// <summary>Finds all records and passes each to the rules, the oldest first.</summary>
        /// <param name="rules">Receives the records.</param>
        /// <param name="record">Holds the newest one afterwards; unchanged when there is none.</param>
        public void Load(HistoryRules rules, HistoryRecord record)
        {
            IsUsable = ports.Flash.GetSize(FlashArea.History) >= 2 * FlashLayout.SectorSize;
            if (!IsUsable) return;
            int older = FirstNumber(0) > FirstNumber(1) ? 1 : 0;
            sector = older;
            next = 0;
            LoadSector(older, rules, record);
            LoadSector(1 - older, rules, record);
        }

        /// <summary>Reads a record: 0 is the oldest, Count − 1 the newest.</summary>
        /// <returns>False when it cannot be read any more.</returns>
        public bool Read(int index, HistoryRecord record)
        {
            if (index < 0 || index >= Count || ReadNumber(places[(first + index) % MaxCount]) < 0) return false;
            record.ReadFrom(buffer);
            return true;
        }

        /// <summary>Writes a record behind the newest one, and gives it its number.</summary>
        /// <returns>False when flash did not take it.</returns>
        public bool Append(HistoryRecord record)
        {
            for (int i = 0; i < Tries && IsUsable; i++)
            {
                if (faults >= MaxFaults || !MakeRoom()) IsUsable = false;
                else if (Put(record)) return true;
            }

            return false;
        }

        private bool Put(HistoryRecord record)
        {
            int place = sector * PerSector + next;
            next++;
            record.Number = newest + 1;
            record.WriteTo(buffer);
            bool isWritten = ports.Flash.Write(FlashArea.History, OffsetOf(place), buffer, 0, HistoryRecord.Length);
            if (isWritten && ReadNumber(place) == record.Number)
            {
                faults = 0;
                Remember(place, record.Number);
                return true;
            }

            faults++;
            if (faults % MaxSectorFaults == 0) next = PerSector;
            return false;
        }

        // A sector that cannot be erased is left alone, and the other one is used again and again: that costs its records. By then the
        // records of the first are forgotten, so those of the second are the oldest.
        private bool MakeRoom()
        {
            if (next < PerSector) return true;
            if (!Clear(1 - sector) && !Clear(sector)) return false;
            next = 0;
            return true;
        }

        private bool Clear(int which)
        {
            if (!IsBlank(which))
            {
                while (Count > 0 && places[first] / PerSector == which) Forget();
                if (!ports.Flash.Erase(FlashArea.History, which * FlashLayout.SectorSize) || !IsBlank(which)) return false;
            }

            sector = which;
            return true;
        }

        private void LoadSector(int which, HistoryRules rules, HistoryRecord record)
        {
            bool isNewest = false;
            int used = 0;
            for (int i = 0; i < PerSector; i++)
            {
                int place = which * PerSector + i;
                int number = ReadNumber(place);
                if (!IsBufferBlank()) used = i + 1;
                // A lower number is of a sector that could not be erased any more.
                if (number <= newest) continue;
                isNewest = true;
                record.ReadFrom(buffer);
                rules.Note(record);
                Remember(place, number);
            }

            if (!isNewest && which != sector) return;
            sector = which;
            next = used;
        }

        private int FirstNumber(int which)
        {
            for (int i = 0; i < PerSector; i++)
            {
                int number = ReadNumber(which * PerSector + i);
                if (number >= 0) return number;
            }

            return -1;
        }

        private void Remember(int place, int number)
        {
            newest = number;
            if (Count == MaxCount) Forget();
            places[(first + Count) % MaxCount] = (byte)place;
            Count++;
        }

        private void Forget()
        {
            first = (first + 1) % MaxCount;
            Count--;
        }

        private bool IsBlank(int which)
        {
            for (int i = 0; i < PerSector; i++)
            {
                ReadNumber(which * PerSector + i);
                if (!IsBufferBlank()) return false;
            }

            return true;
        }

        private bool IsBufferBlank() => Bytes.All(buffer, 0, HistoryRecord.Length, 0xFF);

        // What cannot be read is no record, and not blank either.
        private int ReadNumber(int place)
        {
            if (ports.Flash.Read(FlashArea.History, OffsetOf(place), buffer, 0, HistoryRecord.Length)) return HistoryRecord.ReadNumber(buffer);
            buffer[0] = 0;
            return -1;
        }

        private static int OffsetOf(int place) => place / PerSector * FlashLayout.SectorSize + place % PerSector * HistoryRecord.Length;
    }
}
