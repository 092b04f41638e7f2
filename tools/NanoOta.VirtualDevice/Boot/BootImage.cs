namespace NanoOta.VirtualDevice;

/// <summary>The assemblies that a slot begins with, back to back, as far as a boot looks at them (SPEC.md, section 5.1).</summary>
public sealed class BootImage
{
    private readonly byte[] slot;
    private readonly List<(int Offset, int Size)> assemblies = [];
    private readonly int end;

    /// <summary>What a slot begins with now.</summary>
    /// <exception cref="PowerLostException">Power is off.</exception>
    public BootImage(NorFlash flash, FlashMap map, int number)
    {
        slot = new byte[map.SlotSize];
        flash.Read(map.Slot(number), slot);
        var headers = new List<byte>();
        for (int size; (size = SizeAt(end)) != 0; end += AssemblyHeader.Align(size))
        {
            assemblies.Add((end, size));
            headers.AddRange(slot.AsSpan(end, AssemblyHeader.Length));
        }

        Fingerprint = Checksum.Crc32([.. headers], 0, headers.Count);
    }

    /// <summary>
    /// CRC-32 over the headers; 0 when there are none. A header holds the CRC of its assembly, so this tells contents apart.
    /// </summary>
    public uint Fingerprint { get; }

    /// <summary>
    /// Whether every assembly is right in every byte, and nothing but erased flash follows up to the end of the sector in
    /// which one more header would end. A header that bit rot has spoiled is not erased; what a shorter image has left
    /// standing begins in a later sector.
    /// </summary>
    public bool IsWhole() => IsSound() && IsErasedBehind();

    /// <summary>Whether this is the recorded fingerprint; never when none was recorded.</summary>
    public bool Has(uint recorded) => recorded != 0 && Fingerprint == recorded;

    /// <summary>Whether these are, in every byte, the assemblies that were there when the fingerprint was recorded.</summary>
    public bool IsProven(uint recorded) => Has(recorded) && HasRightBodies();

    /// <summary>Whether there are assemblies, and each of them is right in every byte.</summary>
    public bool IsSound() => assemblies.Count > 0 && HasRightBodies();

    private bool HasRightBodies() => assemblies.TrueForAll(a => HasRightBody(a.Offset, a.Size));

    private int SizeAt(int offset) => slot.Length - offset < AssemblyHeader.Length
        ? 0
        : AssemblyHeader.ReadTotalSize(slot[offset..(offset + AssemblyHeader.Length)], slot.Length - offset);

    private bool IsErasedBehind()
    {
        int sectors = (end + AssemblyHeader.Length + FlashLayout.SectorSize - 1) / FlashLayout.SectorSize;
        return !slot.AsSpan(end..Math.Min(slot.Length, sectors * FlashLayout.SectorSize)).ContainsAnyExcept((byte)0xFF);
    }

    private bool HasRightBody(int offset, int size) =>
        Checksum.AssemblyCrc(0, slot, offset + AssemblyHeader.Length, size - AssemblyHeader.Length)
        == Bytes.GetU32(slot, offset + AssemblyHeader.AssemblyCrcOffset);
}
