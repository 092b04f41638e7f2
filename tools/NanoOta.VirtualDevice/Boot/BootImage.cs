namespace NanoOta.VirtualDevice;

/// <summary>The contiguous assemblies at the start of a slot, as a boot reads them (SPEC.md, section 5.1).</summary>
public sealed class BootImage
{
    private readonly byte[] slot;
    private readonly List<(int Offset, int Size)> assemblies = [];
    private readonly int end;

    /// <summary>Reads the slot.</summary>
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

    /// <summary>CRC-32 over the headers; 0 = no assembly. A header has the CRC of its assembly, so different contents differ.</summary>
    public uint Fingerprint { get; }

    /// <summary>Whether every assembly has the correct CRC, and only erased flash follows up to the end of the sector in which one more
    /// header would end. A damaged header is not erased; the rest of a longer image starts in a later sector.</summary>
    public bool IsWhole() => IsSound() && IsErasedBehind();

    /// <summary>Whether this is the recorded fingerprint; false if none was recorded.</summary>
    public bool Has(uint recorded) => recorded != 0 && Fingerprint == recorded;

    /// <summary>Whether these are the assemblies of the recorded fingerprint, with correct CRCs.</summary>
    public bool IsProven(uint recorded) => Has(recorded) && HasValidBodies();

    /// <summary>Whether there are assemblies, all with correct CRCs.</summary>
    public bool IsSound() => assemblies.Count > 0 && HasValidBodies();

    private bool HasValidBodies() => assemblies.TrueForAll(a => HasValidBody(a.Offset, a.Size));

    private int SizeAt(int offset) => slot.Length - offset < AssemblyHeader.Length
        ? 0
        : AssemblyHeader.ReadTotalSize(slot[offset..(offset + AssemblyHeader.Length)], slot.Length - offset);

    private bool IsErasedBehind()
    {
        int sectors = (end + AssemblyHeader.Length + FlashLayout.SectorSize - 1) / FlashLayout.SectorSize;
        return !slot.AsSpan(end..Math.Min(slot.Length, sectors * FlashLayout.SectorSize)).ContainsAnyExcept((byte)0xFF);
    }

    private bool HasValidBody(int offset, int size) =>
        Checksum.AssemblyCrc(0, slot, offset + AssemblyHeader.Length, size - AssemblyHeader.Length)
        == Bytes.GetU32(slot, offset + AssemblyHeader.AssemblyCrcOffset);
}
