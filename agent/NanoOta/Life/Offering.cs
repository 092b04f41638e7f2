namespace NanoOta
{
    /// <summary>Fetches the manifest, and decides whether its release is for this device. Nothing is erased here.</summary>
    internal sealed class Offering
    {
        /// <summary>Trials of one release without a verdict before it is given up.</summary>
        private const int MaxTrials = 3;

        private readonly UpdateContext context;
        private readonly Download download;
        private readonly TrustedKeys keys;
        private readonly ManifestReader reader;
        private byte[] lastDigest;

        public Offering(UpdateContext context, Download download)
        {
            this.context = context;
            this.download = download;
            keys = new TrustedKeys(context.Options.TrustedKeys, context.Ports.Crypto);
            reader = new ManifestReader(keys, context.Ports.Crypto);
        }

        /// <summary>The folder of the manifest, with its last slash: what locations are relative to.</summary>
        public string Folder => ManifestAddress.Substring(0, ManifestAddress.LastIndexOf('/') + 1);

        /// <summary>Why this firmware could never take an update again, or None.</summary>
        public UpdateError DeadEnd => keys.Count == 0 ? UpdateError.NoTrustedKey : HasAddress ? UpdateError.None : UpdateError.BadAddress;

        private string ManifestAddress => context.Options.ManifestAddress;

        private bool HasAddress => context.Options.Address.StartsWith("http://") || context.Options.Address.StartsWith("https://");

        public void Begin()
        {
            if (context.Offer != null) lastDigest = context.Offer.ImageDigest;
            context.Offer = null;
            download.Start(ManifestAddress, -1);
        }

        public Outcome Fetch()
        {
            if (!HasAddress) return context.Refuse(UpdateError.BadAddress);
            Fill fill = download.Step(0, context.Block, 0, Manifest.MaxLength);
            return fill == Fill.Complete ? Read() : context.Await(download, fill);
        }

        public Outcome Decide()
        {
            Manifest offer = context.Offer;
            if (offer.Product != context.Options.Product) return context.Refuse(UpdateError.WrongProduct);
            if (offer.Board != context.Options.Board) return context.Refuse(UpdateError.WrongBoard);
            SlotDescriptor running = context.Running;
            if (running != null && Bytes.Same(running.ImageDigest, 0, offer.ImageDigest, 0, 32)) return Outcome.UpToDate;
            if (context.Journal.FindQuarantined(offer.ImageDigest) != UpdateError.None)
                return context.Refuse(UpdateError.Quarantined);
            if (running != null && offer.Sequence <= running.Sequence) return context.Refuse(UpdateError.NotNewer);
            if (offer.ImageSize > context.Ports.Flash.GetSize(FlashArea.InactiveSlot))
                return context.Refuse(UpdateError.ImageTooBig);
            if (SlotDescriptor.Length + BlockIndex.FileLength(offer.ImageSize) > context.Ports.Flash.GetSize(FlashArea.InactiveIndex))
                return context.Refuse(UpdateError.IndexTooBig);
            return DecideTrials();
        }

        private Outcome DecideTrials()
        {
            Journal journal = context.Journal;
            if (!journal.HasInHand(context.Offer.ImageDigest) || journal.Trials < MaxTrials) return Outcome.Done;
            journal.Quarantine(context.Offer.ImageDigest, UpdateError.TooManyTrials);
            if (!journal.Save(context.Block)) return context.Refuse(UpdateError.JournalFailed);
            return context.Refuse(UpdateError.TooManyTrials);
        }

        private Outcome Read()
        {
            download.Close();
            UpdateError error = reader.Read(context.Block, download.Filled, out context.Offer);
            if (error != UpdateError.None) return context.Refuse(error);
            if (lastDigest == null || !Bytes.Same(lastDigest, 0, context.Offer.ImageDigest, 0, 32))
            {
                context.BytesFetched = 0;
                context.BytesStaged = 0;
            }

            context.ReportOffer(UpdateEventKind.Offer, UpdateError.None);
            return Outcome.Done;
        }
    }
}
