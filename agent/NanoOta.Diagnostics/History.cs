namespace NanoOta
{
    /// <summary>
    /// What became of the firmware and its updates, over all resets: the last 32 starts, transitions and new faults, and totals, in two
    /// sectors of flash (SPEC.md, section 5.6). It hears the agent and never stops it: without its area, or on flash that takes no more,
    /// there is no history, and nothing else fails.
    /// </summary>
    /// <remarks>
    /// For the agent's thread. A record is in flash when the event has been handed on. What repeats itself is not written: a planned wake,
    /// the same refusal again, a trial that goes on. An event that is written costs one write, and one in 37 an erase; none but the
    /// first, which looks at flash, allocates.
    /// </remarks>
    public sealed class History : IUpdateEvents
    {
        /// <summary>Records that are given out at most.</summary>
        public const int MaxCount = HistoryArea.MaxCount;

        private const int MeasureMs = 60000;

        private readonly UpdatePorts ports;
        private readonly HistoryArea area;
        private readonly HistoryRules rules = new HistoryRules();
        private readonly HistoryRecord record = new HistoryRecord();
        private readonly HistoryTotals totals = new HistoryTotals();
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
            Lows = new Lows(ports);
            erases = ports.SlotErases;
            ports.Events.Add(this);
        }

        /// <summary>What was counted up to now: what the newest record carries, and what came since.</summary>
        public HistoryTotals Totals
        {
            get
            {
                Load();
                CountErases();
                return totals;
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

        /// <summary>Whether records are kept: false without an area, and on flash that took none since the start.</summary>
        public bool IsKept
        {
            get
            {
                Load();
                return area.IsUsable;
            }
        }

        internal Lows Lows { get; }

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
        /// Between two steps of the agent (AgentLoop.AddRound): records the start when it is known what runs, and measures
        /// supply and memory once a minute.
        /// </summary>
        /// <returns>False: the agent has got nothing to do.</returns>
        public bool Round(UpdateAgent agent)
        {
            long now = ports.Clock.Milliseconds;
            if (now >= nextMeasure)
            {
                nextMeasure = now + MeasureMs;
                Lows.Measure();
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
            // Something may have been counted before this first look at flash.
            totals.Add(record.Totals);
            rules.Begin(Uptime());
        }

        // All of the inactive slot, which is the same one until a reset.
        private void CountErases()
        {
            int erased = ports.SlotErases - erases;
            erases = ports.SlotErases;
            if (ports.Boot.RunningSlot == 0) totals.Slot1Erases += erased;
            else totals.Slot0Erases += erased;
        }

        private void Tally(UpdateEvent e)
        {
            // Counted from 0 with each release and each agent.
            totals.BytesFetched += e.BytesFetched < fetched ? e.BytesFetched : e.BytesFetched - fetched;
            fetched = e.BytesFetched;
            if (e.Kind == UpdateEventKind.Confirmed) totals.Updates++;
            else if (e.Kind == UpdateEventKind.Reverted) totals.Reverts++;
            else if (e.Kind == UpdateEventKind.Error) totals.Retries++;
        }

        private void Record(UpdateEvent e)
        {
            string version = e.Version == null ? "" : e.Version;
            if (!hasStarted) Start(e.Slot == ports.Boot.RunningSlot ? version : "", -1);
            if (!area.IsUsable || !rules.IsNews(e, Uptime())) return;
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
            totals.Starts++;
            int reason = (byte)ports.Boot.ResetReason;
            if (!rules.IsNewsOfStart(reason)) return;
            record.Kind = HistoryRecord.Start;
            record.Slot = ports.Boot.RunningSlot;
            record.Code = UpdateError.None;
            record.Version = version;
            record.ResetReason = reason;
            Keep(sequence);
        }

        private void Keep(long sequence)
        {
            Lows.Measure();
            record.Sequence = sequence >= 0 ? sequence : FindSequence();
            record.Uptime = Uptime();
            record.UnixSeconds = ports.Clock.UnixSeconds;
            record.LowestSupply = Lows.Supply;
            record.LowestMemory = Lows.Memory;
            record.Totals.Take(Totals);
            if (!area.Append(record)) return;
            rules.Note(record);
            Lows.BeginAnew();
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
