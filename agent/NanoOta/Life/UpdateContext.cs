using System;

namespace NanoOta
{
    /// <summary>What the phases of one agent share: ports, buffers, the offer in work.</summary>
    internal sealed class UpdateContext
    {
        public readonly UpdatePorts Ports;
        public readonly UpdateOptions Options;
        public readonly Journal Journal;
        public readonly SectorWriter Writer;
        public readonly ImageHash ImageHash;
        public readonly Power Power;
        public readonly Permission Permission;

        public readonly byte[] Digest = new byte[32];
        public readonly byte[] Expected = new byte[32];

        /// <summary>What the running slot is meant to hold, or null when nothing says so.</summary>
        public SlotDescriptor Running;

        /// <summary>The release in work, or null.</summary>
        public Manifest Offer;

        /// <summary>Where the files of the offer are: the manifest's folder, then its mirrors; each with its last slash.</summary>
        public string[] Folders;

        /// <summary>Why the last phase ended in Refused or Unfit.</summary>
        public UpdateError Error;

        /// <summary>Whether the offer was given up because a whole check interval went by in waiting for permission.</summary>
        public bool HasWaited;

        /// <summary>Milliseconds that the phase wants to pass before its next step.</summary>
        public int DelayMs;

        /// <summary>Bytes of the offer's image fetched since this agent first saw it, repeats included.</summary>
        public int BytesFetched;

        /// <summary>Bytes of the offer's image that lie in the slot.</summary>
        public int BytesStaged;

        /// <summary>The probes that were not Good at the verdict; empty when there are none.</summary>
        public string Shortcomings = "";

        private readonly UpdateEvent happening = new UpdateEvent();

        public UpdateContext(UpdatePorts ports, UpdateOptions options)
        {
            Ports = ports;
            Options = options;
            Writer = new SectorWriter(ports, Block);
            Journal = new Journal(ports.Flash, Writer);
            ImageHash = new ImageHash(ports.Crypto);
            Power = new Power(this);
            Permission = new Permission(this);
        }

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

        public string RunningVersion => Running == null ? "" : Running.Version;

        public Outcome Refuse(UpdateError error)
        {
            Error = error;
            return Outcome.Refused;
        }

        public Outcome Wait(int milliseconds)
        {
            DelayMs = milliseconds;
            return Outcome.Again;
        }

        /// <summary>What a phase answers while a download has not brought what it wants.</summary>
        public Outcome Await(Download download, Fill fill)
        {
            if (fill == Fill.More) return Outcome.Again;
            if (fill == Fill.Failed) return Refuse(download.Error);
            ReportOffer(UpdateEventKind.Error, download.Error);
            return Wait(download.RetryMs);
        }

        /// <summary>The descriptor in an index region, or null. Uses the block buffer.</summary>
        public SlotDescriptor ReadDescriptor(FlashArea area)
        {
            return Ports.Flash.Read(area, 0, Block, 0, SlotDescriptor.Length) ? SlotDescriptor.Read(Block) : null;
        }

        /// <summary>Reports something about the firmware that runs.</summary>
        public void ReportRunning(UpdateEventKind kind, UpdateError code) => Report(kind, Ports.Boot.RunningSlot, RunningVersion, code);

        /// <summary>Reports something about the offer in work.</summary>
        public void ReportOffer(UpdateEventKind kind, UpdateError code) =>
            Report(kind, InactiveSlot, Offer == null ? "" : Offer.Version, code);

        public void Report(UpdateEventKind kind, int slot, string version, UpdateError code)
        {
            happening.Kind = kind;
            happening.Slot = slot;
            happening.Version = version;
            happening.Code = code;
            happening.Detail = kind == UpdateEventKind.Health || kind == UpdateEventKind.Rejected ? Shortcomings
                : Compatibility.Detail(this, code);
            happening.BytesFetched = BytesFetched;
            happening.BytesStaged = BytesStaged;
            happening.ImageSize = Offer == null ? 0 : Offer.ImageSize;
            try
            {
                Ports.Events.On(happening);
            }
            catch (Exception)
            {
            }
        }
    }
}
