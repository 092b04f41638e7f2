using System.Buffers.Binary;

namespace NanoOta.VirtualDevice;

/// <summary>The slot whose firmware never passed a trial here, or failed one.</summary>
public enum SafeMode
{
    /// <summary>Neither.</summary>
    None = 0,
    /// <summary>The one that boots.</summary>
    Chosen = 1,
    /// <summary>The one to go back to.</summary>
    Previous = 2,
}

/// <summary>Who boots next (SPEC.md, section 5.1). Survives every reset in the two copies of <see cref="BootRecords"/>.</summary>
public sealed record BootRecord
{
    /// <summary>Bytes of an encoded record.</summary>
    public const int Length = 32;

    /// <summary>CLR slot of an app that runs on any.</summary>
    public const byte AnyClrSlot = 0xFF;

    private const byte Format = 1;
    private const int CrcOffset = 28;

    /// <summary>What counts while flash holds no valid record.</summary>
    public static readonly BootRecord None = new();

    /// <summary>The slot that boots, 0 or 1.</summary>
    public int Chosen { get; init; }

    /// <summary>Confirmed, Trial or Reverted.</summary>
    public BootState State { get; init; } = BootState.Confirmed;

    /// <summary>The other slot: the one to go back to, or after a revert the one that failed.</summary>
    public int Previous { get; init; } = 1;

    /// <summary>The copy with the higher number counts; set when the record is saved.</summary>
    public uint Sequence { get; init; }

    /// <summary>Boots of this trial.</summary>
    public byte TrialBoots { get; init; }

    /// <summary>Boots of this trial that a power blip caused.</summary>
    public byte PowerBlips { get; init; }

    /// <summary>The runtime slot that the app needs, or <see cref="AnyClrSlot"/>.</summary>
    public byte ClrSlot { get; init; } = AnyClrSlot;

    /// <summary>Why the last trial was reverted; an error number of 16 bits.</summary>
    public UpdateError Reason { get; init; }

    /// <summary>Which slot boots in safe mode, as long as it has its fingerprint.</summary>
    public SafeMode SafeMode { get; init; }

    /// <summary>
    /// <see cref="BootImage.Fingerprint"/> of the chosen slot when an agent ran in it or the last resort chose it;
    /// 0 = not recorded.
    /// </summary>
    public uint ChosenFingerprint { get; init; }

    /// <summary>The same of the previous slot when the trial was written.</summary>
    public uint PreviousFingerprint { get; init; }

    /// <summary>
    /// The record that ends a trial, or a boot that cannot be: this slot boots, and the firmware in it must acknowledge why.
    /// </summary>
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

    /// <summary>
    /// The record for firmware that never passed a trial here, or failed one: it only gets to fetch the next release.
    /// </summary>
    public BootRecord Distrust(NorFlash flash, FlashMap map, int slot, UpdateError reason) => RevertTo(slot, reason) with
    {
        SafeMode = SafeMode.Chosen,
        ChosenFingerprint = new BootImage(flash, map, slot).Fingerprint,
    };

    /// <summary>
    /// The record that ends a trial: the previous slot, or, if that is known to be damaged, the same slot in safe mode. A trial
    /// that is alive is better than firmware that cannot start.
    /// </summary>
    public BootRecord EndTrial(NorFlash flash, FlashMap map, UpdateError reason)
    {
        var before = new BootImage(flash, map, Previous);
        bool isWhole = before.IsSound() && (PreviousFingerprint == 0 || before.Has(PreviousFingerprint));
        return isWhole ? RevertTo(Previous, reason) : Distrust(flash, map, Chosen, reason);
    }

    /// <summary>Whether what ran before the trial of this record was proven itself, and is still what it was.</summary>
    public bool IsPreviousProven(NorFlash flash, FlashMap map) =>
        SafeMode != SafeMode.Previous && new BootImage(flash, map, Previous).IsProven(PreviousFingerprint);

    /// <summary>
    /// Whether this is a confirmed record that can give way to the slot before it: the chosen slot is what passed the trial, and the
    /// previous one is proven.
    /// </summary>
    public bool MayGiveWay(NorFlash flash, FlashMap map) => State == BootState.Confirmed
        && new BootImage(flash, map, Chosen).Has(ChosenFingerprint) && IsPreviousProven(flash, map);

    /// <summary>The 32 bytes.</summary>
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
        BinaryPrimitives.WriteUInt16LittleEndian(bytes.AsSpan(16), (ushort)Reason);
        Bytes.PutU32(bytes, 20, ChosenFingerprint);
        Bytes.PutU32(bytes, 24, PreviousFingerprint);
        Bytes.PutU32(bytes, CrcOffset, Checksum.Crc32(bytes, 0, CrcOffset));
        return bytes;
    }

    /// <summary>The record in these bytes; null when they are not a valid one.</summary>
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
            Reason = (UpdateError)Bytes.GetU16(bytes, 16),
            ChosenFingerprint = Bytes.GetU32(bytes, 20),
            PreviousFingerprint = Bytes.GetU32(bytes, 24),
        };
    }
}
