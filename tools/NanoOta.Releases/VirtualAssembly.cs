namespace NanoOta.Releases;

/// <summary>A .NET assembly in the header of a nanoFramework one, for the virtual device (SPEC.md, section 4).</summary>
public static class VirtualAssembly
{
    /// <summary>Wraps a .dll file; the version is that of the assembly.</summary>
    /// <exception cref="ReleaseException">The bytes are not a .NET assembly.</exception>
    public static byte[] Wrap(byte[] dll)
    {
        var version = AssemblyMetadata.Read(dll, "assembly").Version;
        var wrapped = new byte[AssemblyHeader.Length + dll.Length];
        dll.CopyTo(wrapped, AssemblyHeader.Length);
        for (int i = 0; i < AssemblyHeader.Marker.Length; i++) wrapped[i] = (byte)AssemblyHeader.Marker[i];
        int[] parts = [version.Major, version.Minor, version.Build, version.Revision];
        for (int i = 0; i < 4; i++) Bytes.PutU16(wrapped, ImageAssembly.VersionOffset + 2 * i, parts[i]);
        Bytes.PutU16(wrapped, AssemblyHeader.StringTableVersionOffset, AssemblyHeader.StringTableVersion);
        for (int offset = ImageAssembly.TablesOffset; offset < AssemblyHeader.TotalSizeOffset; offset += 4)
            Bytes.PutU32(wrapped, offset, AssemblyHeader.Length);
        Bytes.PutU32(wrapped, AssemblyHeader.TotalSizeOffset, (uint)wrapped.Length);
        Bytes.PutU32(wrapped, AssemblyHeader.AssemblyCrcOffset,
            Checksum.AssemblyCrc(0, wrapped, AssemblyHeader.Length, dll.Length));
        Bytes.PutU32(wrapped, AssemblyHeader.HeaderCrcOffset, AssemblyHeader.ComputeHeaderCrc(wrapped));
        return wrapped;
    }
}
