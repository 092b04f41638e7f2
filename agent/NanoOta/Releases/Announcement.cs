using System;

namespace NanoOta
{
    /// <summary>
    /// A manifest that came unasked, until the agent rests and looks at it. Nothing of it is checked here, and a reset forgets it.
    /// </summary>
    internal sealed class Announcement
    {
        private byte[] manifest;
        private int length;

        /// <summary>Whether it was not looked at yet.</summary>
        public bool Waits;

        /// <summary>When to look at it, by the clock's milliseconds.</summary>
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

        /// <summary>Lets go of it.</summary>
        public void Withdraw()
        {
            manifest = null;
            length = 0;
            Waits = false;
        }

        /// <summary>Copies it out, to be looked at once.</summary>
        /// <returns>Its length in bytes; 0 when it was withdrawn.</returns>
        public int Take(byte[] target)
        {
            Waits = false;
            if (length > 0) Array.Copy(manifest, 0, target, 0, length);
            return length;
        }
    }
}
