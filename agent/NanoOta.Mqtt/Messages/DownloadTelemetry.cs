namespace NanoOta
{
    /// <summary>
    /// Decides when a download is news and says how it stands (SPEC.md, section 8.4): before it, with each percent but not more than once a
    /// second, and when all is there.
    /// </summary>
    internal sealed class DownloadTelemetry
    {
        /// <summary>Bytes of a progress message at most.</summary>
        public const int MaxLength = 160;

        private const int IntervalMs = 1000;

        private readonly RateMeter meter = new RateMeter();
        private string version;
        private long lastRate = RateMeter.Unknown;
        private long toldAt;
        private int toldBytes, attempt;

        /// <summary>Whether an event is to be told as progress.</summary>
        /// <param name="e">Any event.</param>
        /// <param name="now">Milliseconds.</param>
        public bool IsNews(UpdateEvent e, long now)
        {
            if (e.Kind == UpdateEventKind.Staging) return Begin(e, now);
            if (e.Kind != UpdateEventKind.Progress || e.ImageSize < 1) return false;
            meter.Note(now, e.BytesStaged);
            long rate = meter.Rate(now, e.BytesStaged);
            if (rate > 0) lastRate = rate;
            if (e.BytesStaged < e.ImageSize && (now - toldAt < IntervalMs || e.BytesStaged - toldBytes < e.ImageSize / 100)) return false;
            Told(e, now);
            return true;
        }

        /// <summary>Writes the message about an event that is news.</summary>
        public void Write(JsonWriter json, UpdateEvent e, long now)
        {
            long rate = meter.Rate(now, e.BytesStaged);
            long basis = rate == RateMeter.Unknown ? lastRate : rate;
            json.Text("ver", e.Version);
            json.Number("done", e.BytesStaged);
            json.Number("size", e.ImageSize);
            json.Number("got", e.BytesFetched);
            json.Known("bps", rate);
            if (basis > 0) json.Number("left", (e.ImageSize - e.BytesStaged + basis - 1) / basis);
            json.Text("by", basis <= 0 ? "none" : rate == RateMeter.Unknown ? "last" : "now");
            json.Number("try", attempt);
        }

        private bool Begin(UpdateEvent e, long now)
        {
            attempt = e.Version == version ? attempt + 1 : 1;
            version = e.Version;
            meter.Clear();
            meter.Note(now, e.BytesStaged);
            Told(e, now);
            return true;
        }

        private void Told(UpdateEvent e, long now)
        {
            toldAt = now;
            toldBytes = e.BytesStaged;
        }
    }
}
