namespace NanoOta
{
    /// <summary>Decides when the progress of a download is published, and writes it (SPEC.md, section 8.4): before the download, with each
    /// percent but at most once a second, and when it is complete.</summary>
    internal sealed class DownloadTelemetry
    {
        /// <summary>Bytes of a progress message at most.</summary>
        public const int MaxLength = 160;

        private const int IntervalMs = 1000;

        private readonly RateMeter meter = new RateMeter();
        private string version;
        private long lastRate = RateMeter.Unknown;
        private long publishedAt;
        private int publishedBytes, attempt;

        /// <summary>Whether an event is published as progress.</summary>
        /// <param name="e">Any event.</param>
        /// <param name="now">Milliseconds.</param>
        public bool IsDue(UpdateEvent e, long now)
        {
            if (e.Kind == UpdateEventKind.Staging) return Begin(e, now);
            if (e.Kind != UpdateEventKind.Progress || e.FileSize < 1) return false;
            meter.Note(now, e.FileStaged);
            long rate = meter.Rate(now, e.FileStaged);
            if (rate > 0) lastRate = rate;
            if (e.FileStaged < e.FileSize && (now - publishedAt < IntervalMs || e.FileStaged - publishedBytes < e.FileSize / 100)) return false;
            NotePublished(e, now);
            return true;
        }

        /// <summary>Writes the message of an event that is due.</summary>
        public void Write(JsonWriter json, UpdateEvent e, long now)
        {
            long rate = meter.Rate(now, e.FileStaged);
            long basis = rate == RateMeter.Unknown ? lastRate : rate;
            json.Text("ver", e.Version);
            json.Number("done", e.FileStaged);
            json.Number("size", e.FileSize);
            json.Number("got", e.BytesFetched);
            json.Known("bps", rate);
            if (basis > 0) json.Number("left", (e.FileSize - e.FileStaged + basis - 1) / basis);
            json.Text("by", basis <= 0 ? "none" : rate == RateMeter.Unknown ? "last" : "now");
            json.Number("try", attempt);
        }

        private bool Begin(UpdateEvent e, long now)
        {
            attempt = e.Version == version ? attempt + 1 : 1;
            version = e.Version;
            meter.Clear();
            meter.Note(now, e.FileStaged);
            NotePublished(e, now);
            return true;
        }

        private void NotePublished(UpdateEvent e, long now)
        {
            publishedAt = now;
            publishedBytes = e.FileStaged;
        }
    }
}
