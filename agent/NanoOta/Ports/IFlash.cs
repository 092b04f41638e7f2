namespace NanoOta
{
    /// <summary>The parts of the flash that the agent may touch. Offsets are bytes from the start of the area.</summary>
    public enum FlashArea
    {
        /// <summary>The slot that runs; can only be read.</summary>
        RunningSlot = 0,
        /// <summary>The slot that does not run.</summary>
        InactiveSlot = 1,
        /// <summary>Index region of the running slot; can only be read.</summary>
        RunningIndex = 2,
        /// <summary>Index region of the inactive slot.</summary>
        InactiveIndex = 3,
        /// <summary>The two sectors of the journal.</summary>
        Journal = 4,
        /// <summary>The two sectors of the history.</summary>
        History = 5,
        /// <summary>The runtime slot that runs; can only be read. This and the next three only on boards with two runtime slots.</summary>
        RunningRuntime = 6,
        /// <summary>The runtime slot that does not run.</summary>
        InactiveRuntime = 7,
        /// <summary>Index region of the running runtime slot; can only be read.</summary>
        RunningRuntimeIndex = 8,
        /// <summary>Index region of the runtime slot that does not run.</summary>
        InactiveRuntimeIndex = 9,
    }

    /// <summary>Flash by area. Each call may be the last before power fails; what an interrupted erase or write leaves behind is undefined
    /// within that sector and nowhere else. False means that the flash refused or failed.</summary>
    public interface IFlash
    {
        /// <summary>Size in bytes, a multiple of the 4096-byte sector; below 1 when the device has no such area.</summary>
        int GetSize(FlashArea area);

        /// <summary>Reads <paramref name="count"/> bytes into the buffer at <paramref name="start"/>.</summary>
        bool Read(FlashArea area, int offset, byte[] buffer, int start, int count);

        /// <summary>Sets the one sector at <paramref name="offset"/> (a multiple of 4096) to 0xFF.</summary>
        bool Erase(FlashArea area, int offset);

        /// <summary>Programs erased flash within one sector; <paramref name="offset"/> is a multiple of 4, and a last word that <paramref
        /// name="count"/> does not fill is padded with 0xFF.</summary>
        bool Write(FlashArea area, int offset, byte[] buffer, int start, int count);
    }
}
