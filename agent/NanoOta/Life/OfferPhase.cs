using System.Text;

namespace NanoOta
{
    /// <summary>Fetches the manifest, and decides whether its release is for this device. Nothing is erased here.</summary>
    internal sealed class OfferPhase
    {
        private readonly UpdateContext context;
        private readonly Download download;
        private readonly TrustedKeys keys;
        private string folder;
        private bool isToRead;
        private byte[] lastIdentity;

        public OfferPhase(UpdateContext context, Download download)
        {
            this.context = context;
            this.download = download;
            keys = new TrustedKeys(context.Options.TrustedKeys, context.Ports.Crypto);
        }

        /// <summary>Why this firmware could never take an update again, or None.</summary>
        public UpdateError UpdateBlocker => keys.Count == 0 ? UpdateError.NoTrustedKey : HasAddress ? UpdateError.None : UpdateError.BadAddress;

        public TrustedKeys Keys => keys;

        /// <summary>The manifest that was pushed to the device.</summary>
        public readonly Announcement Announced = new Announcement();

        /// <summary>Whether the present offer, or the last one, was announced and not fetched.</summary>
        public bool IsAnnounced;

        private bool HasAddress => context.Ports.Source.CanOpen(context.Options.Address);

        public void Begin(bool isAnnounced)
        {
            IsAnnounced = isToRead = isAnnounced;
            if (context.Offer != null) lastIdentity = context.Offer.Identity;
            context.Offer = null;
            context.Image = null;
            context.Supply.Begin();
            folder = download.StartManifest(context.Options.ManifestAddress);
        }

        public Outcome Fetch()
        {
            if (!HasAddress) return context.Refuse(UpdateError.BadAddress);
            if (!download.HasBegun)
            {
                Outcome permission = context.Permission.Check(UpdateStep.Download);
                if (permission != Outcome.Done) return permission;
            }

            if (isToRead) return ReadAnnounced();
            Fill fill = download.Step(0, context.Block, 0, Manifest.MaxLength);
            if (fill != Fill.Complete) return context.Await(download, fill);
            context.Supply.MeasureUnderLoad(context.Ports, context.Options);
            download.Close();
            return Read(download.Filled);
        }

        public Outcome Decide()
        {
            Manifest offer = context.Offer;
            if (offer.Product != context.Options.Product) return context.Refuse(UpdateError.WrongProduct);
            if (offer.Board != context.Options.Board) return context.Refuse(UpdateError.WrongBoard);
            string chip = context.Options.Chip;
            if (offer.Chip.Length > 0 && chip.Length > 0 && offer.Chip != chip)
                return context.Refuse(UpdateError.WrongChip, offer.Chip + " needed, " + chip + " is there");
            OfferedImage first = FindChanged();
            if (first == null) return Outcome.UpToDate;
            context.Image = first;
            if (context.Journal.FindQuarantined(offer.Identity) != UpdateError.None)
                return context.Refuse(UpdateError.Quarantined);
            SlotDescriptor running = context.Release;
            if (running != null && offer.Sequence <= running.Sequence) return context.Refuse(UpdateError.NotNewer);
            long highest = context.Journal.HighestSequence;
            if (offer.Sequence < highest)
                return context.Refuse(UpdateError.Downgrade, "sequence " + offer.Sequence.ToString() + ", " + highest.ToString() + " was confirmed");
            Outcome permission = first.Kind == ImageKind.App ? Outcome.Done : DecideRuntime(first);
            if (permission == Outcome.Done) permission = context.Permission.Check(UpdateStep.Decide);
            if (permission != Outcome.Done) return permission;
            UpdateError notNow = DecideTime();
            return notNow == UpdateError.None ? DecideTrials() : context.Refuse(notNow);
        }

        // The first image to stage, with the next one behind it; null: the device runs all of them. The runtime comes first: a whole app in
        // its slot boots as the last resort, and should then have its runtime.
        private OfferedImage FindChanged()
        {
            OfferedImage app = context.Offer.App, runtime = context.Offer.Runtime;
            if (IsOf(context.RunningRuntime, runtime)) runtime = null;
            if (IsOf(context.Running, app)) app = null;
            if (runtime != null) runtime.Next = app;
            context.Offer.First = runtime ?? app;
            return context.Offer.First;
        }

        private Outcome DecideRuntime(OfferedImage runtime)
        {
            IRuntimeUpdates updates = context.Ports.RuntimeUpdates;
            if (updates == null || context.Ports.Flash.GetSize(FlashArea.InactiveRuntime) < 1)
                return context.Refuse(UpdateError.RuntimeNotUpdatable);
            string missing = runtime.Next == null ? updates.FindMissingNative(runtime, context.Block) : null;
            return missing == null ? Outcome.Done : context.Refuse(UpdateError.WrongRuntime, missing);
        }

        private static bool IsOf(SlotDescriptor running, OfferedImage offered) =>
            running != null && offered != null && Bytes.Same(running.ImageDigest, 0, offered.Digest, 0, 32);

        private UpdateError DecideTime()
        {
            Manifest offer = context.Offer;
            SlotDescriptor running = context.Release;
            if (running != null && running.Sequence < offer.LowestSequence) return UpdateError.NeedsEarlierRelease;
            long now = context.Ports.Clock.UnixSeconds;
            if (offer.Expires != 0 && now == 0) context.ReportOffer(UpdateEventKind.Notice, UpdateError.ClockNotSet);
            else if (offer.Expires != 0 && now > offer.Expires) return UpdateError.Expired;
            return DecideWave();
        }

        // Which hundredth of the fleet this device is in, for this release: the same at every check, another for each release.
        private UpdateError DecideWave()
        {
            int percent = context.Offer.WavePercent;
            if (percent == 100) return UpdateError.None;
            if (percent == 0 || context.Options.DeviceId.Length == 0) return UpdateError.NotInWave;
            byte[] id = Encoding.UTF8.GetBytes(context.Options.DeviceId);
            context.Ports.Crypto.HashStart();
            context.Ports.Crypto.HashBytes(id, 0, id.Length);
            context.Ports.Crypto.HashBytes(context.Offer.Identity, 0, 32);
            if (!context.Ports.Crypto.HashFinish(context.Expected)) return UpdateError.HashFailed;
            int hundredth = (context.Expected[0] * 256 + context.Expected[1]) * 100 / 65536;
            return hundredth < percent ? UpdateError.None : UpdateError.NotInWave;
        }

        private Outcome DecideTrials()
        {
            Journal journal = context.Journal;
            if (!journal.HasInHand(context.Offer.Identity) || journal.Trials < context.Options.MaxTrials) return Outcome.Done;
            journal.Quarantine(context.Offer.Identity, UpdateError.TooManyTrials);
            if (!journal.Save(context.Block)) return context.Refuse(UpdateError.JournalFailed);
            return context.Refuse(UpdateError.TooManyTrials);
        }

        // It may have been withdrawn while it waited: then the manifest is requested from the server.
        private Outcome ReadAnnounced()
        {
            isToRead = false;
            int length = Announced.Take(context.Block);
            return length == 0 ? Outcome.Again : Read(length);
        }

        private Outcome Read(int length)
        {
            // Kept, it would hold the last manifest.
            var reader = new ManifestReader(keys, context.Ports.Crypto, context.Ports.Runtime, context.Ports.Source, context.Running,
                context.RunningRuntime);
            UpdateError error = reader.Read(context.Block, length, out context.Offer);
            if (error != UpdateError.None) return context.Refuse(error);
            if (lastIdentity == null || !Bytes.Same(lastIdentity, 0, context.Offer.Identity, 0, 32))
            {
                context.BytesFetched = 0;
                context.BytesStaged = 0;
                context.PackedStaged = 0;
            }

            context.Image = context.Offer.App ?? context.Offer.Runtime;
            context.Folders = context.Offer.FoldersFrom(folder);
            context.ReportOffer(UpdateEventKind.Offer, UpdateError.None);
            return Outcome.Done;
        }
    }
}
