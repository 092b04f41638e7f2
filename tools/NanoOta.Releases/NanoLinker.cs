using System.Globalization;

namespace NanoOta.Releases;

/// <summary>A type of a real assembly: its row in the table of types.</summary>
internal readonly record struct NanoType(ImageAssembly Assembly, int Row);

/// <summary>Resolves the references between the assemblies of an image, as nanoCLR does before it starts an app: types by namespace and
/// name, methods and fields by name and signature, methods also in the base types.</summary>
internal sealed class NanoLinker(AppImage image)
{
    // A type with more base types is damaged or cyclic.
    private const int MaxDepth = 64;

    private const int None = 0xFFFF, IsTypeReference = 0x8000;

    private readonly Dictionary<NanoType, NanoType?> resolved = [];

    /// <summary>The type of a row in the table of type references; null if it does not exist.</summary>
    public NanoType? Resolve(ImageAssembly user, int reference)
    {
        var key = new NanoType(user, reference);
        if (resolved.TryGetValue(key, out var known)) return known;
        resolved[key] = null; // for a reference that is its own scope
        return resolved[key] = Find(user, reference);
    }

    /// <summary>The name of a referenced type, with namespace and the types around it.</summary>
    public static string NameOf(ImageAssembly user, int reference, int depth = 0)
    {
        var tables = user.Metadata!.Tables;
        int scope = tables.U16(NanoTable.TypeReferences, reference, 4);
        var name = tables.Name(NanoTable.TypeReferences, reference, 0);
        if (scope >= IsTypeReference && depth < MaxDepth) return $"{NameOf(user, scope - IsTypeReference, depth + 1)}+{name}";
        var space = tables.Name(NanoTable.TypeReferences, reference, 2);
        return space == "" ? name : $"{space}.{name}";
    }

    /// <summary>The assembly that defines a referenced type.</summary>
    public ImageAssembly Library(ImageAssembly user, int reference)
    {
        int scope = reference | IsTypeReference;
        for (int depth = 0; scope >= IsTypeReference && depth < MaxDepth; depth++)
            scope = user.Metadata!.Tables.U16(NanoTable.TypeReferences, scope - IsTypeReference, 4);
        return scope < user.References.Count && RuntimeRules.Resolve(image, user.References[scope]) is { } library ? library
            : throw new ReleaseException($"{user.Name}: references a type outside of any assembly; build it again");
    }

    /// <summary>Whether a type, or a base type, has a method of this name and signature.</summary>
    public bool HasMethod(NanoType type, string name, string? signature)
    {
        NanoType? next = type;
        for (int depth = 0; next is { } here && depth < MaxDepth; depth++)
        {
            if (Methods(here).Any(row => Is(here.Assembly, NanoTable.Methods, row, name, 14, signature))) return true;
            next = BaseOf(here);
        }

        return false;
    }

    /// <summary>Whether a type has a field of this name and signature; those of base types do not count.</summary>
    public bool HasField(NanoType type, string name, string? signature) =>
        Fields(type).Any(row => Is(type.Assembly, NanoTable.Fields, row, name, 2, signature));

    /// <summary>The signature at an offset as text: equal texts mean equal signatures. Null if it cannot be read.</summary>
    public string? Signature(ImageAssembly assembly, int offset, bool isMethod)
    {
        if (offset >= assembly.Metadata!.Tables.Count(NanoTable.Signatures)) return null;
        var reader = new NanoSignature(assembly.Metadata.Tables.Row(NanoTable.Signatures, offset).ToArray());
        int convention = reader.Byte(), count = isMethod ? reader.Byte() + 1 : 1;
        var parts = new List<string?> { convention.ToString(CultureInfo.InvariantCulture) };
        for (int i = 0; i < count; i++) parts.Add(Element(assembly, reader, depth: 0));
        return parts.Contains(null) ? null : string.Join(' ', parts);
    }

    private NanoType? Find(ImageAssembly user, int reference)
    {
        var tables = user.Metadata!.Tables;
        int scope = tables.U16(NanoTable.TypeReferences, reference, 4);
        var name = tables.Name(NanoTable.TypeReferences, reference, 0);
        if (scope < IsTypeReference)
            return Find(Library(user, reference), name, None, tables.Name(NanoTable.TypeReferences, reference, 2));
        return Resolve(user, scope - IsTypeReference) is { } outer ? Find(outer.Assembly, name, outer.Row, null) : null;
    }

    private static NanoType? Find(ImageAssembly library, string name, int enclosing, string? space)
    {
        var tables = library.Metadata!.Tables;
        foreach (int row in tables.Rows(NanoTable.Types))
            if (tables.U16(NanoTable.Types, row, 6) == enclosing && tables.Name(NanoTable.Types, row, 0) == name
                && (space == null || tables.Name(NanoTable.Types, row, 2) == space))
                return new NanoType(library, row);
        return null;
    }

    private NanoType? BaseOf(NanoType type)
    {
        int extends = type.Assembly.Metadata!.Tables.U16(NanoTable.Types, type.Row, 4);
        if (extends == None) return null;
        return extends >= IsTypeReference ? Resolve(type.Assembly, extends - IsTypeReference) : type with { Row = extends };
    }

    private static IEnumerable<int> Methods(NanoType type)
    {
        var row = type.Assembly.Metadata!.Tables.Row(NanoTable.Types, type.Row);
        return Enumerable.Range(BitConverter.ToUInt16(row[10..]), row[12] + row[13] + row[14]);
    }

    private static IEnumerable<int> Fields(NanoType type)
    {
        var row = type.Assembly.Metadata!.Tables.Row(NanoTable.Types, type.Row);
        return Enumerable.Range(BitConverter.ToUInt16(row[18..]), row[21])
            .Concat(Enumerable.Range(BitConverter.ToUInt16(row[16..]), row[20]));
    }

    private bool Is(ImageAssembly assembly, NanoTable table, int row, string name, int signatureOffset, string? signature)
    {
        var tables = assembly.Metadata!.Tables;
        return tables.Name(table, row, 0) == name && signature != null
            && Signature(assembly, tables.U16(table, row, signatureOffset), table == NanoTable.Methods) == signature;
    }

    private string? Element(ImageAssembly assembly, NanoSignature reader, int depth)
    {
        if (depth > MaxDepth || !reader.Element(out var modifiers, out int type)) return null;
        if (type is not (NanoSignature.Class or NanoSignature.ValueType)) return $"{modifiers}{type}";
        int token = reader.Compressed(), row = token >> 2;
        switch (token & 3)
        {
            case 0: return $"{modifiers}{type}:{assembly.Name}:{row}";
            case 1: return Resolve(assembly, row) is { } found ? $"{modifiers}{type}:{found.Assembly.Name}:{found.Row}" : null;
            case 2:
                var tables = assembly.Metadata!.Tables;
                int offset = tables.U16(NanoTable.TypeSpecs, row, 0);
                return modifiers + Element(assembly, new NanoSignature(tables.Row(NanoTable.Signatures, offset).ToArray()), depth + 1);
            default: return null;
        }
    }
}
