using System.Buffers.Binary;
using System.Security.Cryptography;
using System.Text;

namespace NanoOta.VirtualDevice;

/// <summary>Builds small ESP-IDF images for the ESP32, good ones and ones with exactly one defect.</summary>
public static class EspImageBuilder
{
    /// <summary>Revision of the chip for which all images without a defect are good.</summary>
    public const int ChipRevision = 300;

    /// <summary>No image: erased flash.</summary>
    public const string Empty = "empty";

    private const int HeaderLength = 24;
    private const int SegmentHeaderLength = 8;
    private const int DescriptorLength = 256;
    private const int ShortSegment = 64;
    private const int Ram = 1, Code = 2;

    /// <summary>What <see cref="Build"/> makes, by the name of its defect; <c>valid</c> has none.</summary>
    public static IReadOnlyList<string> Kinds { get; } =
    [
        "valid", Empty, "no_hash", "half_written", "bad_magic", "bad_checksum", "bad_hash", "payload_flip", "payload_flip2",
        "no_hash_bad_checksum", "wrong_chip", "min_rev_high", "max_rev_low", "too_many_segments", "bad_desc_magic",
        "short_first_segment", "bad_load_addr", "misaligned_map", "too_long", "unaligned_segment",
    ];

    /// <summary>The bytes of an image of one of the <see cref="Kinds"/>; none for <see cref="Empty"/>.</summary>
    /// <param name="kind">Name of its defect.</param>
    /// <param name="secureVersion">secure_version of its descriptor.</param>
    public static byte[] Build(string kind, uint secureVersion = 0) => kind == Empty ? [] : new Image(kind, secureVersion).Bytes;

    private sealed class Image
    {
        private readonly List<byte> bytes = [];
        private readonly string kind;
        private byte checksum = 0xEF;

        public Image(string kind, uint secureVersion)
        {
            this.kind = kind;
            AddHeader();
            AddSegment(0, 0x3F400020, Descriptor(secureVersion));
            AddSegment(Ram, kind == "bad_load_addr" ? 0x20000000u : 0x3FFB0000u, Payload(128));
            AddSegment(Code, CodeAddress(), Payload(512));
            AddChecksum();
            if (!kind.StartsWith("no_hash", StringComparison.Ordinal)) bytes.AddRange(SHA256.HashData([.. bytes]));
            Bytes = Damage([.. bytes]);
        }

        public byte[] Bytes { get; }

        private void AddHeader()
        {
            bytes.AddRange([(byte)(kind == "bad_magic" ? 0xEA : 0xE9), (byte)(kind == "too_many_segments" ? 17 : 3), 2, 0x20]);
            AddWord(0x400D0020);
            bytes.AddRange([0xEE, 0, 0, 0, (byte)(kind == "wrong_chip" ? 5 : 0), 0, 0]);
            AddHalf(kind == "min_rev_high" ? ChipRevision + 1 : 0);
            AddHalf(kind == "max_rev_low" ? ChipRevision - 1 : 0xFFFF);
            bytes.AddRange([0, 0, 0, 0, (byte)(kind.StartsWith("no_hash", StringComparison.Ordinal) ? 0 : 1)]);
        }

        private byte[] Descriptor(uint secureVersion)
        {
            var descriptor = new byte[DescriptorLength];
            BinaryPrimitives.WriteUInt32LittleEndian(descriptor, kind == "bad_desc_magic" ? 0xABCD5433 : 0xABCD5432);
            BinaryPrimitives.WriteUInt32LittleEndian(descriptor.AsSpan(4), secureVersion);
            Encoding.ASCII.GetBytes("1.0.0").CopyTo(descriptor, 16);
            Encoding.ASCII.GetBytes("nanoCLR").CopyTo(descriptor, 48);
            return kind == "short_first_segment" ? descriptor[..ShortSegment] : descriptor;
        }

        // Code is mapped from flash in pages of 64 KB, so its address ends as its offset does.
        private uint CodeAddress() =>
            0x400D0000u + (uint)(bytes.Count + SegmentHeaderLength) + (kind == "misaligned_map" ? 0x100u : 0);

        private void AddSegment(int number, uint address, byte[] data)
        {
            AddWord(address);
            AddWord(number switch
            {
                Ram when kind == "unaligned_segment" => (uint)data.Length - 3,
                Code when kind == "too_long" => 0x20000,
                _ => (uint)data.Length,
            });
            bytes.AddRange(data);
            foreach (byte b in data) checksum ^= b;
        }

        private void AddChecksum()
        {
            while (bytes.Count % 16 != 15) bytes.Add(0);
            bytes.Add((byte)(kind.EndsWith("bad_checksum", StringComparison.Ordinal) ? checksum ^ 1 : checksum));
        }

        // Two equal flips leave the checksum right.
        private byte[] Damage(byte[] image)
        {
            int payload = HeaderLength + SegmentHeaderLength + DescriptorLength + SegmentHeaderLength;
            if (kind == "half_written") return image[..(image.Length / 2 / 4 * 4)];
            if (kind == "bad_hash") image[^1] ^= 1;
            if (kind is "payload_flip" or "payload_flip2") image[payload] ^= 1;
            if (kind == "payload_flip2") image[payload + 1] ^= 1;
            return image;
        }

        private static byte[] Payload(int length) => [.. Enumerable.Range(0, length).Select(i => (byte)(7 * i))];

        private void AddWord(uint value) => bytes.AddRange(BitConverter.GetBytes(value));

        private void AddHalf(int value) => bytes.AddRange(BitConverter.GetBytes((ushort)value));
    }
}
