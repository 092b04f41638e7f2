namespace NanoOta.Tests.VirtualDevice;

/// <summary>The header of SPEC.md, section 4, around any bytes.</summary>
internal static class VirtualAssembly
{
    public static byte[] Wrap(byte[] content)
    {
        int size = AssemblyHeader.Length + content.Length;
        var bytes = new byte[AssemblyHeader.Align(size)];
        "NFMRK1"u8.CopyTo(bytes);
        bytes[38] = 1;
        for (int table = 0; table < 15; table++) Bytes.PutU32(bytes, 40 + 4 * table, AssemblyHeader.Length);
        Bytes.PutU32(bytes, AssemblyHeader.TotalSizeOffset, (uint)size);
        content.CopyTo(bytes, AssemblyHeader.Length);
        uint crc = Checksum.AssemblyCrc(0, bytes, AssemblyHeader.Length, content.Length);
        Bytes.PutU32(bytes, AssemblyHeader.AssemblyCrcOffset, crc);
        Bytes.PutU32(bytes, AssemblyHeader.HeaderCrcOffset, AssemblyHeader.ComputeHeaderCrc(bytes));
        return bytes;
    }
}
