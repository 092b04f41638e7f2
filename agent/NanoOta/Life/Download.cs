namespace NanoOta
{
    /// <summary>How far a piece of a file has come.</summary>
    internal enum Fill
    {
        /// <summary>Call again at once.</summary>
        More,
        /// <summary>The piece is complete.</summary>
        Complete,
        /// <summary>The network failed; call again after RetryMs.</summary>
        Retry,
        /// <summary>Given up; Error says why.</summary>
        Failed,
    }

    /// <summary>
    /// Fetches one file piece by piece through faults of the network. A step makes one call to the source. After a lost
    /// connection it goes on at the byte where it stopped, so nothing is fetched twice.
    /// </summary>
    internal sealed class Download
    {
        private const int MaxFailures = 6;

        // A link that takes longer than this for a block's worth of bytes is taken for dead and opened anew; what came stays.
        private const int StallMs = 30000;
        private const int MaxRetryMs = 60000;

        private readonly IReleaseSource source;
        private readonly IClock clock;
        private readonly int retryDelayMs;
        private string address;
        private int length;
        private bool isOpen;
        private int pieceOffset, filled, failures, markedBytes;
        private long markedAt;

        public Download(IReleaseSource source, IClock clock, int retryDelayMs)
        {
            this.source = source;
            this.clock = clock;
            this.retryDelayMs = retryDelayMs;
        }

        /// <summary>The last fault.</summary>
        public UpdateError Error;

        /// <summary>Bytes of the present piece that are there.</summary>
        public int Filled => filled;

        /// <summary>Bytes read since Start.</summary>
        public int BytesRead;

        /// <summary>Milliseconds to wait after Retry.</summary>
        public int RetryMs => failures == 0 ? 0 : Backoff(failures);

        /// <summary>Begins with a file; nothing is opened yet.</summary>
        /// <param name="address">Its absolute address.</param>
        /// <param name="length">Its length in bytes, or −1 if that is not known.</param>
        public void Start(string address, int length)
        {
            Close();
            this.address = address;
            this.length = length;
            BytesRead = 0;
            failures = 0;
            Forget();
        }

        /// <summary>Drops the piece in work and the connection: what came was wrong.</summary>
        public void Forget()
        {
            Close();
            pieceOffset = -1;
            filled = 0;
        }

        public void Close()
        {
            if (isOpen) source.Close();
            isOpen = false;
        }

        /// <summary>
        /// Brings <paramref name="count"/> bytes at <paramref name="offset"/> of the file to the buffer. Of a file of unknown
        /// length the piece is also complete where the file ends; Filled says how much there is.
        /// </summary>
        public Fill Step(int offset, byte[] buffer, int start, int count)
        {
            if (offset != pieceOffset)
            {
                pieceOffset = offset;
                filled = 0;
            }

            if (isOpen && source.Position > offset + filled) Close();
            if (!isOpen) return Open(offset + filled);
            int read = source.Read(buffer, start + filled, Wanted(count));
            if (read < 0) return Fault((UpdateError)(-read));
            if (read == 0) return length < 0 ? Fill.Complete : Fault(UpdateError.ConnectionLost);
            BytesRead += read;
            if (source.Position > offset + filled) filled += read;
            bool isComplete = filled == count;
            if (isComplete) failures = 0;
            if (isComplete || BytesRead - markedBytes >= BlockIndex.BlockSize) Mark();
            if (isComplete) return Fill.Complete;
            return clock.Milliseconds - markedAt > StallMs ? Fault(UpdateError.TimedOut) : Fill.More;
        }

        private void Mark()
        {
            markedBytes = BytesRead;
            markedAt = clock.Milliseconds;
        }

        // A server that ignores ranges starts at 0: what lies before the piece is read into it and overwritten.
        private int Wanted(int count)
        {
            int before = pieceOffset + filled - source.Position;
            int room = count - filled;
            return before > 0 && before < room ? before : room;
        }

        private Fill Open(int offset)
        {
            UpdateError error = source.Open(address, offset, length);
            if (error != UpdateError.None) return Fault(error);
            isOpen = true;
            Mark();
            return Fill.More;
        }

        private Fill Fault(UpdateError error)
        {
            Close();
            Error = error;
            failures++;
            bool passing = error == UpdateError.Unreachable || error == UpdateError.ConnectionLost
                || error == UpdateError.TimedOut || error == UpdateError.ServerFailed;
            return passing && failures < MaxFailures ? Fill.Retry : Fill.Failed;
        }

        private int Backoff(int failure)
        {
            int delay = retryDelayMs;
            for (int i = 1; i < failure && delay < MaxRetryMs; i++) delay *= 2;
            return delay < MaxRetryMs ? delay : MaxRetryMs;
        }
    }
}
