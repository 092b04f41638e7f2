using System.Security.Cryptography;

namespace NanoOta.Releases;

/// <summary>Block index files (SPEC.md, section 3) on the host.</summary>
public static class IndexFile
{
    /// <summary>Creates the index of an image.</summary>
    public static byte[] Create(byte[] image)
    {
        if (image.Length == 0) throw new ArgumentException("the image is empty; an index needs at least one block", nameof(image));
        var index = new byte[BlockIndex.FileLength(image.Length)];
        WriteHeader(index, image.Length);
        for (int block = 0; block < BlockIndex.BlockCount(image.Length); block++)
            SHA256.HashData(Block(image, block), index.AsSpan(HashOffset(block)));
        return index;
    }

    /// <summary>The image size in an index; 0 if the bytes are not an index file.</summary>
    public static int ImageSize(byte[] index)
    {
        if (index.Length < BlockIndex.HeaderLength) return 0;
        int size = Bytes.GetSize(index, 8);
        bool fits = size > 0 && index.Length == BlockIndex.FileLength(size);
        return fits && BlockIndex.CheckHeader(index, 0, size) == UpdateError.None ? size : 0;
    }

    /// <summary>Number of the first block of an image that does not match its hash in the index; −1 if all match. Both must have the same
    /// image size.</summary>
    public static int FirstBadBlock(byte[] index, byte[] image)
    {
        for (int block = 0; block < BlockIndex.BlockCount(image.Length); block++)
        {
            var hash = index.AsSpan(HashOffset(block), BlockIndex.HashLength);
            if (!hash.SequenceEqual(SHA256.HashData(Block(image, block)))) return block;
        }

        return -1;
    }

    // Format and algorithm are 1 (SPEC.md, section 3).
    private static void WriteHeader(byte[] index, int imageSize)
    {
        "NOIX\x01\x01"u8.CopyTo(index);
        Bytes.PutU16(index, 6, BlockIndex.BlockSize);
        Bytes.PutU32(index, 8, (uint)imageSize);
        Bytes.PutU32(index, 12, (uint)BlockIndex.BlockCount(imageSize));
    }

    private static int HashOffset(int block) => BlockIndex.HeaderLength + BlockIndex.HashLength * block;

    private static ReadOnlySpan<byte> Block(byte[] image, int block) =>
        image.AsSpan(block * BlockIndex.BlockSize, BlockIndex.BlockLength(image.Length, block));
}
