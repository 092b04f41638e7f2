namespace NanoOta
{
    /// <summary>Bytes per second over the last ten seconds, from samples about a second apart.</summary>
    internal sealed class RateMeter
    {
        /// <summary>There are no two samples in the last ten seconds to compute a rate from.</summary>
        public const long Unknown = -1;

        private const int WindowMs = 10000, SampleMs = 1000, Samples = 12;

        private readonly long[] times = new long[Samples];
        private readonly long[] totals = new long[Samples];
        private int next, count;

        /// <summary>Forgets all samples.</summary>
        public void Clear()
        {
            next = count = 0;
        }

        /// <summary>Notes how many bytes there are in all at a moment; within a second of the last note it does nothing.</summary>
        public void Note(long milliseconds, long total)
        {
            if (count > 0 && milliseconds - times[(next + Samples - 1) % Samples] < SampleMs) return;
            times[next] = milliseconds;
            totals[next] = total;
            next = (next + 1) % Samples;
            if (count < Samples) count++;
        }

        /// <summary>Bytes per second, from the oldest sample in the window until now; or Unknown.</summary>
        public long Rate(long milliseconds, long total)
        {
            for (int i = count; i > 0; i--)
            {
                int sample = (next + Samples - i) % Samples;
                long span = milliseconds - times[sample];
                if (span > WindowMs) continue;
                return span < SampleMs ? Unknown : (total - totals[sample]) * 1000 / span;
            }

            return Unknown;
        }
    }
}
