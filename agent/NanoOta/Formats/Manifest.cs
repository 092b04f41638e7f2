namespace NanoOta
{
    /// <summary>
    /// What a manifest with a good signature says (SPEC.md, section 2), as far as this agent needs it: the app image and
    /// its plain encoding.
    /// </summary>
    public sealed class Manifest
    {
        /// <summary>The manifest's file name in a release folder (SPEC.md, section 1).</summary>
        public const string FileName = "manifest.cose";

        /// <summary>Manifests are shorter than this, in bytes.</summary>
        public const int MaxLength = FlashLayout.SectorSize;

        /// <summary>Longest product, board or version text, in characters.</summary>
        public const int MaxTextLength = 32;

        /// <summary>Longest location, in characters.</summary>
        public const int MaxLocationLength = 96;

        /// <summary>Product that it is made for.</summary>
        public string Product;

        /// <summary>Board that it is made for.</summary>
        public string Board;

        /// <summary>Version, for people.</summary>
        public string Version;

        /// <summary>Sequence number, 1 to 2^53 − 1: what makes a release newer than another.</summary>
        public long Sequence;

        /// <summary>Size of the plain app image in bytes.</summary>
        public int ImageSize;

        /// <summary>SHA-256 of the plain app image: the identity of the release on a device.</summary>
        public byte[] ImageDigest;

        /// <summary>SHA-256 of the block index file.</summary>
        public byte[] IndexDigest;

        /// <summary>Block index file, relative to the manifest's folder.</summary>
        public string IndexLocation;

        /// <summary>Plain image file, relative to the manifest's folder.</summary>
        public string ImageLocation;

        /// <summary>The descriptor of a slot that is to hold this release.</summary>
        public SlotDescriptor Describe()
        {
            return new SlotDescriptor
            {
                Version = Version,
                Sequence = Sequence,
                ImageSize = ImageSize,
                ImageDigest = ImageDigest,
                IndexDigest = IndexDigest,
            };
        }
    }
}
