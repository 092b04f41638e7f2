namespace NanoOta
{
    /// <summary>What an agent needs to update the runtime (nanoCLR) below it. In NanoOta.Runtime, so that firmware for boards with one
    /// runtime slot does not carry it. A step is bounded in time, and uses SHA-256 until it is over.</summary>
    public interface IRuntimeUpdates
    {
        /// <summary>Finds out which runtime runs, step by step; true when <see cref="Running"/> is decided.</summary>
        /// <param name="block">One sector; overwritten.</param>
        bool FindRunning(byte[] block);

        /// <summary>The runtime that runs: its descriptor, if the slot has that content by its hash; else size and hash alone, as after a
        /// deployment by cable. Null when it cannot be read, and on boards with one runtime slot.</summary>
        SlotDescriptor Running { get; }

        /// <summary>What the running app needs and an offered runtime lacks, for people; null when it lacks nothing.</summary>
        /// <param name="offered">The runtime.</param>
        /// <param name="block">One sector; overwritten.</param>
        string FindMissingNative(OfferedImage offered, byte[] block);

        /// <summary>Begins to check the image in the inactive runtime slot.</summary>
        /// <param name="block">One sector, overwritten by each step.</param>
        void BeginCheck(byte[] block);

        /// <summary>Checks the next part of it, at most one sector; true when it is decided.</summary>
        bool StepCheck();

        /// <summary>Why the bootloader would not start it: the field at fault, for people. Null: it would.</summary>
        string Fault { get; }
    }
}
