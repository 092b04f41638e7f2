namespace NanoOta.VirtualDevice;

/// <summary>The memory of a chip that survives a reset but not a loss of power (SPEC.md, section 5.4). Initially it is not valid.</summary>
public sealed class RetainedMemory
{
    /// <summary>Bytes.</summary>
    public const int Length = 24;

    private const int CrcOffset = 20;

    private readonly byte[] content = new byte[Length];

    /// <summary>The raw bytes; of another program if magic or CRC are wrong.</summary>
    public Span<byte> Content => content;

    /// <summary>The decoded content. If magic or CRC are wrong: zero, with one silent start, because a boot writes it before any firmware
    /// runs.</summary>
    public Retained Load()
    {
        if (!content.AsSpan(0, 4).SequenceEqual("NORM"u8)) return new Retained { Silent = 1 };
        if (Bytes.GetU32(content, CrcOffset) != Checksum.Crc32(content, 0, CrcOffset)) return new Retained { Silent = 1 };
        return new Retained
        {
            Fingerprint = Bytes.GetU32(content, 4),
            Crashes = content[8],
            IsSleepPlanned = content[9] == 1,
            Hangs = content[10],
            Silent = content[11],
            TrialMs = Bytes.GetU32(content, 12),
            Kept = Bytes.GetU32(content, 16),
        };
    }

    /// <summary>Writes it; atomic with respect to resets.</summary>
    public void Save(Retained retained)
    {
        content.AsSpan().Clear();
        "NORM"u8.CopyTo(content);
        Bytes.PutU32(content, 4, retained.Fingerprint);
        content[8] = retained.Crashes;
        content[9] = retained.IsSleepPlanned ? (byte)1 : (byte)0;
        content[10] = retained.Hangs;
        content[11] = retained.Silent;
        Bytes.PutU32(content, 12, retained.TrialMs);
        Bytes.PutU32(content, 16, retained.Kept);
        Bytes.PutU32(content, CrcOffset, Checksum.Crc32(content, 0, CrcOffset));
    }

    /// <summary>Loses the content with the power.</summary>
    public void LosePower() => content.AsSpan().Clear();
}

/// <summary>The content of <see cref="RetainedMemory"/>.</summary>
public sealed record Retained
{
    /// <summary><see cref="BootImage.Fingerprint"/> of the slot of the crashes and hangs.</summary>
    public uint Fingerprint { get; init; }

    /// <summary>Crashes of firmware that is not on trial, soon after its start; stays at 255.</summary>
    public byte Crashes { get; init; }

    /// <summary>The same for resets by the RTC watchdog.</summary>
    public byte Hangs { get; init; }

    /// <summary>Starts in a row, including the last one, without a call of the firmware; 0 = it called, or unknown.</summary>
    public byte Silent { get; init; }

    /// <summary>Crashes and hangs.</summary>
    public int Failures => Crashes + Hangs;

    /// <summary>Whether the firmware planned the following deep sleep.</summary>
    public bool IsSleepPlanned { get; init; }

    /// <summary>Milliseconds of this trial in the boots before the planned sleep.</summary>
    public uint TrialMs { get; init; }

    /// <summary>Number of the firmware that survives the planned sleep.</summary>
    public uint Kept { get; init; }
}
