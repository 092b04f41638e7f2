using System.Buffers.Binary;

namespace NanoOta.VirtualDevice;

/// <summary>The slot whose firmware never passed a trial on this device, or failed one.</summary>
public enum SafeMode
{
    /// <summary>None.</summary>
    None = 0,
    /// <summary>The chosen slot.</summary>
    Chosen = 1,
    /// <summary>The previous slot.</summary>
    Previous = 2,
}

/// <summary>The boot record (SPEC.md, section 5.1). It survives every reset in the two copies of <see cref="BootRecords"/>.</summary>
public sealed record BootRecord
{
    /// <summary>Bytes of an encoded record.</summary>
    public const int Length = 32;

    /// <summary>CLR slot of an app that runs on any.</summary>
    public const byte AnyClrSlot = 0xFF;

    private const byte Format = 1;
    private const int CrcOffset = 28;

    /// <summary>The record that applies while flash holds no valid one.</summary>
    public static readonly BootRecord None = new();

    /// <summary>The slot that boots, 0 or 1.</summary>
    public int Chosen { get; init; }

    /// <summary>Confirmed, Trial or Reverted.</summary>
    public BootState State { get; init; } = BootState.Confirmed;

    /// <summary>The other slot: the one to revert to, or after a revert the one that failed.</summary>
    public int Previous { get; init; } = 1;

    /// <summary>The copy with the higher number is valid; set when the record is saved.</summary>
    public uint Sequence { get; init; }

    /// <summary>Boots of this trial.</summary>
    public byte TrialBoots { get; init; }

    /// <summary>Boots of this trial after a power blip.</summary>
    public byte PowerBlips { get; init; }

    /// <summary>The runtime slot that the chosen app needs, or <see cref="AnyClrSlot"/>.</summary>
    public byte ClrSlot { get; init; } = AnyClrSlot;

    /// <summary>With a <see cref="ClrSlot"/>: whether the app was the same before, so that only the runtime is new; else the previous slot
    /// belongs to the other runtime slot.</summary>
    public bool IsRuntimeOnly { get; init; }

    /// <summary>Reason of the last revert; an error number of 16 bits.</summary>
    public UpdateError Reason { get; init; }

    /// <summary>The slot that boots in safe mode while it has its fingerprint.</summary>
    public SafeMode SafeMode { get; init; }

    /// <summary><see cref="BootImage.Fingerprint"/> of the chosen slot when an agent ran in it, or when it was chosen for the lack of
    /// another; 0 = not recorded.</summary>
    public uint ChosenFingerprint { get; init; }

    /// <summary>The fingerprint of the previous slot at the activation. With <see cref="IsRuntimeOnly"/> that of the app: not 0 while the
    /// runtime before it is still there.</summary>
    public uint PreviousFingerprint { get; init; }

    /// <summary>The record of a revert: this slot boots, and its firmware must acknowledge the reason.</summary>
    public BootRecord RevertTo(int slot, UpdateError reason)
    {
        bool isKnown = slot == Previous && reason != UpdateError.CableDeployment;
        return this with
        {
            Chosen = slot,
            Previous = 1 - slot,
            State = BootState.Reverted,
            TrialBoots = 0,
            PowerBlips = 0,
            Reason = reason,
            SafeMode = isKnown && SafeMode == SafeMode.Previous ? SafeMode.Chosen : SafeMode.None,
            ChosenFingerprint = isKnown ? PreviousFingerprint : 0,
            PreviousFingerprint = 0,
        };
    }

    /// <summary>The record of a revert to firmware that never passed a trial on this device, or failed one: it runs in safe mode to fetch
    /// the next release.</summary>
    public BootRecord RevertInSafeMode(NorFlash flash, FlashMap map, int slot, UpdateError reason) => RevertTo(slot, reason) with
    {
        SafeMode = SafeMode.Chosen,
        ChosenFingerprint = new BootImage(flash, map, slot).Fingerprint,
    };

    /// <summary>The record that ends a trial: the previous slot boots; if that is damaged, the same slot in safe mode, because it can
    /// start.</summary>
    public BootRecord EndTrial(NorFlash flash, FlashMap map, UpdateError reason)
    {
        var before = new BootImage(flash, map, Previous);
        bool isWhole = before.IsSound() && (PreviousFingerprint == 0 || before.Has(PreviousFingerprint));
        return isWhole ? RevertTo(Previous, reason) : RevertInSafeMode(flash, map, Chosen, reason);
    }

    /// <summary>Whether the previous firmware passed a trial itself, and is unchanged.</summary>
    public bool IsPreviousProven(NorFlash flash, FlashMap map) =>
        SafeMode != SafeMode.Previous && new BootImage(flash, map, Previous).IsProven(PreviousFingerprint);

    /// <summary>Whether this is a confirmed record that can revert: the chosen slot is unchanged since its trial, and the previous one is
    /// proven.</summary>
    public bool MayRevert(NorFlash flash, FlashMap map) => State == BootState.Confirmed
        && new BootImage(flash, map, Chosen).Has(ChosenFingerprint) && IsPreviousProven(flash, map);

    /// <summary>The encoded record, 32 bytes.</summary>
    public byte[] Encode()
    {
        var bytes = new byte[Length];
        "NOBR"u8.CopyTo(bytes);
        bytes[4] = Format;
        bytes[5] = (byte)Chosen;
        bytes[6] = (byte)State;
        bytes[7] = (byte)Previous;
        BinaryPrimitives.WriteUInt32LittleEndian(bytes.AsSpan(8), Sequence);
        bytes[12] = TrialBoots;
        bytes[13] = PowerBlips;
        bytes[14] = ClrSlot;
        bytes[15] = (byte)SafeMode;
        bytes[18] = IsRuntimeOnly ? (byte)1 : (byte)0;
        BinaryPrimitives.WriteUInt16LittleEndian(bytes.AsSpan(16), (ushort)Reason);
        Bytes.PutU32(bytes, 20, ChosenFingerprint);
        Bytes.PutU32(bytes, 24, PreviousFingerprint);
        Bytes.PutU32(bytes, CrcOffset, Checksum.Crc32(bytes, 0, CrcOffset));
        return bytes;
    }

    /// <summary>Decodes a record; null if it is not valid.</summary>
    public static BootRecord? Decode(byte[] bytes)
    {
        if (!bytes.AsSpan(0, 4).SequenceEqual("NOBR"u8) || bytes[4] != Format) return null;
        if (Bytes.GetU32(bytes, CrcOffset) != Checksum.Crc32(bytes, 0, CrcOffset)) return null;
        if (bytes[5] > 1 || bytes[6] is < 1 or > 3 || bytes[7] != 1 - bytes[5] || bytes[15] > 2) return null;
        return new BootRecord
        {
            Chosen = bytes[5],
            State = (BootState)bytes[6],
            Previous = bytes[7],
            Sequence = Bytes.GetU32(bytes, 8),
            TrialBoots = bytes[12],
            PowerBlips = bytes[13],
            ClrSlot = bytes[14],
            SafeMode = (SafeMode)bytes[15],
            IsRuntimeOnly = bytes[18] == 1,
            Reason = (UpdateError)Bytes.GetU16(bytes, 16),
            ChosenFingerprint = Bytes.GetU32(bytes, 20),
            PreviousFingerprint = Bytes.GetU32(bytes, 24),
        };
    }
}
