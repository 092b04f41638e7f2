using System.Text;

namespace NanoOta
{
    /// <summary>The release that a slot is intended to hold (SPEC.md, section 5.3). Survives every reset; it is written before the slot's
    /// first block, so only the block hashes show how much of the image is there.</summary>
    public sealed class SlotDescriptor
    {
        /// <summary>Bytes at the start of an index region.</summary>
        public const int Length = 128;

        /// <summary>Longest version text, in characters.</summary>
        public const int MaxVersionLength = Manifest.MaxTextLength;

        private const string Magic = "NOSD";
        private const byte Format = 1;

        /// <summary>What the slot holds.</summary>
        public ImageKind Kind;

        /// <summary>Version of the release; for people only.</summary>
        public string Version;

        /// <summary>Sequence number of the release, 1 to 2^53 − 1.</summary>
        public long Sequence;

        /// <summary>Size of the plain image in bytes.</summary>
        public int ImageSize;

        /// <summary>SHA-256 of the plain image.</summary>
        public byte[] ImageDigest;

        /// <summary>SHA-256 of the block index file that follows the descriptor.</summary>
        public byte[] IndexDigest;

        /// <summary>Number of the schema that the release's settings have; 0 = not given.</summary>
        public int SettingsSchema;

        /// <summary>Writes the 128 bytes to the start of <paramref name="buffer"/>.</summary>
        public void WriteTo(byte[] buffer)
        {
            for (int i = 0; i < Length; i++) buffer[i] = 0;
            Bytes.PutMagic(buffer, Magic);
            buffer[4] = Format;
            buffer[5] = (byte)(int)Kind;
            buffer[6] = (byte)Version.Length;
            Bytes.PutU32(buffer, 8, (uint)ImageSize);
            Bytes.PutU32(buffer, 12, (uint)SettingsSchema);
            Bytes.PutLong(buffer, 16, Sequence);
            for (int i = 0; i < 32; i++)
            {
                buffer[24 + i] = ImageDigest[i];
                buffer[56 + i] = IndexDigest[i];
            }

            for (int i = 0; i < Version.Length; i++) buffer[88 + i] = (byte)Version[i];
            Bytes.PutU32(buffer, 124, Checksum.Crc32(buffer, 0, 124));
        }

        /// <summary>Reads the descriptor at the start of <paramref name="buffer"/>; null when there is no valid one.</summary>
        public static SlotDescriptor Read(byte[] buffer)
        {
            if (!IsValid(buffer)) return null;
            var descriptor = new SlotDescriptor
            {
                Kind = (ImageKind)(int)buffer[5],
                Version = Encoding.UTF8.GetString(buffer, 88, buffer[6]),
                ImageSize = Bytes.GetSize(buffer, 8),
                SettingsSchema = Bytes.GetSize(buffer, 12),
                Sequence = Bytes.GetLong(buffer, 16),
                ImageDigest = new byte[32],
                IndexDigest = new byte[32],
            };
            for (int i = 0; i < 32; i++)
            {
                descriptor.ImageDigest[i] = buffer[24 + i];
                descriptor.IndexDigest[i] = buffer[56 + i];
            }

            return descriptor;
        }

        /// <summary>That of the two with the higher sequence; either may be null.</summary>
        public static SlotDescriptor Newer(SlotDescriptor app, SlotDescriptor runtime)
        {
            if (app == null || runtime == null) return app ?? runtime;
            return runtime.Sequence > app.Sequence ? runtime : app;
        }

        /// <summary>The sequence in the descriptor at the start of <paramref name="buffer"/>; 0 when there is no valid one, or it is of
        /// another version. Allocates nothing.</summary>
        internal static long ReadSequence(byte[] buffer, string version)
        {
            if (!IsValid(buffer) || buffer[6] != version.Length) return 0;
            for (int i = 0; i < version.Length; i++)
                if (buffer[88 + i] != (byte)version[i]) return 0;
            return Bytes.GetLong(buffer, 16);
        }

        private static bool IsValid(byte[] buffer)
        {
            // The text before there is a string: on the device one ends at its first zero.
            return Bytes.HasMagic(buffer, 0, Magic) && buffer[4] == Format && Bytes.GetU32(buffer, 124) == Checksum.Crc32(buffer, 0, 124)
                && ManifestText.IsName(buffer, 88, buffer[6]);
        }
    }
}
