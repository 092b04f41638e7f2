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

    /// <summary>An image as a fix leaves it: one assembly is new, in another one bytes have changed, the rest has moved.</summary>
    public static byte[] Fixed(byte[] image, int newBytes, int seed)
    {
        var random = new Random(seed);
        int first = AssemblyHeader.Align(Bytes.GetSize(image, AssemblyHeader.TotalSizeOffset));
        byte[] second = image[first..(first + Bytes.GetSize(image, first + AssemblyHeader.TotalSizeOffset))];
        for (int at = AssemblyHeader.Length; at < second.Length; at += random.Next(1, 400)) second[at] += 3;
        Seal(second);
        byte[] added = Assembly(AssemblyHeader.Align(AssemblyHeader.Length + newBytes), seed);
        return [.. image[..first], .. added, .. second, .. image[(first + second.Length)..]];
    }

    /// <summary>One assembly of a total size: a right header, and bytes that mean nothing.</summary>
    public static byte[] Assembly(int size, int seed)
    {
        var bytes = new byte[size];
        new Random(seed).NextBytes(bytes.AsSpan(AssemblyHeader.Length));
        System.Text.Encoding.ASCII.GetBytes(AssemblyHeader.Marker).CopyTo(bytes, 0);
        Bytes.PutU16(bytes, AssemblyHeader.StringTableVersionOffset, AssemblyHeader.StringTableVersion);
        Bytes.PutU32(bytes, AssemblyHeader.TotalSizeOffset, (uint)size);
        Seal(bytes);
        return bytes;
    }

    private static void Seal(byte[] assembly)
    {
        Bytes.PutU32(assembly, AssemblyHeader.AssemblyCrcOffset,
            Checksum.AssemblyCrc(0, assembly, AssemblyHeader.Length, assembly.Length - AssemblyHeader.Length));
        Bytes.PutU32(assembly, AssemblyHeader.HeaderCrcOffset, AssemblyHeader.ComputeHeaderCrc(assembly));
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
