namespace NanoOta
{
    /// <summary>Which events are recorded, so that flash wears slowly and frequent events do not displace rare ones (SPEC.md, section
    /// 5.6).</summary>
    internal sealed class HistoryRules
    {
        /// <summary>Of the last 32 records at most so many are starts after a usual reset, after an unusual one, and faults.</summary>
        public const int MaxStarts = 8, MaxBadStarts = 8, MaxFaults = 8;

        /// <summary>Seconds of uptime after which one more fault may be written.</summary>
        public const int FaultIntervalSeconds = 3600;

        private const int CodeRoom = 65536;

        // Kind and code, or reset reason, of the last 32 records.
        private readonly int[] marks = new int[HistoryArea.MaxCount];
        private int count, lastFaultAt;
        private int lastKind, lastSlot;
        private UpdateError lastCode, faultCode;
        private string lastVersion, faultVersion, stagingVersion, stagedVersion;

        /// <summary>Called once all records in flash are noted: intervals begin now.</summary>
        /// <param name="uptime">Seconds since the start.</param>
        public void Begin(int uptime)
        {
            lastFaultAt = uptime;
        }

        /// <summary>Whether a start is recorded.</summary>
        public bool ShouldRecordStart(int resetReason)
        {
            bool isBad = IsBad(resetReason);
            int starts = 0;
            for (int i = 0; i < count && i < marks.Length; i++)
                if (marks[i] / CodeRoom == HistoryRecord.Start && IsBad(marks[i] % CodeRoom) == isBad) starts++;
            return starts < (isBad ? MaxBadStarts : MaxStarts);
        }

        /// <summary>Whether an event is recorded.</summary>
        /// <param name="e">The event.</param>
        /// <param name="uptime">Seconds since the start.</param>
        public bool ShouldRecord(UpdateEvent e, int uptime)
        {
            switch (e.Kind)
            {
                // Repeated until a later phase is reached.
                case UpdateEventKind.Staging: return stagingVersion != e.Version;
                case UpdateEventKind.Staged: return stagedVersion != e.Version;
                // On trial again after each wake.
                case UpdateEventKind.Activated:
                case UpdateEventKind.Trial:
                case UpdateEventKind.Confirmed:
                case UpdateEventKind.Rejected:
                case UpdateEventKind.Reverted:
                    return (int)e.Kind != lastKind || e.Slot != lastSlot || e.Code != lastCode || e.Version != lastVersion;
                case UpdateEventKind.Refused:
                case UpdateEventKind.Error:
                case UpdateEventKind.Delayed: return IsNewFault(e, uptime);
                default: return false;
            }
        }

        /// <summary>Notes a record that was written now or before.</summary>
        public void Note(HistoryRecord record)
        {
            bool isStart = record.Kind == HistoryRecord.Start;
            marks[count % marks.Length] = record.Kind * CodeRoom + (isStart ? record.ResetReason : (int)record.Code);
            count++;
            switch ((UpdateEventKind)record.Kind)
            {
                case UpdateEventKind.Staging: stagingVersion = record.Version; break;
                case UpdateEventKind.Staged: stagedVersion = record.Version; break;
                case UpdateEventKind.Refused:
                case UpdateEventKind.Error:
                case UpdateEventKind.Delayed:
                    faultCode = record.Code;
                    faultVersion = record.Version;
                    lastFaultAt = record.Uptime;
                    break;
                default:
                    if (!isStart) NoteTransition(record);
                    break;
            }
        }

        private void NoteTransition(HistoryRecord record)
        {
            lastKind = record.Kind;
            lastSlot = record.Slot;
            lastCode = record.Code;
            lastVersion = record.Version;
            stagingVersion = stagedVersion = null;
        }

        private bool IsNewFault(UpdateEvent e, int uptime)
        {
            if (e.Code == faultCode && e.Version == faultVersion) return false;
            int faults = 0;
            bool isKnown = false;
            for (int i = 0; i < count && i < marks.Length; i++)
            {
                if (!IsFault(marks[i] / CodeRoom)) continue;
                faults++;
                if (marks[i] % CodeRoom == (int)e.Code) isKnown = true;
            }

            return faults < MaxFaults || (!isKnown && uptime - lastFaultAt >= FaultIntervalSeconds);
        }

        private static bool IsFault(int kind) =>
            kind == (int)UpdateEventKind.Refused || kind == (int)UpdateEventKind.Error || kind == (int)UpdateEventKind.Delayed;

        private static bool IsBad(int resetReason) => ResetReasons.IsFailure((ResetReason)resetReason);
    }
}
