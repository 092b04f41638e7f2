using System.Buffers.Binary;
using System.Security.Cryptography;

namespace NanoOta.Tests.Simulation;

/// <summary>A runtime (nanoCLR), and what it does when it starts.</summary>
internal sealed record SimRuntime(string Version, byte[] Image, byte[] Natives, RuntimeBehaviour Behaviour = RuntimeBehaviour.Good)
{
    private const int HeaderLength = 24, SegmentHeaderLength = 8;

    /// <summary>A good image for the chip of a simulated device, of about so many blocks, different for each seed.</summary>
    public static SimRuntime Make(string version, int blocks, int seed, RuntimeBehaviour behaviour = RuntimeBehaviour.Good,
        uint secureVersion = 0, byte chip = 0)
    {
        var content = new byte[(blocks * 4096 - 600) / 4 * 4];
        new Random(seed).NextBytes(content);
        return new SimRuntime(version, Build(content, secureVersion, chip), [1, 2, 3, 4], behaviour);
    }

    /// <summary>A fix of this runtime: most of its content is the same.</summary>
    public SimRuntime Fix(string version)
    {
        var content = Image[(HeaderLength + SegmentHeaderLength)..][..BinaryPrimitives.ReadInt32LittleEndian(Image.AsSpan(HeaderLength + 4))];
        new Random(version.Length).NextBytes(content.AsSpan(5000, 300));
        return this with { Version = version, Image = Build(content, 0, Image[12]) };
    }

    private static byte[] Build(byte[] content, uint secureVersion, byte chip)
    {
        BinaryPrimitives.WriteUInt32LittleEndian(content, 0xABCD5432);
        BinaryPrimitives.WriteUInt32LittleEndian(content.AsSpan(4), secureVersion);
        var image = new List<byte>
        {
            0xE9, 1, 2, 0x20, 0x20, 0, 0x0D, 0x40, 0xEE, 0, 0, 0, chip, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 1,
        };
        image.AddRange(BitConverter.GetBytes(chip == 0 ? 0x3F400020u : 0x3C000020u));
        image.AddRange(BitConverter.GetBytes(content.Length));
        image.AddRange(content);
        while (image.Count % 16 != 15) image.Add(0);
        image.Add(content.Aggregate((byte)0xEF, (sum, b) => (byte)(sum ^ b)));
        image.AddRange(SHA256.HashData([.. image]));
        return [.. image];
    }
}

/// <summary>What a runtime does.</summary>
internal enum RuntimeBehaviour
{
    Good,

    /// <summary>Panics before the native module runs.</summary>
    CrashesEarly,

    /// <summary>Panics after the native module has booted, before any app runs.</summary>
    Crashes,
}
