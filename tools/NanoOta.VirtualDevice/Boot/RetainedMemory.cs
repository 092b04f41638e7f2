namespace NanoOta.VirtualDevice;

/// <summary>
/// The memory of a chip that a reset keeps and a loss of power does not (SPEC.md, section 5.4). It belongs to the board; a
/// new one holds nothing.
/// </summary>
public sealed class RetainedMemory
{
    /// <summary>Bytes.</summary>
    public const int Length = 24;

    private const int CrcOffset = 20;

    private readonly byte[] content = new byte[Length];

    /// <summary>The bytes as they are; those of another program if magic or CRC are wrong.</summary>
    public Span<byte> Content => content;

    /// <summary>
    /// What it holds; all zero but one silent start when magic or CRC are wrong: a boot writes it before any firmware runs.
    /// </summary>
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

    /// <summary>Writes it; no reset comes between its bytes.</summary>
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

    /// <summary>Power is lost, and what was here with it.</summary>
    public void LosePower() => content.AsSpan().Clear();
}

/// <summary>What <see cref="RetainedMemory"/> holds.</summary>
public sealed record Retained
{
    /// <summary><see cref="BootImage.Fingerprint"/> of the slot that crashes and hangs are of.</summary>
    public uint Fingerprint { get; init; }

    /// <summary>Crashes of firmware that is not on trial, soon after its start; stays at 255.</summary>
    public byte Crashes { get; init; }

    /// <summary>The same of those that the RTC watchdog ended.</summary>
    public byte Hangs { get; init; }

    /// <summary>Starts in a row, the last one included, in which the firmware has not called; 0 = it has, or not known.</summary>
    public byte Silent { get; init; }

    /// <summary>Both.</summary>
    public int Failures => Crashes + Hangs;

    /// <summary>Whether the firmware has planned the deep sleep that follows.</summary>
    public bool IsSleepPlanned { get; init; }

    /// <summary>Milliseconds that this trial has taken in the boots before the planned sleep.</summary>
    public uint TrialMs { get; init; }

    /// <summary>Number that the firmware keeps over the planned sleep.</summary>
    public uint Kept { get; init; }
}
