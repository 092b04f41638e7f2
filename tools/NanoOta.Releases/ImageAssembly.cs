namespace NanoOta.Releases;

/// <summary>An assembly in an app image (SPEC.md, section 4). Offset and size in bytes; the size includes the header.</summary>
public sealed class ImageAssembly
{
    internal const int FlagsOffset = 16;
    internal const int NativeChecksumOffset = 20;
    internal const int VersionOffset = 28;
    internal const int TablesOffset = 40;

    private ImageAssembly(byte[] image, int offset, int size, string source)
    {
        Offset = offset;
        Size = size;
        HeaderCrc = Bytes.GetU32(image, offset + AssemblyHeader.HeaderCrcOffset);
        AssemblyCrc = Bytes.GetU32(image, offset + AssemblyHeader.AssemblyCrcOffset);
        Flags = Bytes.GetU32(image, offset + FlagsOffset);
        NativeChecksum = Bytes.GetU32(image, offset + NativeChecksumOffset);
        Version = NanoMetadata.ReadVersion(image, offset + VersionOffset);
        Contents = image.AsMemory(offset + AssemblyHeader.Length, size - AssemblyHeader.Length);
        IsVirtual = Contents.Span.StartsWith("MZ"u8);
        if (IsVirtual)
        {
            var metadata = AssemblyMetadata.Read(Contents.ToArray(), source);
            (Name, References, HasEntryPoint) = (metadata.Name, metadata.References, metadata.HasEntryPoint);
        }
        else
        {
            Metadata = new NanoMetadata(image[offset..(offset + size)], source);
            (Name, References, HasEntryPoint) = (Metadata.Name, Metadata.ReadReferences(), Metadata.HasEntryPoint);
        }
    }

    public int Offset { get; }

    public int Size { get; }

    public uint HeaderCrc { get; }

    /// <summary>CRC over <see cref="Contents"/>.</summary>
    public uint AssemblyCrc { get; }

    public uint Flags { get; }

    /// <summary>Checksum of the native code that the firmware must have; 0 = none.</summary>
    public uint NativeChecksum { get; }

    public Version Version { get; }

    /// <summary>Whether this is a .NET assembly for the virtual device.</summary>
    public bool IsVirtual { get; }

    public string Name { get; }

    /// <summary>The assemblies that it needs.</summary>
    public IReadOnlyList<AssemblyReference> References { get; }

    /// <summary>Whether it has an entry point.</summary>
    public bool HasEntryPoint { get; }

    /// <summary>The tables of a real assembly; null for a virtual one.</summary>
    internal NanoMetadata? Metadata { get; }

    /// <summary>Everything after the header; of a virtual assembly, its .dll file.</summary>
    public ReadOnlyMemory<byte> Contents { get; }

    /// <summary>Reads and checks the assembly at <paramref name="offset"/>.</summary>
    /// <exception cref="ReleaseException">There is no complete assembly; the message names <paramref name="source"/>.</exception>
    internal static ImageAssembly Read(byte[] image, int offset, string source)
    {
        int room = image.Length - offset;
        if (room < AssemblyHeader.Length) throw new ReleaseException($"{source}: ends in the header at 0x{offset:X}; build it again");
        byte[] header = image[offset..(offset + AssemblyHeader.Length)];
        int size = AssemblyHeader.ReadTotalSize(header, room);
        if (size == 0) throw NotAnAssembly(header, offset, source);
        var where = $"{source}: the assembly at 0x{offset:X}";
        uint crc = Checksum.AssemblyCrc(0, image, offset + AssemblyHeader.Length, size - AssemblyHeader.Length);
        if (crc != Bytes.GetU32(header, AssemblyHeader.AssemblyCrcOffset))
            throw new ReleaseException($"{where} has a wrong CRC: it was damaged after it was built; build it again");
        if (Bytes.GetU16(header, AssemblyHeader.StringTableVersionOffset) != AssemblyHeader.StringTableVersion)
            throw new ReleaseException($"{where} has a string table that the 1.x runtime does not support; build it with the 1.x tools");
        return new ImageAssembly(image, offset, size, where);
    }

    private static ReleaseException NotAnAssembly(byte[] header, int offset, string source)
    {
        if (AssemblyHeader.IsOfOtherGeneration(header))
            return new ReleaseException($"{source}: the assembly at 0x{offset:X} is for another generation of the runtime "
                + $"({System.Text.Encoding.ASCII.GetString(header, 0, 6)}); build it with the 1.x tools and packages (NFMRK1)");
        if (AssemblyHeader.ReadTotalSize(header, int.MaxValue) > 0)
            return new ReleaseException($"{source}: is truncated within the assembly at 0x{offset:X}; copy or build it again");
        var what = $"{source}: no valid assembly header at 0x{offset:X}";
        return new ReleaseException(offset > 0
            ? what + ": the image is damaged, or other data follows the last assembly; build it again"
            : what + ": not a deployment image or assembly; give the .bin or .pe files that the build of the app wrote, "
                + "not packed or compressed, and not the runtime (nanoCLR.bin)");
    }
}
