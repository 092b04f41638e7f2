using System.Buffers.Binary;
using System.Security.Cryptography;
using NanoOta.Boards;

namespace NanoOta.Tests.Releases;

/// <summary>ESP-IDF images that a chip would boot.</summary>
internal static class TestEspImage
{
    /// <summary>Offset of the first byte of the first segment.</summary>
    public const int Body = 32;

    public static byte[] Bootloader(Board board, int size = 5000, bool hashed = true) => Create(board, size, 0x00000050, hashed);

    public static byte[] Runtime(Board board, int size = 90_000, bool hashed = true, uint secureVersion = 0) =>
        Create(board, size, 0xABCD5432, hashed, secureVersion);

    /// <summary>An image of two segments of about <paramref name="size"/> bytes in all.</summary>
    private static byte[] Create(Board board, int size, uint descriptor, bool hashed, uint secureVersion = 0)
    {
        using var image = new MemoryStream();
        int flash = int.Log2(board.FlashSize >> 20);
        image.Write([0xE9, 2, 2, (byte)(flash << 4), 0, 0, 8, 0x40, 0xEE, 0, 0, 0, (byte)board.Chip.ImageId, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0]);
        image.WriteByte((byte)(hashed ? 1 : 0));
        byte checksum = 0xEF;
        byte[][] segments = [new byte[size / 8 * 4], new byte[size / 8 * 4]];
        foreach (var segment in segments)
        {
            new Random(7).NextBytes(segment);
            if (segment == segments[0]) BinaryPrimitives.WriteUInt32LittleEndian(segment, descriptor);
            if (segment == segments[0]) BinaryPrimitives.WriteUInt32LittleEndian(segment.AsSpan(4), secureVersion);
            image.Write([.. BitConverter.GetBytes(Address(board, segment == segments[0], (int)image.Length + 8))]);
            image.Write([.. BitConverter.GetBytes(segment.Length), .. segment]);
            checksum = segment.Aggregate(checksum, (sum, b) => (byte)(sum ^ b));
        }

        while (image.Length % 16 != 15) image.WriteByte(0);
        image.WriteByte(checksum);
        if (hashed) image.Write(SHA256.HashData(image.ToArray()));
        return image.ToArray();
    }

    // Of constants and of code in flash, which is mapped in pages of 64 KB.
    private static uint Address(Board board, bool isFirst, int offset)
    {
        var (constants, code) = board.Chip.Name == "esp32" ? (0x3F400000u, 0x400D0000u) : (0x3C000000u, 0x42000000u);
        return (isFirst ? constants : code) + (uint)offset % 0x10000;
    }
}
