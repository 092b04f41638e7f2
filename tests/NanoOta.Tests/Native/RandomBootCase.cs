using NanoOta.Tests.VirtualDevice;
using NanoOta.VirtualDevice;

namespace NanoOta.Tests.Native;

/// <summary>Makes boot cases: mostly likely ones, and every way in which they can be odd.</summary>
internal sealed class RandomBootCase(Random random)
{
    private static readonly uint[] Sequences = [0, 1, 2, 6, 7, 8, 0x80000000, uint.MaxValue - 1, uint.MaxValue];
    private static readonly int[] OddResets = [-1, 16, 17, 255, int.MinValue, int.MaxValue];
    private static readonly uint[] Sizes =
        [0, 123, 124, 125, 0x2000, 0x2001, int.MaxValue, 0x80000000, uint.MaxValue];
    private static readonly int[] AssemblySizes = [124, 125, 200, 203, 299, 300, 700, 3672, 3848, 3972, 3973, 4092, 4096, 8192];
    private static readonly string[] Calls =
        ["a", "a", "c", "c", "r6004", "r6013", "r1", "r65535", "r0", "r-1", "r65536", "r-2147483648"];
    private static readonly int[] Offsets =
        [0, 0, 0, 4, 64, 4032, 4092, 4096, 8128, 8192, 0x5FC0, 0x6000, 1, -1, -4096, int.MinValue, int.MaxValue];
    private static readonly int[] Counts = [4, 4, 5, 63, 64, 60, 1, 0, 65, -1, int.MinValue, int.MaxValue];

    private static readonly uint[] Times = [0, 0, 1, 999, 1000, 418_999, 419_000, 420_000, uint.MaxValue];
    private static readonly string[] LaterCalls =
        [
            "f", "u300", "u0", "u3600", "u3601", "u-1", "s0", "s1000:5:0",
            "s60000:77:999", "s1:0:419000", "s5:2147483647:-1", "s-1", "s0:-1:0",
            "l", "l", "p", "p", "o",
        ];

    private string[] known = [];

    /// <summary>The images recorded in the next case are not always those in the slots.</summary>
    public BootCase Next()
    {
        known = [Image(), Image()];
        bool hasRuntimes = OneIn(2);
        int reset = OneIn(10) ? Any(OddResets) : OneIn(4) ? Any(4, 6, 8) : random.Next(16);
        return new BootCase(
            Copy(), Copy(), Slot(known[0]), Slot(known[1]), reset, hasRuntimes ? random.Next(2) : Any(0, 0, 0, 1, 3, 255),
            OneIn(6) ? random.Next(4) : 0, SomeCalls(), Memory(),
            hasRuntimes ? new RuntimeCase(OtaRecord(), OtaRecord(), Any(0, 1, 2, 3, 3, 3)) : null);
    }

    private string OtaRecord()
    {
        if (OneIn(6)) return "-";
        var record = NanoOta.VirtualDevice.OtaRecord.Of(Any(1u, 1u, 2u, 2u, 3u, 4u, 0u, 0xFFFFFFFDu, 0xFFFFFFFEu),
            (OtaState)Any(0u, 1u, 1u, 2u, 2u, 2u, 3u, 4u, 5u, 0xFFFFFFFFu)).Encode();
        return Hex(OneIn(10) ? FlipBit(record) : record);
    }

    /// <summary>Memory with a count near the limit, of a known slot or another, with or without a planned sleep; or none.</summary>
    private string Memory()
    {
        var memory = new RetainedMemory();
        memory.Save(new Retained
        {
            Fingerprint = Fingerprint(random.Next(2)),
            Crashes = OneIn(4) ? (byte)random.Next(256) : (byte)Any(0, 1, 3, 4, 4, 4, 5, 254, 255),
            Hangs = (byte)Any(0, 0, 0, 1, 4, 5, 255),
            IsSleepPlanned = OneIn(2),
            TrialMs = OneIn(4) ? (uint)random.NextInt64(1L << 32) : Any(Times),
            Silent = (byte)Any(0, 0, 0, 1, 1, 5, 6, 255),
            Kept = OneIn(4) ? (uint)random.NextInt64(1L << 32) : Any(0u, 1u, 77u),
        });
        var bytes = memory.Content.ToArray();
        if (OneIn(16)) return Hex(Bytes(RetainedMemory.Length));
        if (OneIn(16)) return Hex(FlipBit(bytes));
        if (OneIn(16)) return Hex(WithMemoryCrc(Overwrite(bytes, random.Next(20), random.Next(256))));
        return OneIn(8) ? "-" : Hex(bytes);
    }

    private static byte[] WithMemoryCrc(byte[] memory)
    {
        NanoOta.Bytes.PutU32(memory, 20, Checksum.Crc32(memory, 0, 20));
        return memory;
    }

    private string Copy()
    {
        var record = Record();
        var text = random.Next(12) switch
        {
            0 => "-",
            1 => Hex(WithCrc(Overwrite(record, 4 + random.Next(4), Any(0, 1, 2, 3, 4, 5, 128, 255)))),
            2 => Hex(WithCrc(Overwrite(record, 4 + random.Next(24), random.Next(256)))),
            3 => Hex(FlipBit(record)),
            4 => Hex(record[..(1 + random.Next(31))]),
            5 => Hex(Bytes(random.Next(1, 80))),
            6 => Hex(record) + Hex(Bytes(random.Next(1, 80))),
            _ => Hex(record),
        };
        return text != "-" && OneIn(10) ? text + "@" : text;
    }

    private byte[] Record()
    {
        var record = new byte[32];
        "NOBR"u8.CopyTo(record);
        record[4] = 1;
        record[5] = (byte)random.Next(2);
        record[6] = (byte)Any(1, 1, 2, 2, 2, 3);
        record[7] = OneIn(16) ? record[5] : (byte)(1 - record[5]);
        NanoOta.Bytes.PutU32(record, 8, OneIn(8) ? (uint)random.NextInt64(1L << 32) : Any(Sequences));
        record[12] = OneIn(4) ? (byte)random.Next(256) : (byte)Any(0, 1, 1, 2, 3, 254, 255);
        record[13] = OneIn(4) ? (byte)random.Next(256) : (byte)Any(0, 0, 1, 3, 4, 5, 6, 255);
        record[14] = (byte)Any(255, 255, 255, 0, 0, 1, 1, 3);
        record[18] = (byte)(OneIn(16) ? 2 : OneIn(3) ? 1 : 0);
        record[15] = (byte)(OneIn(16) ? random.Next(256) : OneIn(4) ? Any(1, 2) : 0);
        random.NextBytes(record.AsSpan(16, OneIn(3) ? 2 : 0));
        NanoOta.Bytes.PutU32(record, 20, Fingerprint(record[5]));
        NanoOta.Bytes.PutU32(record, 24, Fingerprint(record[7]));
        return WithCrc(record);
    }

    private uint Fingerprint(int slot) => random.Next(12) switch
    {
        0 => 0,
        1 => (uint)random.NextInt64(1L << 32),
        _ => SlotText.Fingerprint(known[slot]),
    };

    private string Image()
    {
        var text = "";
        int room = TestFlash.Map.SlotSize;
        for (int left = random.Next(1, 4), size; left > 0 && (size = Any(AssemblySizes)) <= room; left--)
        {
            text += $"n{size}:{random.Next(3)}";
            room -= AssemblyHeader.Align(size);
        }

        return text == "" ? "n124:0" : text;
    }

    /// <summary>The known image, another one, one longer or shorter, or one of these with a wrong byte.</summary>
    private string Slot(string image)
    {
        if (OneIn(4)) return OddSlot();
        var text = random.Next(8) switch
        {
            0 => image[..Math.Max(image.LastIndexOf('n'), image.IndexOf(':') + 2)],
            1 when image.Length < 12 && !image.Contains("8192") => image + "n124:7",
            2 or 3 => Image(),
            _ => image,
        };
        return OneIn(4) ? $"{text}x{random.Next(TestFlash.Map.SlotSize)}:{random.Next(256)}"
            : OneIn(8) ? $"{text}x{random.Next(600)}:{random.Next(256)}"
            : text;
    }

    private string OddSlot()
    {
        var header = VirtualAssembly.Wrap([1, 2, 3, 4])[..AssemblyHeader.Length];
        return random.Next(16) switch
        {
            0 or 1 => "-",
            2 => Hex(WithHeaderCrc(WithSize(header, Any(Sizes)))),
            3 => Hex(FlipBit(header)),
            4 => Hex(WithHeaderCrc(Overwrite(header, random.Next(8), random.Next(256)))),
            5 => Hex(Bytes(124)),
            6 => Hex(WithHeaderCrc(header)) + "@",
            _ => "+",
        };
    }

    private string SomeCalls()
    {
        int count = random.Next(6);
        return count == 0 ? "-" : string.Join(',', Enumerable.Range(0, count).Select(_ => Call()));
    }

    private string Call()
    {
        int area = OneIn(8) ? Any(-1, 10, int.MinValue, int.MaxValue) : random.Next(10);
        int start = Any(0, 0, 0, 0, 1, 4, 63, 64, 65, -1, int.MinValue, int.MaxValue);
        return random.Next(7) switch
        {
            6 => Any(LaterCalls),
            0 => $"e{area}:{Any(Offsets)}",
            1 => $"w{area}:{Any(Offsets)}:{start}:{Any(Counts)}",
            2 => $"g{area}:{Any(Offsets)}:{start}:{Any(Counts)}",
            _ => Any(Calls),
        };
    }

    private byte[] FlipBit(byte[] bytes) => Overwrite(bytes, random.Next(bytes.Length), null);

    private byte[] Overwrite(byte[] bytes, int at, int? value)
    {
        bytes[at] = (byte)(value ?? bytes[at] ^ 1 << random.Next(8));
        return bytes;
    }

    private byte[] Bytes(int count)
    {
        var bytes = new byte[count];
        random.NextBytes(bytes);
        return bytes;
    }

    private static byte[] WithCrc(byte[] record)
    {
        NanoOta.Bytes.PutU32(record, 28, Checksum.Crc32(record, 0, 28));
        return record;
    }

    private static byte[] WithSize(byte[] header, uint size)
    {
        NanoOta.Bytes.PutU32(header, AssemblyHeader.TotalSizeOffset, size);
        return header;
    }

    private static byte[] WithHeaderCrc(byte[] header)
    {
        NanoOta.Bytes.PutU32(header, AssemblyHeader.HeaderCrcOffset, AssemblyHeader.ComputeHeaderCrc(header));
        return header;
    }

    private static string Hex(byte[] bytes) => Convert.ToHexString(bytes);

    private bool OneIn(int cases) => random.Next(cases) == 0;

    private T Any<T>(params T[] values) => values[random.Next(values.Length)];
}
