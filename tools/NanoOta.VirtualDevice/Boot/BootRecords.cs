namespace NanoOta.VirtualDevice;

/// <summary>The two copies of the boot record, written in turn: the old copy is valid until the new one is complete, so every change is
/// atomic.</summary>
public sealed class BootRecords(NorFlash flash, FlashMap map)
{
    private const int Tries = 2;

    /// <summary>The valid record with the higher sequence; null = none.</summary>
    /// <exception cref="PowerLostException">Power is off.</exception>
    public BootRecord? Load() => Find().Record;

    /// <summary>Writes a record with the next sequence number over the older copy, and reads it back; two tries.</summary>
    /// <returns>The record as saved; null if the flash failed, and then the old one is valid.</returns>
    /// <exception cref="PowerLostException">Power is off, or fails now.</exception>
    public BootRecord? Save(BootRecord record)
    {
        var (current, copy) = Find();
        var next = record with { Sequence = (current?.Sequence ?? 0) + 1 };
        int offset = OffsetOf(1 - copy);
        for (int i = 0; i < Tries; i++)
            if (Write(offset, next.Encode()) && Load() == next) return next;
        return null;
    }

    /// <summary>Saves a confirmed record once more if the older copy is a trial or a revert, or can revert where this one cannot: if the newer
    /// copy was lost, the older one would be valid again and apply to other contents of the slots.</summary>
    /// <returns>The record in flash; null if the older copy is still there.</returns>
    /// <exception cref="PowerLostException">Power is off, or fails now.</exception>
    public BootRecord? OverwriteOlder(BootRecord record)
    {
        var (newer, copy) = Find();
        return Read(1 - copy) is { } older && IsStale(older, newer!) ? Save(record) : record;
    }

    private static bool IsStale(BootRecord older, BootRecord newer) => older.State != BootState.Confirmed
        || (older.PreviousFingerprint != 0 && newer.PreviousFingerprint == 0);

    /// <summary>False if the erase fails; a blank sector is not erased again.</summary>
    private bool Write(int offset, byte[] bytes)
    {
        if (!IsBlank(offset)) flash.EraseSector(offset);
        if (!IsBlank(offset)) return false;
        flash.Program(offset, bytes);
        return true;
    }

    private bool IsBlank(int offset)
    {
        var sector = new byte[FlashLayout.SectorSize];
        flash.Read(offset, sector);
        return !sector.AsSpan().ContainsAnyExcept((byte)0xFF);
    }

    /// <summary>The valid record and its copy; without one copy B, so that A is written first.</summary>
    private (BootRecord? Record, int Copy) Find()
    {
        var a = Read(0);
        var b = Read(1);
        bool isA = a != null && (b == null || a.Sequence >= b.Sequence);
        return isA ? (a, 0) : (b, 1);
    }

    private BootRecord? Read(int copy)
    {
        var bytes = new byte[BootRecord.Length];
        flash.Read(OffsetOf(copy), bytes);
        return BootRecord.Decode(bytes);
    }

    private int OffsetOf(int copy) => map.Records + FlashLayout.BootRecord + copy * FlashLayout.SectorSize;
}
