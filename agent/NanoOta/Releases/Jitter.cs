namespace NanoOta
{
    /// <summary>
    /// Random delays, so that devices that start together do not send requests together. Not for secrets: a linear congruential
    /// generator (multiplier and increment of "Numerical Recipes", 2nd edition, section 7.1) started from the device's id and clock.
    /// </summary>
    internal sealed class Jitter
    {
        private uint state;

        public Jitter(string deviceId, long milliseconds)
        {
            state = 2166136261u;
            for (int i = 0; i < deviceId.Length; i++) Mix(deviceId[i]);
            for (int i = 0; i < 4; i++)
            {
                Mix((uint)(milliseconds % 256));
                milliseconds /= 256;
            }
        }

        /// <summary>A number from 0 to <paramref name="below"/> − 1; 0 when that is less than 1.</summary>
        public int Next(int below)
        {
            if (below < 1) return 0;
            state = state * 1664525u + 1013904223u;
            // The low bits of such a generator repeat soon.
            return (int)(((ulong)(state >> 1) * (ulong)below) >> 31);
        }

        // FNV-1a, so that ids that differ in the last digit differ in all bits.
        private void Mix(uint value)
        {
            state = (state ^ value) * 16777619u;
        }
    }
}
