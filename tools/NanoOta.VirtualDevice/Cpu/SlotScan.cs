namespace NanoOta.VirtualDevice.Cpu;

/// <summary>
/// Finds assemblies as nanoCLR does (SPEC.md, section 4; docs/platform/assemblies.md, "Loading"): after a valid header it continues
/// behind that assembly, after an invalid one 124 bytes further on, to the end of the slot, also behind the end of the image.
/// </summary>
internal static class SlotScan
{
    /// <summary>The content, without header, of each assembly whose two CRCs are correct, in order.</summary>
    public static IEnumerable<byte[]> Find(byte[] slot)
    {
        var header = new byte[AssemblyHeader.Length];
        for (int at = 0; at + AssemblyHeader.Length <= slot.Length;)
        {
            Array.Copy(slot, at, header, 0, header.Length);
            int size = AssemblyHeader.ReadTotalSize(header, slot.Length - at);
            if (size == 0)
            {
                at += AssemblyHeader.Length;
                continue;
            }

            int start = at + AssemblyHeader.Length;
            int length = size - AssemblyHeader.Length;
            at += AssemblyHeader.Align(size);
            uint crc = Bytes.GetU32(header, AssemblyHeader.AssemblyCrcOffset);
            if (Checksum.AssemblyCrc(0u, slot, start, length) == crc) yield return slot[start..(start + length)];
        }
    }
}
