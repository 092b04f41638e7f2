using System.Security.Cryptography;
using NanoOta.Releases.Packing;
using NanoOta.Tests.Releases;

namespace NanoOta.Tests.Packed;

/// <summary>Images to pack, and a device that unpacks them.</summary>
internal static class PackedImage
{
    /// <summary>The core library with a constant added to 16-bit fields in one part, as a new table row does it.</summary>
    public static byte[] ChangedCore()
    {
        byte[] image = RealCore.Pe;
        for (int i = 6000; i < 9000; i += 6)
        {
            int value = Bytes.GetU16(image, i) + 3;
            Bytes.PutU16(image, i, value & 0xFFFF);
        }

        for (int i = 20000; i < 20040; i++) image[i] = (byte)(i * 37);
        return image;
    }

    /// <summary>The core library as a fix leaves it: bytes inserted, and indices behind them that grew here and there.</summary>
    public static byte[] FixedCore()
    {
        byte[] image = [.. RealCore.Pe[..5000], .. Noise(24, 3), .. RealCore.Pe[5000..]];
        var random = new Random(4);
        for (int i = 6000; i < 16_000; i += random.Next(1, 90)) image[i]++;
        return image;
    }

    public static byte[] Noise(int count, int seed)
    {
        var bytes = new byte[count];
        new Random(seed).NextBytes(bytes);
        return bytes;
    }

    private static readonly Lazy<byte[]> Patch = new(() => Pack(ChangedCore(), RealCore.Pe));

    /// <summary><see cref="ChangedCore"/> packed with the core library as its base.</summary>
    public static byte[] ChangedCorePatch() => (byte[])Patch.Value.Clone();

    public static byte[] Pack(byte[] image, byte[] source) => PackedFile.Create(image, source).Bytes;

    /// <summary>Unpacks as a device does it; with or without the check of each segment's SHA-256.</summary>
    public static (UpdateError Error, byte[] Image) Unpack(byte[] file, byte[] source, int imageSize, bool checksCode = true,
        ImageKind kind = ImageKind.App)
    {
        var flash = new StrictFlash(source, imageSize, file, kind);
        return (Unpack(flash, file, source.Length, checksCode, kind), flash.Output);
    }

    public static UpdateError Unpack(StrictFlash flash, byte[] file, int baseSize, bool checksCode, ImageKind kind = ImageKind.App)
    {
        if (file.Length < PackedTable.HeaderLength) return UpdateError.IndexCorrupt;
        var table = new PackedTable(flash, kind == ImageKind.App ? FlashArea.InactiveIndex : FlashArea.InactiveRuntimeIndex, 0, kind);
        var error = table.Open(flash.Output.Length, baseSize);
        var decoder = new PackedDecoder(flash, kind);
        var block = new byte[BlockIndex.BlockSize];
        while (error == UpdateError.None && !table.IsAtEnd)
        {
            error = table.Next();
            if (error != UpdateError.None) break;
            if (table.CodeOffset > file.Length - table.CodeLength) return UpdateError.WrongLength;
            var code = file.AsSpan(table.CodeOffset, table.CodeLength);
            if (checksCode && !table.HasCode(SHA256.HashData(code))) return UpdateError.BlockCorrupt;
            code.CopyTo(decoder.Code);
            error = decoder.Begin(table);
            while (error == UpdateError.None && !decoder.IsDone)
            {
                int number = decoder.Block;
                error = decoder.Step(block);
                int length = BlockIndex.BlockLength(table.ImageSize, number);
                if (error == UpdateError.None) flash.Take(block, number * BlockIndex.BlockSize, length);
            }
        }

        return error;
    }
}
