using System.Collections.Immutable;
using System.Reflection;
using System.Reflection.Metadata;
using System.Reflection.PortableExecutable;

namespace NanoOta.VirtualDevice.Cpu;

/// <summary>A .NET assembly that lies in the slot, as far as it can be known without loading it.</summary>
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

    /// <summary>Reads the identity from the bytes; null when they are no .NET assembly.</summary>
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

    /// <summary>As the device does it: by name and by major and minor version.</summary>
    public bool Answers(AssemblyName reference) => Name.Name == reference.Name
        && Name.Version?.Major == reference.Version?.Major && Name.Version?.Minor == reference.Version?.Minor;
}
