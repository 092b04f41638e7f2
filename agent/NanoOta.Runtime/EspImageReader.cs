namespace NanoOta
{
    /// <summary>
    /// Reads an ESP-IDF application image, and checks what the second-stage bootloader checks at every boot
    /// (docs/platform/boot.md, "Application images"), except for overlaps with the bootloader's own memory. Step by step, at most a block
    /// in each; allocates nothing but the texts of the descriptor and one digest. No other hash may come between.
    /// </summary>
    public sealed class EspImageReader
    {
        /// <summary>First byte of an image.</summary>
        public const byte Magic = 0xE9;

        /// <summary>Bytes of esp_image_header_t.</summary>
        public const int HeaderLength = 24;

        /// <summary>Bytes of esp_image_segment_header_t.</summary>
        public const int SegmentHeaderLength = 8;

        /// <summary>Bytes of the SHA-256 behind the checksum.</summary>
        public const int DigestLength = 32;

        /// <summary>Where the application descriptor, esp_app_desc_t, begins: with the first segment.</summary>
        public const int DescriptorOffset = HeaderLength + SegmentHeaderLength;

        /// <summary>First word of the descriptor.</summary>
        public const uint DescriptorMagic = 0xABCD5432u;

        private const int MaxSegments = 16, MaxSegmentLength = 0x1000000, Page = 0x10000, ChecksumStart = 0xEF, NoMaxRevision = 0xFFFF;
        private const int DescriptorLength = 256, TextLength = 32;

        private readonly IFlash flash;
        private readonly FlashArea area;
        private readonly ICrypto crypto;
        private readonly byte[] block;
        private int chip, revision, room, position, segments, left, checksum;
        private int unloadable;
        private bool isSummed;

        /// <summary>A reader of images in one area.</summary>
        /// <param name="flash">What it reads.</param>
        /// <param name="area">The image begins where the area begins.</param>
        /// <param name="crypto">Computes the SHA-256.</param>
        /// <param name="block">Overwritten; 256 bytes or more. Its length is the most that a step reads.</param>
        public EspImageReader(IFlash flash, FlashArea area, ICrypto crypto, byte[] block)
        {
            this.flash = flash;
            this.area = area;
            this.crypto = crypto;
            this.block = block;
        }

        /// <summary>The first field at fault, once a step has returned true.</summary>
        public EspImageFault Fault { get; private set; }

        /// <summary>Segments whose headers were good so far; of a fault of a segment, its number.</summary>
        public int Segment { get; private set; }

        /// <summary>chip_id of the header.</summary>
        public int ChipId { get; private set; }

        /// <summary>min_chip_rev_full: major × 100 + minor of the oldest chip.</summary>
        public int MinRevision { get; private set; }

        /// <summary>max_chip_rev_full: the same of the newest chip; 0 or 65535 = no limit.</summary>
        public int MaxRevision { get; private set; }

        /// <summary>Whether a SHA-256 follows the checksum.</summary>
        public bool IsHashed { get; private set; }

        /// <summary>Bytes of the whole image, if there is no fault; what lies behind is ignored.</summary>
        public int Length => position;

        /// <summary>Whether the first segment begins with an application descriptor. Bootloaders have none; only with anti-rollback does
        /// the bootloader require it.</summary>
        public bool HasDescriptor { get; private set; }

        /// <summary>secure_version of the descriptor.</summary>
        public uint SecureVersion { get; private set; }

        /// <summary>Version of the descriptor; empty without one.</summary>
        public string Version { get; private set; }

        /// <summary>Project name of the descriptor; empty without one.</summary>
        public string Project { get; private set; }

        /// <summary>Begins at the start of the area.</summary>
        /// <param name="room">Bytes of the partition or file.</param>
        /// <param name="chip">chip_id of the chip that is to boot it; −1: every chip is good, and addresses are not checked.</param>
        /// <param name="revision">Revision of that chip, major × 100 + minor; −1: not known, and not checked.</param>
        public void Begin(int room, int chip, int revision)
        {
            this.room = room;
            this.chip = chip;
            this.revision = revision;
            position = left = segments = Segment = 0;
            checksum = ChecksumStart;
            unloadable = -1;
            isSummed = IsHashed = HasDescriptor = false;
            SecureVersion = 0u;
            Version = Project = "";
            Fault = EspImageFault.None;
            crypto.HashStart();
        }

        /// <summary>Reads the next part; true when nothing is left to read.</summary>
        public bool Step()
        {
            if (position == 0) Fault = ReadHeader();
            else if (left > 0) Fault = ReadData();
            else if (Segment < segments) Fault = ReadSegmentHeader();
            else if (!isSummed) Fault = ReadChecksum();
            else return End();
            return Fault != EspImageFault.None;
        }

        private EspImageFault ReadHeader()
        {
            if (room < HeaderLength) return EspImageFault.Magic;
            if (!Take(HeaderLength)) return EspImageFault.Unreadable;
            if (block[0] != Magic) return EspImageFault.Magic;
            segments = block[1];
            ChipId = Bytes.GetU16(block, 12);
            MinRevision = Bytes.GetU16(block, 15);
            MaxRevision = Bytes.GetU16(block, 17);
            IsHashed = block[23] == 1;
            if (chip >= 0 && ChipId != chip) return EspImageFault.ChipId;
            if (revision >= 0 && revision < MinRevision) return EspImageFault.MinRevision;
            if (revision > MaxRevision && MaxRevision != 0 && MaxRevision != NoMaxRevision) return EspImageFault.MaxRevision;
            if (segments < 1 || segments > MaxSegments) return EspImageFault.SegmentCount;
            return block[23] > 1 ? EspImageFault.HashAppended : EspImageFault.None;
        }

        private EspImageFault ReadSegmentHeader()
        {
            if (room - position < SegmentHeaderLength) return EspImageFault.Length;
            if (!Take(SegmentHeaderLength)) return EspImageFault.Unreadable;
            uint address = Bytes.GetU32(block, 0);
            left = Bytes.GetSize(block, 4);
            if (left < 0 || left >= MaxSegmentLength || left % 4 != 0) return EspImageFault.SegmentLength;
            bool isMapped = EspMemory.IsMapped(chip, address);
            // Flash is mapped in pages of 64 KB, and a partition begins with one.
            if (isMapped && position % Page != Bytes.GetU16(block, 0)) return EspImageFault.MapAddress;
            if (left > room - position) return EspImageFault.Length;
            if (!isMapped && left > 0 && unloadable < 0 && !EspMemory.HasRam(chip, address, address + Bytes.GetU32(block, 4) - 1u))
                unloadable = Segment;
            Segment++;
            return EspImageFault.None;
        }

        private EspImageFault ReadData()
        {
            bool isStart = position == DescriptorOffset;
            int count = left < block.Length ? left : block.Length;
            if (!Take(count)) return EspImageFault.Unreadable;
            if (isStart) ReadDescriptor(count);
            int sum = checksum;
            for (int i = 0; i < count; i++) sum ^= block[i];
            checksum = sum;
            left -= count;
            return EspImageFault.None;
        }

        private void ReadDescriptor(int count)
        {
            HasDescriptor = count >= 8 && Bytes.GetU32(block, 0) == DescriptorMagic;
            if (!HasDescriptor || count < DescriptorLength) return;
            SecureVersion = Bytes.GetU32(block, 4);
            Version = ReadText(16);
            Project = ReadText(48);
        }

        // Ends with a zero, unless it fills the field. Other bytes than printable ASCII would disturb consoles and messages.
        private string ReadText(int offset)
        {
            int length = 0;
            while (length < TextLength && block[offset + length] != 0) length++;
            var text = new char[length];
            for (int i = 0; i < length; i++)
            {
                byte b = block[offset + i];
                text[i] = b >= 0x20 && b < 0x7F ? (char)b : '?';
            }

            return new string(text);
        }

        // Zeros up to the last byte of a block of 16, which is the checksum. Padding, address and all else is under the hash.
        private EspImageFault ReadChecksum()
        {
            int count = 16 - position % 16;
            if (room - position < count) return EspImageFault.Length;
            if (!Take(count)) return EspImageFault.Unreadable;
            isSummed = true;
            return block[count - 1] == checksum ? EspImageFault.None : EspImageFault.Checksum;
        }

        private bool End()
        {
            Fault = IsHashed ? ReadDigest() : EspImageFault.None;
            if (Fault != EspImageFault.None || unloadable < 0) return true;
            Segment = unloadable;
            Fault = EspImageFault.LoadAddress;
            return true;
        }

        private EspImageFault ReadDigest()
        {
            var digest = new byte[DigestLength];
            if (room - position < DigestLength) return EspImageFault.Length;
            if (!crypto.HashFinish(digest) || !flash.Read(area, position, block, 0, DigestLength)) return EspImageFault.Unreadable;
            position += DigestLength;
            return Bytes.Same(block, 0, digest, 0, DigestLength) ? EspImageFault.None : EspImageFault.Sha256;
        }

        private bool Take(int count)
        {
            if (!flash.Read(area, position, block, 0, count)) return false;
            crypto.HashBytes(block, 0, count);
            position += count;
            return true;
        }
    }
}
