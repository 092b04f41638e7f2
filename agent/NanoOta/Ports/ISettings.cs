namespace NanoOta
{
    /// <summary>What putting settings back came to.</summary>
    public enum RestoreOutcome
    {
        /// <summary>There is nothing to put back, or everything is as in the copy.</summary>
        Nothing = 0,
        /// <summary>The settings are those of the copy again, and were not before.</summary>
        Done = 1,
        /// <summary>Not, or not all, of it is put back; the copy stays.</summary>
        Failed = 2,
    }

    /// <summary>The application's settings, of which a copy is kept before a release is activated. Called on the agent's thread; a call may
    /// be the last before power fails, and is then made again.</summary>
    public interface ISettings
    {
        /// <summary>Keeps a copy of the settings as they are, in place of the one before. It survives every reset, labelled with the
        /// release and both schemas; without true there need not be any copy, and the settings are as they were.</summary>
        /// <param name="release">Identity of the release that is about to be activated.</param>
        /// <param name="schema">Number of the schema that the running firmware's settings have; 0 = not given.</param>
        /// <param name="nextSchema">The same of the release.</param>
        bool Keep(byte[] release, int schema, int nextSchema);

        /// <summary>Puts the copy back, if there is one that was kept before this release, and uses it up.</summary>
        /// <param name="release">Identity of the release that has failed.</param>
        /// <param name="onlyIfUnreadable">Only if both schemas of the copy differ: settings that the firmware can read, it shall
        /// keep.</param>
        RestoreOutcome Restore(byte[] release, bool onlyIfUnreadable);
    }
}
