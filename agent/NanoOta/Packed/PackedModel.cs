namespace NanoOta
{
    /// <summary>Places of the probabilities of the packed encoding (docs/PACKED.md, "The model"), and its bounds.</summary>
    public static class PackedModel
    {
        /// <summary>Most bytes of a segment's code.</summary>
        public const int MaxCode = 4096;

        /// <summary>Most blocks of a segment.</summary>
        public const int MaxBlocks = 128;

        /// <summary>Largest image and largest base, in bytes; distances and displacements then fit 22 bits.</summary>
        public const int MaxImage = 0x400000;

        /// <summary>Most bits of a number below its highest.</summary>
        public const int MaxBits = 22;

        /// <summary>Own distance at the start of a segment without a base.</summary>
        public const int FirstDistance = 16;

        /// <summary>What the memory of differences stores for a difference of 0; 0 means that nothing is known.</summary>
        public const int KnownZero = 128;

        public const int Run = 0;
        public const int Again = 2;
        public const int Kind = 4;
        public const int Mode = 5;
        public const int Sign = 9;
        public const int Length = 10;
        public const int Displacement = 106;
        public const int Distance = 170;
        public const int Literal = 234;
        public const int Zero = 490;
        public const int Same = 538;
        public const int Difference = 546;

        /// <summary>All of them.</summary>
        public const int Count = 1058;
    }
}
