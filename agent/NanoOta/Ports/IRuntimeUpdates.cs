namespace NanoOta
{
    /// <summary>Checks the runtime (nanoCLR) that an update has staged, before it may boot. In NanoOta.Runtime, so that firmware for boards
    /// with one runtime slot does not carry it.</summary>
    public interface IRuntimeUpdates
    {
        /// <summary>Bytes of the runtime that runs, from its segments; 0 when they cannot be read.</summary>
        /// <param name="block">8 bytes at least; overwritten.</param>
        int GetRunningLength(byte[] block);

        /// <summary>Begins with the image in the inactive runtime slot. No other hash may come before the last step.</summary>
        /// <param name="block">One sector, overwritten by each step.</param>
        void Begin(byte[] block);

        /// <summary>Checks the next part of the image, at most one sector; true when it is decided.</summary>
        bool Step();

        /// <summary>Why the bootloader would not start it: the field at fault, for people. Null: it would.</summary>
        string Fault { get; }
    }
}
