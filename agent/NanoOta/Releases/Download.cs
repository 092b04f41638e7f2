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
        /// <summary>Given up; Error is the reason.</summary>
        Failed,
    }

    /// <summary>
    /// Fetches one file piece by piece through faults of the network. A step makes one call to the source. After a lost connection it goes
    /// on at the byte where it stopped, so nothing is fetched twice. What one folder does not give is looked for in the next.
    /// </summary>
    internal sealed class Download
    {
        private const int MaxFailures = 6;

        // A link that takes longer than this for the bytes of a block counts as dead and is opened anew; what came stays. Whole
        // blocks in between do not make up for it, so this is also the limit of a file: its blocks and MaxFailures times as long.
        private const int StallMs = 30000;

        // A server that requests a longer pause than this gets no request before the next check.
        private const int MaxRetryMs = 60000;
        private const int MaxPostponeSeconds = 86400;

        private readonly IReleaseSource source;
        private readonly IClock clock;
        private readonly Jitter jitter;
        private readonly int retryDelayMs;
        private readonly UpdatePorts ports;
        private readonly string[] manifestFolder = new string[1];
        private string[] folders;
        private string location;
        private int folder, triedFolders, length;
        private bool isOpen;
        private int pieceOffset, filled, failures, stalls, markedBytes;
        private long markedAt;

        public Download(UpdatePorts ports, Jitter jitter, int retryDelayMs)
        {
            this.ports = ports;
            source = ports.Source;
            clock = ports.Clock;
            this.jitter = jitter;
            this.retryDelayMs = retryDelayMs;
        }

        /// <summary>The last fault.</summary>
        public UpdateError Error;

        /// <summary>Bytes of the present piece that are there.</summary>
        public int Filled => filled;

        /// <summary>Whether the source was used since Start.</summary>
        public bool HasBegun => pieceOffset >= 0;

        /// <summary>Bytes read since Start.</summary>
        public int BytesRead;

        /// <summary>Milliseconds to wait after Retry.</summary>
        public int RetryMs;

        /// <summary>End of the pause, by the clock's milliseconds, that the server of the first folder has requested; it serves the
        /// manifests. A pause that a mirror requests only leads to the next folder: it must not keep the device from its server.</summary>
        public long QuietUntil;

        /// <summary>Begins with a file; nothing is opened yet.</summary>
        /// <param name="folders">Where it is: addresses that the location is put behind. The same array again goes on with the
        /// folder that was good the last time.</param>
        /// <param name="location">The file in them.</param>
        /// <param name="length">Its length in bytes, or −1 if that is not known.</param>
        public void Start(string[] folders, string location, int length)
        {
            if (folders != this.folders) folder = 0;
            this.folders = folders;
            this.location = location;
            this.length = length;
            BytesRead = 0;
            failures = stalls = 0;
            triedFolders = 0;
            Forget();
        }

        /// <summary>Begins with a manifest; nothing is opened yet.</summary>
        /// <param name="address">Its own address.</param>
        /// <returns>The folder that it is in, with its last slash, and behind it the query of the address.</returns>
        public string StartManifest(string address)
        {
            int end = UpdateOptions.PathEnd(address);
            string path = address.Substring(0, end);
            int name = path.LastIndexOf('/') + 1;
            manifestFolder[0] = path.Substring(0, name) + address.Substring(end);
            Start(manifestFolder, path.Substring(name), -1);
            return manifestFolder[0];
        }

        /// <summary>Goes on with the next folder; false when all were tried for this file.</summary>
        public bool TryNextFolder()
        {
            Forget();
            triedFolders++;
            failures = stalls = 0;
            folder = (folder + 1) % folders.Length;
            return triedFolders < folders.Length;
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

        /// <summary>Brings <paramref name="count"/> bytes at <paramref name="offset"/> of the file to the buffer. Of a file of unknown
        /// length the piece is also complete where the file ends; Filled is their number.</summary>
        public Fill Step(int offset, byte[] buffer, int start, int count)
        {
            if (offset != pieceOffset)
            {
                pieceOffset = offset;
                filled = 0;
                // Between two pieces the device may have unpacked for longer than a link may stall.
                Mark();
            }

            if (isOpen && source.Position > offset + filled) Close();
            if (!isOpen) return Open(offset + filled);
            int read = source.Read(buffer, start + filled, Wanted(count));
            if (read < 0) return Fault((UpdateError)(-read));
            if (read == 0) return length < 0 ? Fill.Complete : Fault(UpdateError.ConnectionLost);
            BytesRead += read;
            ports.BytesOfDay += read;
            if (source.Position > offset + filled) filled += read;
            bool isComplete = filled == count;
            if (isComplete) failures = RetryMs = 0;
            if (isComplete || BytesRead - markedBytes >= BlockIndex.BlockSize) Mark();
            if (isComplete) return Fill.Complete;
            if (clock.Milliseconds - markedAt <= StallMs) return Fill.More;
            stalls++;
            return Fault(UpdateError.TimedOut);
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
            string at = folders[folder];
            int path = UpdateOptions.PathEnd(at);
            string address = at.Substring(0, path) + location + at.Substring(path);
            // What an agent before this one left open would hold the memory that the connection takes.
            source.Close();
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
            bool passing = error <= UpdateError.TimedOut || error == UpdateError.ServerFailed
                || (error >= UpdateError.NameNotFound && error <= UpdateError.AnswerMalformed);
            int askedMs = error == UpdateError.ServerFailed ? RetryAfterMs() : 0;
            RetryMs = askedMs + jitter.Next(Backoff.Delay(retryDelayMs, failures - 1, MaxRetryMs) + 1);
            if (passing && failures < MaxFailures && stalls < MaxFailures && askedMs <= MaxRetryMs) return Fill.Retry;
            if (askedMs > MaxRetryMs && folder == 0) QuietUntil = clock.Milliseconds + askedMs;
            RetryMs = 0;
            return TryNextFolder() ? Fill.Retry : Fill.Failed;
        }

        private int RetryAfterMs()
        {
            int seconds = source.RetryAfterSeconds;
            return (seconds < MaxPostponeSeconds ? seconds : MaxPostponeSeconds) * 1000;
        }
    }
}
