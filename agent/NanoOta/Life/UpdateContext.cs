namespace NanoOta
{
    /// <summary>What the phases of one agent share: ports, buffers, the offer in work.</summary>
    internal sealed class UpdateContext
    {
        /// <summary>Detail of the error with which a packed file is given up.</summary>
        public const string NextEncoding = "fetches the next encoding";

        public readonly UpdatePorts Ports;
        public readonly UpdateOptions Options;
        public readonly Journal Journal;
        public readonly SectorWriter Writer;
        public readonly ImageHash ImageHash;
        public readonly SupplyCheck Supply = new SupplyCheck();
        public readonly Permission Permission;

        public readonly byte[] Expected = new byte[32];

        /// <summary>The release that was found in the running slot, or null when it is not known.</summary>
        public SlotDescriptor Running;

        /// <summary>The same of the running runtime; null also on boards with one runtime.</summary>
        public SlotDescriptor RunningRuntime;

        /// <summary>Why that is not known, or None: there is no descriptor.</summary>
        public UpdateError RunningFault;

        /// <summary>The release in work, or null.</summary>
        public Manifest Offer;

        /// <summary>Its image in work, once it is decided: the first of those that the device does not run.</summary>
        public OfferedImage Image;

        /// <summary>Where the files of the offer are: the manifest's folder, then its mirrors; each with its last slash.</summary>
        public string[] Folders;

        /// <summary>The reason why the last phase ended in Refused, Postponed or Unfit.</summary>
        public UpdateError Error;

        /// <summary>Facts that the text of that error does not have, or empty.</summary>
        public string Detail = "";

        /// <summary>Milliseconds until the next step of the phase.</summary>
        public int DelayMs;

        /// <summary>Bytes of the offer's images, packed or plain, fetched since this agent first saw it, repeats included.</summary>
        public int BytesFetched;

        /// <summary>Bytes of the image in work that lie in the slot.</summary>
        public int BytesStaged;

        /// <summary>Bytes of its packed file that are unpacked into the slot.</summary>
        public int PackedStaged;

        private readonly UpdateEvent happening = new UpdateEvent();

        public UpdateContext(UpdatePorts ports, UpdateOptions options)
        {
            Ports = ports;
            Options = options;
            if (ports.StartedAt < 0) ports.StartedAt = ports.Clock.Milliseconds;
            Writer = new SectorWriter(ports);
            Journal = new Journal(ports.Flash, Writer);
            ImageHash = new ImageHash(ports.Crypto, Writer);
            Permission = new Permission(this);
        }

        /// <summary>Milliseconds after which a trial without a verdict ends, within what the trial watchdog leaves.</summary>
        public int HealthDeadlineMs => WithinTrial(Options.HealthDeadlineMs);

        /// <summary>Milliseconds that a trial takes at least, within what the trial watchdog leaves.</summary>
        public int ShortestTrialMs => WithinTrial(Options.ShortestTrialMs);

        /// <summary>Whether the options give a trial more than that.</summary>
        public bool IsTrialCut => HealthDeadlineMs != Options.HealthDeadlineMs || ShortestTrialMs != Options.ShortestTrialMs;

        /// <summary>The one large buffer. Its content does not outlive a phase, and a block only stays while it is filled.</summary>
        public byte[] Block
        {
            get
            {
                Ports.IsBlockLent = false;
                return Ports.Block;
            }
        }

        public int InactiveSlot => 1 - Ports.Boot.RunningSlot;

        /// <summary>What the running release wrote last: the app, or the runtime that came alone after it. Null when the app is not
        /// known.</summary>
        public SlotDescriptor Release => Running == null ? null : SlotDescriptor.Newer(Running, RunningRuntime);

        public string RunningVersion => Release == null ? "" : Release.Version;

        public Outcome Refuse(UpdateError error, string detail = "")
        {
            Error = error;
            Detail = detail;
            return Outcome.Refused;
        }

        /// <summary>Gives the packed file up: the next larger one is fetched, or the plain image, and what is staged stays. If the plain image
        /// is what failed, the offer is refused.</summary>
        public Outcome GiveUp(UpdateError error, string detail = "")
        {
            if (Image == null || Image.Packed == null) return Refuse(error, detail);
            ReportOffer(UpdateEventKind.Error, error, NextEncoding);
            // Each of them needs a decoder.
            Image.Packed = error == UpdateError.ManagedMemoryLow ? null : Image.Packed.Next;
            PackedStaged = 0;
            return Outcome.FellBack;
        }

        public Outcome Postpone(UpdateError error, string detail)
        {
            Refuse(error, detail);
            return Outcome.Postponed;
        }

        public Outcome Wait(int milliseconds)
        {
            DelayMs = milliseconds;
            return Outcome.Again;
        }

        /// <summary>The outcome of a phase whose download is not complete.</summary>
        public Outcome Await(Download download, Fill fill)
        {
            if (fill == Fill.More) return Outcome.Again;
            long quietMs = download.QuietUntil - Ports.Clock.Milliseconds;
            bool isQuiet = download.Error == UpdateError.ServerFailed && quietMs > 0;
            string detail = isQuiet ? "asked again in " + ((quietMs + 999) / 1000).ToString() + " s" : "";
            // A pause that the server requested is kept.
            if (fill == Fill.Failed) return isQuiet ? Refuse(download.Error, detail) : GiveUp(download.Error);
            ReportOffer(UpdateEventKind.Error, download.Error, detail);
            return Wait(download.RetryMs);
        }

        /// <summary>The descriptor in an index region, or null. Uses the block buffer.</summary>
        public SlotDescriptor ReadDescriptor(FlashArea area)
        {
            return Ports.Flash.Read(area, 0, Block, 0, SlotDescriptor.Length) ? SlotDescriptor.Read(Block) : null;
        }

        /// <summary>Whether the images of a release run, by their hashes as read from flash.</summary>
        /// <param name="identity">That of its manifest; null: no release.</param>
        public bool IsRunning(byte[] identity) => IsOf(identity, Running, RunningRuntime);

        /// <summary>Whether the images that descriptors name, or one of them, are those of a release; each may be null.</summary>
        public static bool IsOf(byte[] identity, SlotDescriptor app, SlotDescriptor runtime)
        {
            if (identity == null) return false;
            if (app != null && Bytes.Same(app.ImageDigest, 0, identity, 0, 32)) return true;
            if (runtime != null && Bytes.Same(runtime.ImageDigest, 0, identity, 0, 32)) return true;
            return app != null && runtime != null && Bytes.Same(Bytes.Xor(app.ImageDigest, runtime.ImageDigest), 0, identity, 0, 32);
        }

        /// <summary>Notes in the journal, unsaved, that the running firmware is confirmed; nothing where it is not known.</summary>
        public void NoteConfirmed()
        {
            if (Running == null) return;
            if (IsRunning(Journal.GetInHand())) Journal.ConfirmInHand();
            if (Release.Sequence > Journal.HighestSequence) Journal.HighestSequence = Release.Sequence;
        }

        /// <summary>Reports something about the firmware that runs.</summary>
        public void ReportRunning(UpdateEventKind kind, UpdateError code, string detail = "") =>
            Report(kind, Ports.Boot.RunningSlot, RunningVersion, code, detail);

        /// <summary>Reports something about the offer in work.</summary>
        public void ReportOffer(UpdateEventKind kind, UpdateError code, string detail = "") =>
            Report(kind, InactiveSlot, Offer == null ? "" : Offer.Version, code, detail);

        public void Report(UpdateEventKind kind, int slot, string version, UpdateError code, string detail = "")
        {
            happening.Kind = kind;
            happening.Slot = slot;
            happening.Version = version;
            happening.Code = code;
            happening.Detail = detail;
            happening.BytesFetched = BytesFetched;
            happening.BytesStaged = BytesStaged;
            happening.Image = Image == null ? ImageKind.App : Image.Kind;
            happening.ImageSize = Image == null ? 0 : Image.Size;
            happening.PackedSize = Image == null || Image.Packed == null ? 0 : Image.Packed.Size;
            happening.PackedStaged = PackedStaged;
            Ports.Events.Publish(happening);
        }

        // An eighth is left for the start before the agent's, and for what follows the verdict.
        private int WithinTrial(int milliseconds)
        {
            int limit = Ports.Boot.TrialLimitSeconds * 875;
            return limit > 0 && milliseconds > limit ? limit : milliseconds;
        }
    }
}
