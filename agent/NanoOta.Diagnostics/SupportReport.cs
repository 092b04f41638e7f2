using System;

namespace NanoOta
{
    /// <summary>The state of a device for remote diagnosis, as one JSON document (SPEC.md, section 8.8). It contains no secret: no key
    /// except the ids of public ones, no token, password or header, and of an address no user, query or fragment.</summary>
    public sealed partial class SupportReport : IReport
    {
        /// <summary>Bytes of the longest report.</summary>
        public const int MaxLength = 8192;

        /// <summary>Bytes that a buffer must have: without history and explanations.</summary>
        public const int MinLength = 4096;

        private const int Format = 1, MaxKeys = 4, MaxErrors = 8;

        // Of the field "cut".
        private const int CutLength = 8;

        private readonly UpdatePorts ports;
        private readonly UpdateOptions options;
        private readonly History history;
        // While a report is written.
        private HistoryRecord record;
        private byte[] scratch;
        private UpdateError[] errors;
        private ReportRequest request;
        private JsonWriter json;
        private int errorCount;

        /// <summary>A report; it is written by <see cref="Write"/>.</summary>
        /// <param name="ports">The agent's.</param>
        /// <param name="options">The agent's.</param>
        /// <param name="history">The history, or null.</param>
        public SupportReport(UpdatePorts ports, UpdateOptions options, History history)
        {
            this.ports = ports;
            this.options = options;
            this.history = history;
        }

        int IReport.MaxLength => MaxLength;

        /// <summary>
        /// Writes the report. Between two steps of the agent, on its thread, in any phase: it reads flash and measures supply and memory,
        /// and uses no crypto and none of the agent's buffers. Before the agent has settled, journal and running version are empty in it.
        /// Allocates some KB beside the buffer.
        /// </summary>
        /// <param name="agent">The agent that runs now.</param>
        /// <param name="request">The command and the link.</param>
        /// <param name="buffer">From <see cref="MinLength"/> bytes; more than <see cref="MaxLength"/> are not used. Where it is too short
        /// the oldest records of the history are left out, and the report is marked as cut.</param>
        /// <returns>Length of the report in bytes.</returns>
        /// <exception cref="ArgumentException">The buffer is too small.</exception>
        public int Write(UpdateAgent agent, ReportRequest request, byte[] buffer)
        {
            if (buffer.Length < MinLength) throw new ArgumentException("a report takes 4096 bytes at least");
            this.request = request;
            record = new HistoryRecord();
            scratch = new byte[SlotDescriptor.Length];
            errors = new UpdateError[MaxErrors];
            json = new JsonWriter(buffer);
            json.Begin(buffer.Length < MaxLength ? buffer.Length : MaxLength);
            json.Number("f", Format);
            if (request.Number > 0) json.Number("n", request.Number);
            WriteIdentity(agent);
            WriteSlots(agent);
            WriteBoot();
            WriteJournal(agent.Journal);
            WriteSurroundings();
            WriteErrors(agent.Journal);
            bool isCut = json.IsCut;
            if (history != null && !WriteHistory()) isCut = true;
            if (isCut) json.Number("cut", 1);
            int length = json.End();
            // A reference kept here would hold the caller's buffer.
            json = null;
            this.request = null;
            record = null;
            scratch = null;
            errors = null;
            return length;
        }

        // The oldest first, but the newest matter more: the oldest are left out when they do not fit.
        private bool WriteHistory()
        {
            WriteTotals(history.Totals);
            json.OpenArray("history");
            int oldest = history.Count, begin = json.Length;
            int room = json.Room - CutLength;
            while (oldest > 0)
            {
                if (history.Read(oldest - 1, record)) WriteRecord();
                room -= json.Length - begin + 1;
                bool fits = room >= 0 && !json.IsCut;
                json.Rewind(begin);
                if (!fits) break;
                oldest--;
            }

            for (int i = oldest; i < history.Count; i++)
                if (history.Read(i, record)) WriteRecord();
            json.Close();
            return oldest == 0;
        }

        private void WriteRecord()
        {
            json.OpenObject(null);
            json.Number("n", record.Number);
            json.Text("e", NameOf(record.Kind));
            json.Number("slot", record.Slot);
            json.Known("ver", record.Version);
            if (record.Sequence > 0) json.Number("seq", record.Sequence);
            if (record.Kind == HistoryRecord.Start) json.Number("reset", record.ResetReason);
            if (record.Code != UpdateError.None) json.Number("code", (int)record.Code);
            json.Number("up", record.Uptime);
            if (record.UnixSeconds > 0) json.Number("at", record.UnixSeconds);
            json.Known("mv", record.LowestSupply);
            json.Known("mem", record.LowestMemory);
            json.Close();
        }

        // A later agent may have written kinds that are unknown here.
        private static string NameOf(int kind)
        {
            if (kind == HistoryRecord.Start) return "start";
            return kind <= (int)UpdateEventKind.Notice ? UpdateEvents.Name((UpdateEventKind)kind) : kind.ToString();
        }
    }
}
