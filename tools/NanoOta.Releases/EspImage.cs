using System.Buffers.Binary;
using System.Security.Cryptography;
using NanoOta.Boards;

namespace NanoOta.Releases;

/// <summary>ESP-IDF images: bootloader and runtime. Applies the checks of the chip before the image is flashed: a wrong image resets the
/// board in an endless loop.</summary>
public sealed class EspImage
{
    // esp_image_header_t and esp_image_segment_header_t of ESP-IDF.
    private const int HeaderLength = 24;
    private const int SegmentHeaderLength = 8;
    private const byte Magic = 0xE9;
    private const int MaxSegments = 16;
    private const int MaxSegmentLength = 16 << 20;
    private const byte ChecksumStart = 0xEF;

    // esp_app_desc_t starts the first segment of an application; a bootloader has other data there, or none.
    private const uint AppDescriptorMagic = 0xABCD5432;

    private readonly byte[] bytes;
    private readonly string source;

    private EspImage(byte[] bytes, string source) => (this.bytes, this.source) = (bytes, source);

    /// <summary>Checks a second-stage bootloader for a board.</summary>
    /// <exception cref="ReleaseException">The board would not boot it; the message names <paramref name="source"/>.</exception>
    public static void CheckBootloader(byte[] bytes, string source, Board board)
    {
        var image = new EspImage(bytes, source);
        image.CheckContent(board);
        if (image.IsApplication) throw image.Wrong("is an application, not a bootloader; exchange --bootloader and --clr if swapped");
        image.CheckRoom(PartitionBinary.Offset - board.Chip.BootloaderOffset, "the space before the partition table");
    }

    /// <summary>Checks a runtime (nanoCLR) for a board.</summary>
    /// <exception cref="ReleaseException">The board would not boot it; the message names <paramref name="source"/>.</exception>
    public static void CheckRuntime(byte[] bytes, string source, Board board)
    {
        var image = new EspImage(bytes, source);
        image.CheckContent(board);
        if (!image.IsApplication) throw image.Wrong("has no application descriptor, so it is not a nanoCLR; give nanoCLR.bin");
        image.CheckRoom(board.Partitions.Runtime.Size, $"the partition '{board.Partitions.Runtime.Name}' of {board.Id}");
    }

    private bool IsApplication => Word(HeaderLength + SegmentHeaderLength) == AppDescriptorMagic;

    private void CheckContent(Board board)
    {
        if (bytes.Length < HeaderLength || bytes[0] != Magic)
            throw Wrong($"is not an ESP-IDF image (at least {HeaderLength} bytes, the first one 0x{Magic:X2}); give the built .bin");
        CheckTarget(board);
        int checksumAt = FindChecksum(out byte checksum);
        if (bytes[checksumAt] != checksum) throw Damaged("its checksum is wrong");
        if (bytes[23] is var hashed and > 1) throw Damaged($"hash_appended is {hashed}; it must be 0 or 1");
        if (bytes[23] == 0) return;
        var body = bytes.AsSpan(0, checksumAt + 1);
        if (bytes.Length < body.Length + SHA256.HashSizeInBytes) throw Damaged("it ends within its SHA-256");
        if (!SHA256.HashData(body).AsSpan().SequenceEqual(bytes.AsSpan(body.Length, SHA256.HashSizeInBytes)))
            throw Damaged("its SHA-256 is wrong");
    }

    private void CheckTarget(Board board)
    {
        int chipId = BinaryPrimitives.ReadUInt16LittleEndian(bytes.AsSpan(12));
        if (chipId != board.Chip.ImageId)
        {
            var name = Chip.All.FirstOrDefault(chip => chip.ImageId == chipId)?.Name ?? $"the chip with id {chipId}";
            throw Wrong($"is for {name}, but {board.Id} has the {board.Chip.Name}; build it for that chip");
        }

        // Size 0 is 1 MB, each increment doubles it. With a smaller size than the table's, the bootloader rejects the table; with
        // a larger one than the chip's, the runtime stops at its start.
        int flashSize = 1 << 20 << (bytes[3] >> 4);
        if (flashSize != board.FlashSize)
            throw Wrong($"is built for {Megabytes(flashSize)} of flash, but {board.Id} has {Megabytes(board.FlashSize)}; "
                + $"set CONFIG_ESPTOOLPY_FLASHSIZE_{board.FlashSize >> 20}MB and build it again");
    }

    /// <summary>Offset of the checksum over all segments, and its expected value.</summary>
    private int FindChecksum(out byte checksum)
    {
        checksum = ChecksumStart;
        if (bytes[1] is var count and (0 or > MaxSegments)) throw Damaged($"it has {count} segments; 1 to {MaxSegments} are allowed");
        int offset = HeaderLength;
        for (int i = 0; i < bytes[1]; i++)
        {
            if (bytes.Length - offset < SegmentHeaderLength) throw Damaged($"it ends within the header of segment {i}");
            uint length = Word(offset + 4);
            offset += SegmentHeaderLength;
            if (length % 4 != 0 || length >= MaxSegmentLength) throw Damaged($"segment {i} has the invalid length {length}");
            if (length > bytes.Length - offset) throw Damaged($"it ends within segment {i}");
            foreach (byte b in bytes.AsSpan(offset, (int)length)) checksum ^= b;
            offset += (int)length;
        }

        // It is the last byte of a block of 16, after padding.
        int at = offset | 15;
        return at < bytes.Length ? at : throw Damaged("it ends before its checksum");
    }

    private void CheckRoom(int room, string place)
    {
        if (bytes.Length > room) throw Wrong($"has {bytes.Length} bytes, but {place} has only {room}; remove components");
    }

    private uint Word(int offset) =>
        bytes.Length < offset + 4 ? 0 : BinaryPrimitives.ReadUInt32LittleEndian(bytes.AsSpan(offset));

    private static string Megabytes(int size) => $"{size >> 20} MB";

    private ReleaseException Damaged(string how) => Wrong($"is damaged: {how}; build or download it again");

    private ReleaseException Wrong(string what) => new($"{source}: {what}");
}
