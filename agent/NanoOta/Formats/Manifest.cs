namespace NanoOta
{
    /// <summary>The content of a manifest with a good signature (SPEC.md, section 2), as far as this device needs it.</summary>
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

        /// <summary>Longest name of a native assembly, in characters.</summary>
        public const int MaxAssemblyLength = 64;

        /// <summary>Longest address of a mirror, in characters.</summary>
        public const int MaxMirrorLength = 128;

        /// <summary>Product that it is made for.</summary>
        public string Product;

        /// <summary>Board that it is made for.</summary>
        public string Board;

        /// <summary>Version, for people.</summary>
        public string Version;

        /// <summary>Sequence number, 1 to 2^53 − 1: what makes a release newer than another.</summary>
        public long Sequence;

        /// <summary>The app; null: the release keeps the one that runs. It has an app, a runtime or both.</summary>
        public OfferedImage App;

        /// <summary>The runtime; null: the release keeps the one that runs.</summary>
        public OfferedImage Runtime;

        /// <summary>The identity of the release on a device, 32 bytes: the SHA-256 of its plain image; of an app and a runtime both, with
        /// each byte of the one XOR that of the other.</summary>
        public byte[] Identity;

        /// <summary>The first image to stage; null before that is decided.</summary>
        internal OfferedImage First;

        /// <summary>Seconds since 1970-01-01 UTC after which the offer is not taken any more; 0 = never.</summary>
        public long Expires;

        /// <summary>Lowest sequence number of a firmware that this release may follow; 0 = any.</summary>
        public long LowestSequence;

        /// <summary>Share of all devices, in percent, that may take the release; 0 stops it.</summary>
        public int WavePercent = 100;

        /// <summary>Further folders with the files of the release: absolute addresses with their last slash. Never null.</summary>
        public string[] Mirrors = new string[0];

        /// <summary>What the runtime lacks of what the app needs: the first native assembly that is missing or another, with both
        /// checksums; null when it has all.</summary>
        public string RuntimeMismatch;

        /// <summary>Least <see cref="UpdateAgent.Level"/> of an agent that may take it; 0 = any.</summary>
        public int AgentLevel;

        /// <summary>Chip of the board that it is made for; empty = not given.</summary>
        public string Chip = "";

        /// <summary>Bytes of an app slot of the board that it is made for; 0 = not given.</summary>
        public int SlotSize;

        /// <summary>Number of the schema that its settings have; 0 = not given.</summary>
        public int SettingsSchema;

        /// <summary>Where the files of the release are: the folder that the manifest came from, then the mirrors.</summary>
        public string[] FoldersFrom(string folder)
        {
            var folders = new string[1 + Mirrors.Length];
            folders[0] = folder;
            for (int i = 1; i < folders.Length; i++) folders[i] = Mirrors[i - 1];
            return folders;
        }

        /// <summary>The descriptor of a slot that is to hold an image of this release.</summary>
        public SlotDescriptor Describe(OfferedImage image)
        {
            return new SlotDescriptor
            {
                Kind = image.Kind,
                Version = Version,
                Sequence = Sequence,
                ImageSize = image.Size,
                ImageDigest = image.Digest,
                IndexDigest = image.Packed == null ? image.IndexDigest : image.Packed.TableDigest,
                SettingsSchema = SettingsSchema,
            };
        }
    }
}
