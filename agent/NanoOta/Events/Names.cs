namespace NanoOta
{
    /// <summary>Names of numbers: the text of an enum is its number on the device (docs/platform/runtime.md, "Enums").</summary>
    internal static class Names
    {
        public static string Of(Phase phase)
        {
            switch (phase)
            {
                case Phase.Settle: return "settle";
                case Phase.Trial: return "trial";
                case Phase.Confirm: return "confirm";
                case Phase.Reject: return "reject";
                case Phase.Idle: return "idle";
                case Phase.Offer: return "offer";
                case Phase.Decide: return "decide";
                case Phase.Index: return "index";
                case Phase.Stage: return "stage";
                case Phase.Clear: return "clear";
                case Phase.Seal: return "seal";
                case Phase.Verify: return "verify";
                case Phase.Activate: return "activate";
                default: return "reboot";
            }
        }

        public static string Of(BootState state)
        {
            switch (state)
            {
                case BootState.Trial: return "trial";
                case BootState.Reverted: return "reverted";
                case BootState.Activated: return "activated";
                default: return "confirmed";
            }
        }
    }
}
