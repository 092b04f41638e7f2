namespace NanoOta
{
    /// <summary>
    /// Good once the update server has delivered what the next update needs: a manifest for this product and board, with a
    /// signature that this firmware trusts, and the first block of its image. Then no further request is sent. Never Bad, because a
    /// server that is down, full or wrong is not the firmware's fault: the probe retries with growing delays.
    /// </summary>
    /// <remarks>
    /// Works as an update does, on the agent's thread and with the agent's source, which is unused during a trial. One call to the
    /// network in each round, which takes as long as the source allows (<see cref="IReleaseSource"/>). Received bytes lie in the agent's
    /// buffer, which is free as well; after a command, which needs it, the file is requested anew.
    /// </remarks>
    public sealed class ServerProbe : IHealthCheck
    {
        // A trial has minutes, and a server that came back should still be found in time.
        private const int MaxWaitMs = 30000;

        // docs/platform/boot.md, "Application images".
        private const byte EspImageMagic = 0xE9;

        private readonly UpdatePorts ports;
        private readonly UpdateOptions options;
        private readonly NetworkProbe isReady;
        private string folder;
        private Jitter jitter;
        private Download download;
        private ImageKind kind;
        private int imageSize;
        private bool hasAnswered;
        private int failures;
        private long nextAt;

        /// <summary>A probe; it sends no request before its first call.</summary>
        /// <param name="ports">The agent's; source, crypto and clock are used.</param>
        /// <param name="options">The agent's.</param>
        /// <param name="isReady">Requests are sent only while this is true.</param>
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
                case Fill.Complete: return imageSize == 0 ? Read() : CheckBlock();
                case Fill.Retry: return Wait();
                case Fill.Failed: return Restart();
                default: return Health.Unknown;
            }
        }

        private void Begin()
        {
            jitter = new Jitter(options.DeviceId, ports.Clock.Milliseconds);
            download = new Download(ports, jitter, options.RetryDelayMs);
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
            if (error != UpdateError.None || offer.Product != options.Product || offer.Board != options.Board) return Restart();
            OfferedImage image = offer.App ?? offer.Runtime;
            kind = image.Kind;
            imageSize = image.Size;
            download.Start(offer.FoldersFrom(folder), image.Location, imageSize);
            return Health.Unknown;
        }

        // A portal answers every address with a page of its own.
        private Health CheckBlock()
        {
            if (!IsImage(ports.Block)) return Restart();
            download.Close();
            hasAnswered = true;
            jitter = null;
            download = null;
            return Health.Good;
        }

        private bool IsImage(byte[] block)
        {
            if (kind == ImageKind.Runtime) return block[0] == EspImageMagic;
            return AssemblyHeader.ReadTotalSize(block, imageSize) > 0 || AssemblyHeader.IsOfOtherGeneration(block);
        }

        private Health Restart()
        {
            StartManifest();
            return Wait();
        }

        // As long as the download requires, and longer with each failure: the download does not count its restarts.
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
