using System.Security.Cryptography;
using System.Text;

namespace NanoOta.Tests.Support;

/// <summary>Test data, made on the spot.</summary>
internal static class TestImage
{
    /// <summary>An image of a few assemblies, about <paramref name="blocks"/> blocks long, different for each seed.</summary>
    public static byte[] Image(int blocks, int seed)
    {
        var random = new Random(seed);
        var image = new MemoryStream();
        int target = (blocks - 1) * BlockIndex.BlockSize + 1 + random.Next(BlockIndex.BlockSize - 600);
        while (image.Length < target)
        {
            int rest = target - (int)image.Length;
            image.Write(Assembly(Math.Max(AssemblyHeader.Length + 1, Math.Min(rest, 3000 + random.Next(9000))), random.Next()));
            image.SetLength(AssemblyHeader.Align((int)image.Length));
            image.Position = image.Length;
        }

        return image.ToArray();
    }

    /// <summary>One assembly of a total size: a right header, and bytes that mean nothing.</summary>
    public static byte[] Assembly(int size, int seed)
    {
        var bytes = new byte[size];
        new Random(seed).NextBytes(bytes.AsSpan(AssemblyHeader.Length));
        System.Text.Encoding.ASCII.GetBytes(AssemblyHeader.Marker).CopyTo(bytes, 0);
        Bytes.PutU16(bytes, AssemblyHeader.StringTableVersionOffset, AssemblyHeader.StringTableVersion);
        Bytes.PutU32(bytes, AssemblyHeader.TotalSizeOffset, (uint)size);
        Bytes.PutU32(bytes, AssemblyHeader.AssemblyCrcOffset,
            Checksum.AssemblyCrc(0, bytes, AssemblyHeader.Length, size - AssemblyHeader.Length));
        Bytes.PutU32(bytes, AssemblyHeader.HeaderCrcOffset, AssemblyHeader.ComputeHeaderCrc(bytes));
        return bytes;
    }

    /// <summary>The block index file of an image.</summary>
    public static byte[] Index(byte[] image)
    {
        var index = new byte[BlockIndex.FileLength(image.Length)];
        Encoding.ASCII.GetBytes("NOIX\x01\x01").CopyTo(index, 0);
        BitConverter.GetBytes((ushort)BlockIndex.BlockSize).CopyTo(index, 6);
        BitConverter.GetBytes(image.Length).CopyTo(index, 8);
        BitConverter.GetBytes(BlockIndex.BlockCount(image.Length)).CopyTo(index, 12);
        for (int i = 0; i < BlockIndex.BlockCount(image.Length); i++)
        {
            var block = image.AsSpan(i * BlockIndex.BlockSize, BlockIndex.BlockLength(image.Length, i));
            SHA256.HashData(block, index.AsSpan(BlockIndex.HeaderLength + i * BlockIndex.HashLength));
        }

        return index;
    }
}
