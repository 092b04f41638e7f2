namespace NanoOta.Releases;

/// <summary>An assembly in an app image (SPEC.md, section 4). Offset and size in bytes; the size includes the header.</summary>
public sealed class ImageAssembly
{
    internal const int FlagsOffset = 16;
    internal const int NativeChecksumOffset = 20;
    internal const int VersionOffset = 28;
    internal const int StringTableVersionOffset = 38;
    internal const int TablesOffset = 40;

    private ImageAssembly(byte[] image, int offset, int size)
    {
        Offset = offset;
        Size = size;
        HeaderCrc = Bytes.GetU32(image, offset + AssemblyHeader.HeaderCrcOffset);
        AssemblyCrc = Bytes.GetU32(image, offset + AssemblyHeader.AssemblyCrcOffset);
        Flags = Bytes.GetU32(image, offset + FlagsOffset);
        NativeChecksum = Bytes.GetU32(image, offset + NativeChecksumOffset);
        var version = Enumerable.Range(0, 4).Select(i => Bytes.GetU16(image, offset + VersionOffset + 2 * i)).ToArray();
        Version = new Version(version[0], version[1], version[2], version[3]);
        Contents = image.AsMemory(offset + AssemblyHeader.Length, size - AssemblyHeader.Length);
        IsVirtual = Contents.Span.StartsWith("MZ"u8);
        if (IsVirtual) Name = AssemblyMetadata.Read(Contents.ToArray(), $"assembly at 0x{offset:X}").Name;
    }

    public int Offset { get; }

    public int Size { get; }

    public uint HeaderCrc { get; }

    /// <summary>CRC over <see cref="Contents"/>.</summary>
    public uint AssemblyCrc { get; }

    public uint Flags { get; }

    /// <summary>Checksum of the native surface that the firmware must have; 0 = none.</summary>
    public uint NativeChecksum { get; }

    public Version Version { get; }

    /// <summary>Whether this is a .NET assembly for the virtual device.</summary>
    public bool IsVirtual { get; }

    /// <summary>Name of the assembly; null for a real one.</summary>
    public string? Name { get; }

    /// <summary>Everything behind the header: for a virtual assembly its .dll file.</summary>
    public ReadOnlyMemory<byte> Contents { get; }

    /// <summary>Reads and checks the assembly at <paramref name="offset"/>.</summary>
    /// <exception cref="ReleaseException">There is no whole assembly there; <paramref name="source"/> is named.</exception>
    internal static ImageAssembly Read(byte[] image, int offset, string source)
    {
        int room = image.Length - offset;
        if (room < AssemblyHeader.Length) throw new ReleaseException($"{source}: ends within an assembly header at 0x{offset:X}");
        int size = AssemblyHeader.ReadTotalSize(image[offset..(offset + AssemblyHeader.Length)], room);
        if (size == 0) throw new ReleaseException($"{source}: no valid assembly header at 0x{offset:X}");
        uint crc = Checksum.AssemblyCrc(0, image, offset + AssemblyHeader.Length, size - AssemblyHeader.Length);
        if (crc != Bytes.GetU32(image, offset + AssemblyHeader.AssemblyCrcOffset))
            throw new ReleaseException($"{source}: the assembly at 0x{offset:X} has a wrong CRC");
        return new ImageAssembly(image, offset, size);
    }
}
