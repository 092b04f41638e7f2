namespace NanoOta
{
    /// <summary>The name of each command: the text of an enum is its number on the device (docs/platform/runtime.md, "Enums").</summary>
    internal static class CommandNames
    {
        public static string Of(CommandKind kind)
        {
            switch (kind)
            {
                case CommandKind.Check: return "check";
                case CommandKind.Pause: return "pause";
                case CommandKind.Resume: return "resume";
                case CommandKind.RejectTrial: return "reject-trial";
                case CommandKind.Revert: return "revert";
                case CommandKind.Report: return "report";
                case CommandKind.Reboot: return "reboot";
                default: return null;
            }
        }
    }
}
