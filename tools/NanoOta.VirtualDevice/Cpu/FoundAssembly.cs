using System.Collections.Immutable;
using System.Reflection;
using System.Reflection.Metadata;
using System.Reflection.PortableExecutable;

namespace NanoOta.VirtualDevice.Cpu;

/// <summary>A .NET assembly in the slot, with the metadata that is read without loading it.</summary>
internal sealed class FoundAssembly
{
    private readonly byte[] bytes;

    private FoundAssembly(byte[] bytes, AssemblyName name, AssemblyName[] references, bool hasEntryPoint)
    {
        this.bytes = bytes;
        Name = name;
        References = references;
        HasEntryPoint = hasEntryPoint;
    }

    public AssemblyName Name { get; }

    public AssemblyName[] References { get; }

    public bool HasEntryPoint { get; }

    /// <summary>Reads the metadata; null if the bytes are not a .NET assembly.</summary>
    public static FoundAssembly? Read(byte[] bytes)
    {
        try
        {
            using var file = new PEReader(ImmutableArray.Create(bytes));
            var metadata = file.GetMetadataReader();
            var references = metadata.AssemblyReferences.Select(r => metadata.GetAssemblyReference(r).GetAssemblyName());
            bool hasEntryPoint = file.PEHeaders.CorHeader!.EntryPointTokenOrRelativeVirtualAddress != 0;
            return new FoundAssembly(bytes, metadata.GetAssemblyDefinition().GetAssemblyName(), [.. references], hasEntryPoint);
        }
        catch (Exception e) when (e is BadImageFormatException or InvalidOperationException)
        {
            return null;
        }
    }

    public Stream Open() => new MemoryStream(bytes, false);

    /// <summary>Whether it resolves the reference; as on a device by name and major and minor version.</summary>
    public bool Satisfies(AssemblyName reference) => Name.Name == reference.Name
        && Name.Version?.Major == reference.Version?.Major && Name.Version?.Minor == reference.Version?.Minor;
}
