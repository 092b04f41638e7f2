namespace NanoOta
{
    /// <summary>
    /// Good once the update server has given what the next update would need of it: a manifest for this product and board, with a
    /// signature that this firmware trusts, and the first block of its image. Then nobody is asked again. Never Bad, for a server
    /// that is down, full or mistaken is not the firmware's fault: it is asked again with growing waits.
    /// </summary>
    /// <remarks>
    /// Works as an update does, on the agent's thread and with the agent's source, which rests during a trial. One call to the
    /// network in each round, which takes as long as the source allows (<see cref="IReleaseSource"/>). What comes lies in the agent's
    /// buffer, which rests as well; after a command, which needs it, a file is asked for anew.
    /// </remarks>
    public sealed class ServerProbe : IHealthCheck
    {
        // A trial has minutes, and a server that came back should still be found in time.
        private const int MaxWaitMs = 30000;

        private readonly UpdatePorts ports;
        private readonly UpdateOptions options;
        private readonly NetworkProbe isReady;
        private string folder;
        private Jitter jitter;
        private Download download;
        private int imageSize;
        private bool hasAnswered;
        private int failures;
        private long nextAt;

        /// <summary>A probe; nobody is asked before it is.</summary>
        /// <param name="ports">The agent's; source, crypto and clock are used.</param>
        /// <param name="options">The agent's.</param>
        /// <param name="isReady">The server is asked only while it says yes.</param>
        public ServerProbe(UpdatePorts ports, UpdateOptions options, NetworkProbe isReady)
        {
            this.ports = ports;
            this.options = options;
            this.isReady = isReady;
        }

        /// <inheritdoc/>
        public Health Check()
        {
            if (hasAnswered) return Health.Good;
            if (ports.Clock.Milliseconds < nextAt || !isReady()) return Health.Unknown;
            if (download == null) Begin();
            int count = imageSize == 0 ? Manifest.MaxLength : BlockIndex.BlockLength(imageSize, 0);
            if (!ports.IsBlockLent) download.Forget();
            ports.IsBlockLent = true;
            switch (download.Step(0, ports.Block, 0, count))
            {
                case Fill.Complete: return imageSize == 0 ? Read() : Look();
                case Fill.Retry: return Wait();
                case Fill.Failed: return AskAnew();
                default: return Health.Unknown;
            }
        }

        private void Begin()
        {
            jitter = new Jitter(options.DeviceId, ports.Clock.Milliseconds);
            download = new Download(ports.Source, ports.Clock, jitter, options.RetryDelayMs);
            StartManifest();
        }

        private void StartManifest()
        {
            imageSize = 0;
            folder = download.StartManifest(options.ManifestAddress);
        }

        private Health Read()
        {
            download.Close();
            var keys = new TrustedKeys(options.TrustedKeys, ports.Crypto);
            Manifest offer;
            UpdateError error = new ManifestReader(keys, ports.Crypto, null, ports.Source).Read(ports.Block, download.Filled, out offer);
            if (error != UpdateError.None || offer.Product != options.Product || offer.Board != options.Board) return AskAnew();
            imageSize = offer.ImageSize;
            download.Start(offer.FoldersFrom(folder), offer.ImageLocation, imageSize);
            return Health.Unknown;
        }

        // A portal answers every address with a page of its own.
        private Health Look()
        {
            byte[] block = ports.Block;
            if (AssemblyHeader.ReadTotalSize(block, imageSize) == 0 && !AssemblyHeader.IsOfOtherGeneration(block)) return AskAnew();
            download.Close();
            hasAnswered = true;
            jitter = null;
            download = null;
            return Health.Good;
        }

        private Health AskAnew()
        {
            StartManifest();
            return Wait();
        }

        // As long as the download asks for, and longer with each failure: it forgets how often it was started anew.
        private Health Wait()
        {
            int limit = Backoff.Delay(options.RetryDelayMs, failures++, MaxWaitMs);
            int wait = limit / 2 + jitter.Next(limit / 2 + 1);
            nextAt = ports.Clock.Milliseconds + (wait < download.RetryMs ? download.RetryMs : wait);
            if (nextAt < download.QuietUntil) nextAt = download.QuietUntil;
            return Health.Unknown;
        }
    }
}
