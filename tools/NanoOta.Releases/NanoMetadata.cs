using System.Text;

namespace NanoOta.Releases;

/// <summary>An assembly that another one needs.</summary>
public sealed record AssemblyReference(string Name, Version Version);

/// <summary>The name, references, entry point and constants in the tables of a nanoFramework 1.x assembly.</summary>
internal sealed class NanoMetadata
{
    private const int NameOffset = 36;

    // CLR_RECORD_METHODDEF::MD_EntryPoint of nanoCLR 1.x.
    private const uint EntryPoint = 0x08000000;

    private const byte Nop = 0x00, LoadString = 0x72;

    /// <summary>Reads an assembly whose header and CRCs are valid.</summary>
    /// <param name="pe">The assembly, its header first.</param>
    /// <param name="source">Its path for messages.</param>
    /// <exception cref="ReleaseException">Its tables are not at the offsets in the header.</exception>
    public NanoMetadata(byte[] pe, string source)
    {
        Tables = new NanoTables(pe, source);
        Name = Tables.Text(Bytes.GetU16(pe, NameOffset));
    }

    /// <summary>The tables themselves.</summary>
    public NanoTables Tables { get; }

    /// <summary>Name of the assembly.</summary>
    public string Name { get; }

    /// <summary>The assemblies that it needs, in the order of its table.</summary>
    public IReadOnlyList<AssemblyReference> ReadReferences() => [.. Tables.Rows(NanoTable.AssemblyReferences).Select(row =>
        new AssemblyReference(Tables.Name(NanoTable.AssemblyReferences, row, 0),
            ReadVersion(Tables.Row(NanoTable.AssemblyReferences, row).ToArray(), 4)))];

    /// <summary>Whether a method is marked as the entry point.</summary>
    public bool HasEntryPoint => Tables.Rows(NanoTable.Methods)
        .Any(row => (BitConverter.ToUInt32(Tables.Row(NanoTable.Methods, row)[4..]) & EntryPoint) != 0);

    /// <summary>The text that the method of a name returns; null if there is no such method, if it does more than return a constant, or if
    /// the constant is a built-in string.</summary>
    public string? ConstantOf(string method)
    {
        foreach (int row in Tables.Rows(NanoTable.Methods).Where(row => Tables.Name(NanoTable.Methods, row, 0) == method))
        {
            int start = Tables.U16(NanoTable.Methods, row, 2);
            if (start >= Tables.Count(NanoTable.ByteCode)) return null;
            var code = Tables.Row(NanoTable.ByteCode, start).TrimStart(Nop);
            if (code.Length < 3 || code[0] != LoadString) return null;
            int index = BitConverter.ToUInt16(code[1..]);
            return NanoTables.IsBuiltIn(index) ? null : Tables.Text(index);
        }

        return null;
    }

    /// <summary>Whether the strings of the assembly contain a text.</summary>
    public bool HasString(string text) => Tables.Count(NanoTable.Strings) > 0
        && Tables.Row(NanoTable.Strings, 0).IndexOf(Encoding.UTF8.GetBytes(text)) >= 0;

    public static Version ReadVersion(byte[] bytes, int offset) => new(Bytes.GetU16(bytes, offset),
        Bytes.GetU16(bytes, offset + 2), Bytes.GetU16(bytes, offset + 4), Bytes.GetU16(bytes, offset + 6));
}
