namespace NanoOta
{
    /// <summary>The name of each event in every output of a device (SPEC.md, section 6): the text of an enum is its number on the device
    /// (docs/platform/runtime.md, "Enums").</summary>
    public static class UpdateEvents
    {
        /// <summary>One lower-case word.</summary>
        public static string Name(UpdateEventKind kind)
        {
            switch (kind)
            {
                case UpdateEventKind.Offer: return "offer";
                case UpdateEventKind.Refused: return "refused";
                case UpdateEventKind.Staging: return "staging";
                case UpdateEventKind.Progress: return "progress";
                case UpdateEventKind.Staged: return "staged";
                case UpdateEventKind.Activated: return "activated";
                case UpdateEventKind.Reboot: return "reboot";
                case UpdateEventKind.Trial: return "trial";
                case UpdateEventKind.Health: return "health";
                case UpdateEventKind.Confirmed: return "confirmed";
                case UpdateEventKind.Rejected: return "rejected";
                case UpdateEventKind.Reverted: return "reverted";
                case UpdateEventKind.Error: return "error";
                case UpdateEventKind.Notice: return "notice";
                case UpdateEventKind.Delayed: return "delayed";
                default: return "idle";
            }
        }
    }
}
