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

        /// <summary>0: a literal follows; 1: a run.</summary>
        public const int Run = 0;

        /// <summary>0: the source of the last run.</summary>
        public const int Again = 2;

        /// <summary>0: the base; 1: own output.</summary>
        public const int Kind = 4;

        /// <summary>1: differences are added.</summary>
        public const int Mode = 5;

        /// <summary>1: a displacement shrinks.</summary>
        public const int Sign = 9;

        /// <summary>Three sets of 32 for the length of a run.</summary>
        public const int Length = 10;

        /// <summary>How much a displacement changes.</summary>
        public const int Displacement = 106;

        /// <summary>How far back own output lies.</summary>
        public const int Distance = 170;

        /// <summary>The tree of literals.</summary>
        public const int Literal = 234;

        /// <summary>0: no difference.</summary>
        public const int Zero = 490;

        /// <summary>0: the difference is the guess.</summary>
        public const int Same = 538;

        /// <summary>The two trees of differences.</summary>
        public const int Difference = 546;

        /// <summary>All of them.</summary>
        public const int Count = 1058;
    }
}
