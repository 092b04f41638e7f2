using System.Buffers.Binary;
using System.Security.Cryptography;
using System.Text;
using NanoOta.Boards;

namespace NanoOta.VirtualDevice;

/// <summary>Builds the bytes of a <see cref="VirtualRuntime"/>: four segments where nanoCLR has its constants, data, interrupt code and
/// code, the checksum and the SHA-256.</summary>
internal sealed class VirtualRuntimeImage
{
    private const int SegmentCount = 4, ChecksumStart = 0xEF, ChecksumBlock = 16;
    private const int MaxData = 0x4000, MaxInterruptCode = 0x10000, Page = 0x10000;

    private readonly List<byte> bytes;
    private byte checksum = ChecksumStart;

    public VirtualRuntimeImage(VirtualRuntime runtime, Board board)
    {
        bytes = new List<byte>(runtime.Size);
        var memory = Memory.Of(board.Chip);
        AddHeader(memory, board);
        // What the headers, the padding with the checksum and the SHA-256 leave.
        int left = runtime.Size - EspImageReader.HeaderLength - SegmentCount * EspImageReader.SegmentHeaderLength - sizeof(uint) - SHA256.HashSizeInBytes;
        int constants = left / 4 / 4 * 4, data = Math.Min(left / 16 / 4 * 4, MaxData), interrupts = Math.Min(left / 16 / 4 * 4, MaxInterruptCode);
        var content = new VirtualCode(runtime.Seed, runtime.Version).Create(left);
        byte[] start = [.. Descriptor(runtime), .. runtime.Text()];
        if (start.Length > constants)
            throw new ArgumentException($"an image of {runtime.Size} bytes has no room for its native assemblies; make it larger", nameof(runtime));
        start.CopyTo(content, 0);
        int end = 0;
        foreach (var (address, length) in new[]
            {
                (memory.Constants, constants), (memory.Data, data), (memory.InterruptCode, interrupts), (memory.Code, left - constants - data - interrupts),
            })
            AddSegment(address, content[end..(end += length)]);
        while (bytes.Count % ChecksumBlock != ChecksumBlock - 1) bytes.Add(0);
        bytes.Add(checksum);
        bytes.AddRange(SHA256.HashData([.. bytes]));
        Bytes = [.. bytes];
    }

    public byte[] Bytes { get; }

    private void AddHeader(Memory memory, Board board)
    {
        byte flash = (byte)(int.Log2(board.FlashSize >> 20) << 4 | 0xF); // 80 MHz
        bytes.AddRange([EspImageReader.Magic, SegmentCount, 2, flash]);
        AddWord(memory.InterruptCode);
        bytes.AddRange([0xEE, 0, 0, 0, (byte)board.Chip.ImageId, 0, 0, 0, 0, 0xFF, 0xFF, 0, 0, 0, 0, 1]);
    }

    private void AddSegment(uint address, byte[] content)
    {
        // Flash is mapped in pages, so the address of what is used there ends as its offset does.
        bool isMapped = address % Page == 0;
        AddWord(isMapped ? address + (uint)((bytes.Count + EspImageReader.SegmentHeaderLength) % Page) : address);
        AddWord((uint)content.Length);
        bytes.AddRange(content);
        foreach (byte b in content) checksum ^= b;
    }

    private void AddWord(uint word) => bytes.AddRange(BitConverter.GetBytes(word));

    private static byte[] Descriptor(VirtualRuntime runtime)
    {
        if (runtime.Version.Length > 31 || !Ascii.IsValid(runtime.Version))
            throw new ArgumentException($"the version '{runtime.Version}'; give at most 31 ASCII characters", nameof(runtime));
        var descriptor = new byte[EspImages.DescriptorLength];
        BinaryPrimitives.WriteUInt32LittleEndian(descriptor, EspImageReader.DescriptorMagic);
        BinaryPrimitives.WriteUInt32LittleEndian(descriptor.AsSpan(4), runtime.SecureVersion);
        Encoding.ASCII.GetBytes(runtime.Version, descriptor.AsSpan(16));
        Encoding.ASCII.GetBytes(VirtualRuntime.Project, descriptor.AsSpan(48));
        return descriptor;
    }

    /// <summary>Where the segments of an application may lie. What is used from flash begins a page, what is loaded does not.</summary>
    private sealed record Memory(uint Constants, uint Data, uint InterruptCode, uint Code)
    {
        public static Memory Of(Chip chip) => chip.Name switch
        {
            "esp32" => new Memory(0x3F400000, 0x3FFB2000, 0x40080400, 0x400D0000),
            "esp32c3" => new Memory(0x3C100000, 0x3FC94000, 0x40380400, 0x42000000),
            "esp32s3" => new Memory(0x3C100000, 0x3FC98000, 0x40378400, 0x42000000),
            _ => throw new ArgumentException($"no memory map of the {chip.Name}", nameof(chip)),
        };
    }
}

/// <summary>Bytes with the statistics of code: words of which few are frequent, some of them with constants.</summary>
internal sealed class VirtualCode(int seed, string version)
{
    private const int Block = 4096, Words = 2048, ChangedPercent = 2, MaxShift = 64;

    private readonly uint[] dictionary = Dictionary(seed);
    private readonly int ofVersion = BinaryPrimitives.ReadInt32LittleEndian(SHA256.HashData(Encoding.UTF8.GetBytes(version)));

    /// <summary>The first <paramref name="length"/> bytes, a multiple of 4.</summary>
    public byte[] Create(int length)
    {
        var random = new Random(ofVersion);
        int shiftAt = random.Next(length / Block + 1), shift = random.Next(1, MaxShift) * sizeof(uint);
        var code = new byte[length + Block + MaxShift * sizeof(uint)];
        int end = 0;
        for (int block = 0; end < length; block++)
        {
            bool isChanged = random.Next(100) < ChangedPercent;
            if (block == shiftAt) end += Fill(code.AsSpan(end, shift), new Random(ofVersion));
            end += Fill(code.AsSpan(end, Block), new Random(HashCode(seed, block, isChanged ? ofVersion : 0)));
        }

        return code[..length];
    }

    private int Fill(Span<byte> target, Random random)
    {
        for (int at = 0; at < target.Length; at += sizeof(uint))
        {
            double frequent = random.NextDouble();
            uint word = dictionary[(int)(frequent * frequent * frequent * Words)];
            if (random.Next(4) == 0) word ^= (uint)random.Next(1 << 12) << 20;
            BinaryPrimitives.WriteUInt32LittleEndian(target[at..], word);
        }

        return target.Length;
    }

    private static uint[] Dictionary(int seed)
    {
        var random = new Random(seed);
        return [.. Enumerable.Range(0, Words).Select(_ => (uint)random.NextInt64(1L << 32))];
    }

    // The same in every process, unlike System.HashCode.
    private static int HashCode(int seed, int block, int version) => unchecked((seed * 31 + block) * 486187739 + version);
}
