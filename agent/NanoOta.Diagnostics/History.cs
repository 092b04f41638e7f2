namespace NanoOta
{
    /// <summary>
    /// The history of the firmware and its updates over all resets: the last 32 starts, transitions and new faults, and totals, in two
    /// sectors of flash (SPEC.md, section 5.6). It never stops the agent: without its area, or when flash fails, there is no history, and
    /// nothing else fails.
    /// </summary>
    /// <remarks>
    /// For the agent's thread. Repetitions are not written: a planned wake, the same refusal again, a trial that goes on. A record costs
    /// one write, and one in 37 an erase. Only the first event, which reads flash, allocates memory.
    /// </remarks>
    public sealed class History : IUpdateEvents
    {
        /// <summary>Most records that can be read.</summary>
        public const int MaxCount = HistoryArea.MaxCount;

        private const int MeasureMs = 60000;

        private readonly UpdatePorts ports;
        private readonly HistoryArea area;
        private readonly HistoryRules rules = new HistoryRules();
        private readonly HistoryRecord record = new HistoryRecord();
        // A record, or the descriptor of a slot.
        private readonly byte[] buffer = new byte[SlotDescriptor.Length];
        private bool isLoaded, hasStarted;
        private int fetched, erases;
        private long nextMeasure;

        /// <summary>
        /// A history of the agent that uses these ports. Make it before the agent: it is added to their events.
        /// </summary>
        /// <param name="ports">The agent's, complete.</param>
        public History(UpdatePorts ports)
        {
            this.ports = ports;
            area = new HistoryArea(ports, buffer);
            Lowest = new LowestReadings(ports);
            erases = ports.SlotErases;
            // Before the console: a device that is switched off when it has shown an event has recorded it.
            ports.Events.AddFirst(this);
        }

        /// <summary>The counts up to now: those of the newest record, and those since.</summary>
        public HistoryTotals Totals
        {
            get
            {
                Load();
                CountErases();
                return record.Totals;
            }
        }

        /// <summary>Records that can be read, 0 to 32.</summary>
        public int Count
        {
            get
            {
                Load();
                return area.Count;
            }
        }

        /// <summary>Whether records are kept: false without an area, and when flash has failed since the start.</summary>
        public bool IsKept
        {
            get
            {
                Load();
                return area.IsUsable;
            }
        }

        internal LowestReadings Lowest { get; }

        /// <summary>Reads a record from flash.</summary>
        /// <param name="index">0, the oldest, to <see cref="Count"/> − 1.</param>
        /// <param name="record">Filled in.</param>
        /// <returns>False when there is no such record, or it cannot be read any more.</returns>
        public bool Read(int index, HistoryRecord record)
        {
            Load();
            return area.Read(index, record);
        }

        /// <summary>
        /// Between two steps of the agent (AgentLoop.AddRound): records the start once the running release is known, and measures
        /// supply and memory once a minute.
        /// </summary>
        /// <returns>False: the agent's next step is not due.</returns>
        public bool Round(UpdateAgent agent)
        {
            long now = ports.Clock.Milliseconds;
            if (now >= nextMeasure)
            {
                nextMeasure = now + MeasureMs;
                Lowest.Measure();
            }

            if (!hasStarted && agent.Phase != Phase.Settle) Start(agent.RunningVersion, agent.RunningSequence);
            return false;
        }

        /// <inheritdoc/>
        public void On(UpdateEvent e)
        {
            Load();
            Tally(e);
            if (e.Kind != UpdateEventKind.Progress) Record(e);
        }

        private void Load()
        {
            if (isLoaded) return;
            isLoaded = true;
            area.Load(rules, record);
            rules.Begin(Uptime());
        }

        // All of the inactive slot, which is the same one until a reset.
        private void CountErases()
        {
            int erased = ports.SlotErases - erases;
            erases = ports.SlotErases;
            if (ports.Boot.RunningSlot == 0) record.Totals.Slot1Erases += erased;
            else record.Totals.Slot0Erases += erased;
        }

        private void Tally(UpdateEvent e)
        {
            // Counted from 0 with each release and each agent.
            record.Totals.BytesFetched += e.BytesFetched < fetched ? e.BytesFetched : e.BytesFetched - fetched;
            fetched = e.BytesFetched;
            if (e.Kind == UpdateEventKind.Confirmed) record.Totals.Updates++;
            else if (e.Kind == UpdateEventKind.Reverted) record.Totals.Reverts++;
            else if (e.Kind == UpdateEventKind.Error) record.Totals.Retries++;
        }

        private void Record(UpdateEvent e)
        {
            string version = e.Version == null ? "" : e.Version;
            if (!hasStarted) Start(e.Slot == ports.Boot.RunningSlot ? version : "", -1);
            if (!area.IsUsable || !rules.ShouldRecord(e, Uptime())) return;
            record.Kind = (int)e.Kind;
            record.Slot = e.Slot;
            record.Code = e.Code;
            record.Version = version;
            record.ResetReason = 0;
            Keep(-1);
        }

        private void Start(string version, long sequence)
        {
            Load();
            hasStarted = true;
            if (ports.Boot.Kept != 0) return;
            record.Totals.Starts++;
            int reason = (byte)ports.Boot.ResetReason;
            if (!rules.ShouldRecordStart(reason)) return;
            record.Kind = HistoryRecord.Start;
            record.Slot = ports.Boot.RunningSlot;
            record.Code = UpdateError.None;
            record.Version = version;
            record.ResetReason = reason;
            Keep(sequence);
        }

        private void Keep(long sequence)
        {
            Lowest.Measure();
            record.Sequence = sequence >= 0 ? sequence : FindSequence();
            record.Uptime = Uptime();
            record.UnixSeconds = ports.Clock.UnixSeconds;
            record.LowestSupply = Lowest.Supply;
            record.LowestMemory = Lowest.Memory;
            CountErases();
            if (!area.Append(record)) return;
            rules.Note(record);
            Lowest.Restart();
        }

        private long FindSequence()
        {
            FlashArea index = record.Slot == ports.Boot.RunningSlot ? FlashArea.RunningIndex : FlashArea.InactiveIndex;
            if (!ports.Flash.Read(index, 0, buffer, 0, SlotDescriptor.Length)) return 0;
            return SlotDescriptor.ReadSequence(buffer, record.Version);
        }

        // In an Int32 for 68 years.
        private int Uptime() => (int)(ports.Clock.Milliseconds / 1000);
    }
}
