namespace NanoOta
{
    /// <summary>Commands of an operator. Numbers are append-only: signed commands contain them.</summary>
    public enum CommandKind
    {
        /// <summary>Check for a release now.</summary>
        Check = 1,
        /// <summary>Begin no download and activate nothing until Resume; survives resets.</summary>
        Pause = 2,
        /// <summary>End a pause.</summary>
        Resume = 3,
        /// <summary>End the trial that runs: the previous firmware comes back, and the release is not tried again.</summary>
        RejectTrial = 4,
        /// <summary>Go back to the previous firmware, if its slot still holds it.</summary>
        Revert = 5,
        /// <summary>Publish a report.</summary>
        Report = 6,
        /// <summary>Reset the device.</summary>
        Reboot = 7,
    }

    /// <summary>An accepted command: authentic, for this device, and received for the first time.</summary>
    public sealed class RemoteCommand
    {
        /// <summary>The command.</summary>
        public CommandKind Kind;

        /// <summary>Its number, greater than that of every command accepted before; 1 to 2^53 − 1.</summary>
        public long Counter;
    }
}
