using System.Reflection.Metadata;
using System.Reflection.PortableExecutable;

namespace NanoOta.Releases;

/// <summary>The metadata of a .NET assembly that images need.</summary>
internal sealed record AssemblyMetadata(string Name, Version Version, IReadOnlyList<AssemblyReference> References, bool HasEntryPoint)
{
    /// <exception cref="ReleaseException">The bytes are not a .NET assembly; the message names <paramref name="source"/>.</exception>
    public static AssemblyMetadata Read(byte[] dll, string source)
    {
        try
        {
            using var pe = new PEReader(new MemoryStream(dll));
            if (!pe.HasMetadata) throw new ReleaseException($"{source}: not a .NET assembly; give the built .dll");
            var metadata = pe.GetMetadataReader();
            var definition = metadata.GetAssemblyDefinition();
            var references = metadata.AssemblyReferences.Select(metadata.GetAssemblyReference)
                .Select(reference => new AssemblyReference(metadata.GetString(reference.Name), reference.Version));
            return new AssemblyMetadata(metadata.GetString(definition.Name), definition.Version,
                [.. references.OrderBy(reference => reference.Name, StringComparer.Ordinal)],
                (pe.PEHeaders.CorHeader?.EntryPointTokenOrRelativeVirtualAddress ?? 0) != 0);
        }
        catch (Exception e) when (e is BadImageFormatException or InvalidOperationException)
        {
            throw new ReleaseException($"{source}: not a .NET assembly ({e.Message}); give the built .dll");
        }
    }
}
