namespace NanoOta
{
    /// <summary>The median of a few readings of a converter, scaled: a spike in less than half of them changes nothing. Reused for each
    /// measurement, without allocating.</summary>
    public sealed class MedianReading
    {
        /// <summary>Readings of one measurement.</summary>
        public const int Count = 9;

        /// <summary>There is no result.</summary>
        public const int None = -1;

        private readonly int[] sorted = new int[Count];
        private int taken;

        /// <summary>Begins a measurement.</summary>
        public void Clear() => taken = 0;

        /// <summary>Takes one reading; those after the last are ignored.</summary>
        public void Add(int value)
        {
            if (taken == Count) return;
            int at = taken++;
            for (; at > 0 && sorted[at - 1] > value; at--) sorted[at] = sorted[at - 1];
            sorted[at] = value;
        }

        /// <summary>The median as a part of the full scale, rounded; <see cref="None"/> when readings are missing or not all of them are
        /// from 0 to <paramref name="maximum"/>, or when one of the numbers is not positive.</summary>
        /// <param name="maximum">Largest reading of the converter.</param>
        /// <param name="fullScale">What that reading stands for, in any unit.</param>
        public int Scale(int maximum, int fullScale)
        {
            if (taken < Count || maximum <= 0 || fullScale <= 0) return None;
            if (sorted[0] < 0 || sorted[Count - 1] > maximum) return None;
            return (int)(((long)sorted[Count / 2] * fullScale + maximum / 2) / maximum);
        }
    }
}
