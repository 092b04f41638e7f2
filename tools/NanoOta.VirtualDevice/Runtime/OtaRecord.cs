using System.Buffers.Binary;

namespace NanoOta.VirtualDevice;

/// <summary>The states of an <see cref="OtaRecord"/>: esp_ota_img_states_t of ESP-IDF. Any other number counts as Valid does.</summary>
public enum OtaState : uint
{
    /// <summary>Chosen by an application; never booted.</summary>
    New = 0,
    /// <summary>Booted once, not confirmed: the next boot gives it up.</summary>
    Pending = 1,
    /// <summary>Confirmed.</summary>
    Valid = 2,
    /// <summary>Rejected by its application.</summary>
    Invalid = 3,
    /// <summary>Given up by the bootloader.</summary>
    Aborted = 4,
    /// <summary>Chosen by an application without rollback.</summary>
    Undefined = 0xFFFFFFFF,
}

/// <summary>One of the two records of ESP-IDF's otadata partition: the runtime slot to boot (docs/platform/boot.md, "Second stage of
/// ESP-IDF").</summary>
public sealed record OtaRecord
{
    /// <summary>Bytes of a record.</summary>
    public const int Length = 32;

    private const uint Erased = 0xFFFFFFFF;
    private const int LabelOffset = 4, StateOffset = 24, CrcOffset = 28;

    private readonly byte[] label;
    private readonly uint crc;

    private OtaRecord(uint sequence, OtaState state, uint crc, byte[] label) =>
        (Sequence, State, this.crc, this.label) = (sequence, state, crc, label);

    /// <summary>The larger one of two valid records decides; also encodes the slot.</summary>
    public uint Sequence { get; }

    /// <summary>Not under the CRC.</summary>
    public OtaState State { get; }

    /// <summary>Whether it has no sequence, or was rejected. ESP-IDF does not look at the CRC here.</summary>
    public bool IsUnusable => Sequence == Erased || State is OtaState.Invalid or OtaState.Aborted;

    /// <summary>Whether the CRC is that of the sequence.</summary>
    public bool HasRightCrc => crc == CrcOf(Sequence);

    /// <summary>Whether it may be the active record.</summary>
    public bool IsValid => !IsUnusable && HasRightCrc;

    /// <summary>Whether nobody ever wrote it, or a write was cut.</summary>
    public bool IsInitial => Sequence == Erased || !HasRightCrc;

    /// <summary>A record in erased flash.</summary>
    public static OtaRecord Of(uint sequence, OtaState state) =>
        new(sequence, state, CrcOf(sequence), [.. Enumerable.Repeat((byte)0xFF, StateOffset - LabelOffset)]);

    public static OtaRecord Decode(ReadOnlySpan<byte> bytes) => new(
        BinaryPrimitives.ReadUInt32LittleEndian(bytes), (OtaState)BinaryPrimitives.ReadUInt32LittleEndian(bytes[StateOffset..]),
        BinaryPrimitives.ReadUInt32LittleEndian(bytes[CrcOffset..]), bytes[LabelOffset..StateOffset].ToArray());

    public byte[] Encode()
    {
        var bytes = new byte[Length];
        BinaryPrimitives.WriteUInt32LittleEndian(bytes, Sequence);
        label.CopyTo(bytes, LabelOffset);
        BinaryPrimitives.WriteUInt32LittleEndian(bytes.AsSpan(StateOffset), (uint)State);
        BinaryPrimitives.WriteUInt32LittleEndian(bytes.AsSpan(CrcOffset), crc);
        return bytes;
    }

    /// <summary>The same with another state; even a wrong CRC stays.</summary>
    public OtaRecord With(OtaState state) => new(Sequence, state, crc, label);

    /// <summary>The same with another sequence, its CRC and another state; the label stays.</summary>
    public OtaRecord With(uint sequence, OtaState state) => new(sequence, state, CrcOf(sequence), label);

    /// <summary>The slot that it chooses of <paramref name="count"/>.</summary>
    public int SlotOf(int count) => (int)(unchecked(Sequence - 1) % (uint)count);

    // ESP-IDF starts its CRC-32 at 0xFFFFFFFF where zlib starts at 0.
    private static uint CrcOf(uint sequence) => Checksum.Crc32(Erased, BitConverter.GetBytes(sequence), 0, sizeof(uint));
}
