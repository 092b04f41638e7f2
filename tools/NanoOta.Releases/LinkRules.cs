namespace NanoOta.Releases;

/// <summary>Checks that each type, method and field that an assembly uses of another one exists. nanoCLR checks this before it starts an
/// app: with one unresolved reference the app does not run, even if the code around it is never reached.</summary>
internal sealed class LinkRules(AppImage image, string source)
{
    private readonly NanoLinker linker = new(image);

    /// <summary>Checks an image of real assemblies, all of whose references to assemblies are resolved.</summary>
    /// <exception cref="ReleaseException">A type, method or field is missing.</exception>
    public void Check()
    {
        foreach (var assembly in image.Assemblies)
        {
            var tables = assembly.Metadata!.Tables;
            foreach (int row in tables.Rows(NanoTable.TypeReferences))
                if (linker.Resolve(assembly, row) == null) throw Missing(assembly, row, "uses", NanoLinker.NameOf(assembly, row));
            foreach (int row in tables.Rows(NanoTable.FieldReferences)) CheckMember(assembly, NanoTable.FieldReferences, row);
            foreach (int row in tables.Rows(NanoTable.MethodReferences)) CheckMember(assembly, NanoTable.MethodReferences, row);
        }
    }

    private void CheckMember(ImageAssembly user, NanoTable table, int row)
    {
        var tables = user.Metadata!.Tables;
        bool isMethod = table == NanoTable.MethodReferences;
        int container = tables.U16(table, row, 2);
        var type = linker.Resolve(user, container) ?? throw Missing(user, container, "uses", NanoLinker.NameOf(user, container));
        var name = tables.Name(table, row, 0);
        var signature = linker.Signature(user, tables.U16(table, row, 4), isMethod);
        if (isMethod ? linker.HasMethod(type, name, signature) : linker.HasField(type, name, signature)) return;
        throw Missing(user, container, isMethod ? "calls" : "uses the field",
            $"{NanoLinker.NameOf(user, container)}::{name}{(isMethod ? $" ({Parameters(user, tables.U16(table, row, 4))})" : "")}");
    }

    // The name may exist with other parameters, so the message includes their number.
    private static string Parameters(ImageAssembly user, int signature)
    {
        var tables = user.Metadata!.Tables;
        int count = signature < tables.Count(NanoTable.Signatures) && tables.Row(NanoTable.Signatures, signature) is { Length: > 1 } row
            ? row[1] : 0;
        return count == 1 ? "1 parameter" : $"{count} parameters";
    }

    private ReleaseException Missing(ImageAssembly user, int type, string verb, string what)
    {
        var library = linker.Library(user, type);
        return new ReleaseException($"{source}: {user.Name} {user.Version} {verb} {what}, which {library.Name} {library.Version} in this "
            + $"image does not have: pack the {library.Name}.pe that {user.Name} was compiled against");
    }
}
