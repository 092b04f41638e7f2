namespace NanoOta
{
    /// <summary>A step of an update that an application may want to put off. Numbers are append-only.</summary>
    public enum UpdateStep
    {
        /// <summary>Fetching and writing the next block: uses network and flash.</summary>
        Stage = 1,
        /// <summary>Activating what is staged: the device resets.</summary>
        Activate = 2,
        /// <summary>Asking the server for a release.</summary>
        Download = 3,
    }

    /// <summary>The application's veto.</summary>
    public interface IConsent
    {
        /// <summary>
        /// Whether the step may be done now. Asked again about once a second while it may not; must return at once.
        /// </summary>
        bool MayDo(UpdateStep step);
    }
}
