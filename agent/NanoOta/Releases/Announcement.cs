using System;

namespace NanoOta
{
    /// <summary>A manifest that was pushed to the device, until the agent is idle and reads it. It is not checked here, and a reset drops
    /// it.</summary>
    internal sealed class Announcement
    {
        private byte[] manifest;
        private int length;

        /// <summary>Whether it was not read yet.</summary>
        public bool Waits;

        /// <summary>When to read it, by the clock's milliseconds.</summary>
        public long Due;

        /// <summary>Takes another one, and keeps it; false when it is the same again.</summary>
        public bool Put(byte[] source, int count, long due)
        {
            if (count == length && Bytes.Same(source, 0, manifest, 0, count)) return false;
            manifest = source;
            length = count;
            Due = due;
            Waits = true;
            return true;
        }

        /// <summary>Drops it.</summary>
        public void Withdraw()
        {
            manifest = null;
            length = 0;
            Waits = false;
        }

        /// <summary>Copies it out, to be read once.</summary>
        /// <returns>Its length in bytes; 0 when it was withdrawn.</returns>
        public int Take(byte[] target)
        {
            Waits = false;
            if (length > 0) Array.Copy(manifest, 0, target, 0, length);
            return length;
        }
    }
}
