namespace NanoOta
{
    /// <summary>What happened. Numbers are append-only.</summary>
    public enum UpdateEventKind
    {
        /// <summary>A signed manifest was read; slot and version are those of the offer.</summary>
        Offer = 1,
        /// <summary>The offer is refused, or an activated release is dropped; Code is the reason, slot and version are the release's.</summary>
        Refused = 2,
        /// <summary>Staging begins or goes on after a reset.</summary>
        Staging = 3,
        /// <summary>More blocks are in the slot.</summary>
        Progress = 4,
        /// <summary>The image is whole in the slot, verified from flash.</summary>
        Staged = 5,
        /// <summary>The staged image boots next.</summary>
        Activated = 6,
        /// <summary>The device is about to be reset.</summary>
        Reboot = 7,
        /// <summary>The running firmware is on trial.</summary>
        Trial = 8,
        /// <summary>The health check has answered.</summary>
        Health = 9,
        /// <summary>The running firmware is confirmed.</summary>
        Confirmed = 10,
        /// <summary>The running firmware has failed its trial; Code is the reason.</summary>
        Rejected = 11,
        /// <summary>The previous firmware is back; slot and version are those of the one that failed, Code is the reason.</summary>
        Reverted = 12,
        /// <summary>Something failed and is tried again; Code is the failure.</summary>
        Error = 13,
        /// <summary>There is nothing to do until the next check.</summary>
        Idle = 14,
        /// <summary>The update waits, and goes on by itself; Code and Detail are the reason.</summary>
        Delayed = 15,
        /// <summary>A condition that stops nothing; Code is the condition.</summary>
        Notice = 16,
    }

    /// <summary>One event; the agent reuses the object, so a listener copies what it keeps.</summary>
    public sealed class UpdateEvent
    {
        /// <summary>What happened.</summary>
        public UpdateEventKind Kind;
        /// <summary>The slot it is about, 0 or 1.</summary>
        public int Slot;
        /// <summary>The version it is about; empty when it is not known.</summary>
        public string Version;
        /// <summary>Why, or None.</summary>
        public UpdateError Code;
        /// <summary>Facts that the text of the code does not have, such as a missing assembly or the reason of a preflight check; empty for
        /// most events.</summary>
        public string Detail;
        /// <summary>The image in work, which the four sizes below are about.</summary>
        public ImageKind Image;
        /// <summary>Bytes of the release's images, packed or plain, fetched since the agent started on it; repeats are counted.</summary>
        public int BytesFetched;
        /// <summary>Bytes of the image that are in the slot.</summary>
        public int BytesStaged;
        /// <summary>Bytes of the whole image.</summary>
        public int ImageSize;
        /// <summary>Bytes of the packed file that is fetched in place of the image; 0: the image itself is.</summary>
        public int PackedSize;
        /// <summary>Bytes of the packed file that are not to be fetched any more, because they are unpacked into the slot.</summary>
        public int PackedStaged;

        /// <summary>Bytes of the file that is fetched: the packed file or the image.</summary>
        public int FileSize => PackedSize > 0 ? PackedSize : ImageSize;

        /// <summary>Bytes of that file that are staged; the rest is to be fetched.</summary>
        public int FileStaged => PackedSize > 0 ? PackedStaged : BytesStaged;
    }

    /// <summary>Receives the agent's events, on the agent's thread; must return at once. What it throws is dropped: a listener without
    /// memory must not end a step of the agent.</summary>
    public interface IUpdateEvents
    {
        /// <summary>Called for each event.</summary>
        void On(UpdateEvent e);
    }
}
