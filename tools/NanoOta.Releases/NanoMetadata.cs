using System.Text;

namespace NanoOta.Releases;

/// <summary>An assembly that another one needs.</summary>
public sealed record AssemblyReference(string Name, Version Version);

/// <summary>
/// What the tables of a nanoFramework 1.x assembly say, as far as images need it (SPEC.md, section 4). Everything is read within
/// the bounds of its table.
/// </summary>
internal sealed class NanoMetadata
{
    private const int References = 0, Methods = 6, Strings = 11, ByteCode = 13;
    private const int ReferenceLength = 12, MethodLength = 16;
    private const int TableCount = 15;
    private const int NameOffset = 36, PaddingOffset = 108;

    // CLR_RECORD_METHODDEF::MD_EntryPoint of nanoCLR 1.x.
    private const uint EntryPoint = 0x08000000;

    private const byte Nop = 0x00, LoadString = 0x72;

    // Indexes from here on mean one of the 860 strings that every 1.x runtime has built in: number 0xFFFF - index.
    private const int FirstBuiltIn = 0xFCA4;

    private readonly byte[] pe;
    private readonly string source;

    /// <summary>Reads an assembly whose header and CRCs are good.</summary>
    /// <param name="pe">The assembly, its header first.</param>
    /// <param name="source">Where it comes from, for messages.</param>
    /// <exception cref="ReleaseException">Its tables are not where the header says.</exception>
    public NanoMetadata(byte[] pe, string source)
    {
        this.pe = pe;
        this.source = source;
        for (int table = 0; table < TableCount; table++)
        {
            int start = Start(table), end = Start(table + 1);
            if (start < AssemblyHeader.Length || end > pe.Length || End(table) < start) throw Damaged($"table {table}");
        }

        if (Length(References) % ReferenceLength != 0) throw Damaged("the table of references");
        if (Length(Methods) % MethodLength != 0) throw Damaged("the table of methods");
    }

    /// <summary>Name of the assembly.</summary>
    public string Name => Text(Bytes.GetU16(pe, NameOffset));

    /// <summary>The assemblies that it needs, in the order of its table.</summary>
    public IReadOnlyList<AssemblyReference> ReadReferences() => [.. Rows(References, ReferenceLength)
        .Select(row => new AssemblyReference(Text(Bytes.GetU16(pe, row)), ReadVersion(pe, row + 4)))];

    /// <summary>Whether a method is marked as the entry point.</summary>
    public bool HasEntryPoint => Rows(Methods, MethodLength).Any(row => (Bytes.GetU32(pe, row + 4) & EntryPoint) != 0);

    /// <summary>
    /// The text that the method of a name returns; null when there is no such method, when it does more than return a
    /// constant, or when the constant is one of the built-in strings.
    /// </summary>
    public string? ConstantOf(string method)
    {
        foreach (int row in Rows(Methods, MethodLength).Where(row => Text(Bytes.GetU16(pe, row)) == method))
        {
            int at = Start(ByteCode) + Bytes.GetU16(pe, row + 2);
            while (at < End(ByteCode) && pe[at] == Nop) at++;
            if (at + 3 > End(ByteCode) || pe[at] != LoadString) return null;
            int index = Bytes.GetU16(pe, at + 1);
            return index < FirstBuiltIn ? Text(index) : null;
        }

        return null;
    }

    /// <summary>Whether a text stands among the strings of the assembly.</summary>
    public bool HasString(string text) =>
        pe.AsSpan(Start(Strings), Length(Strings)).IndexOf(Encoding.UTF8.GetBytes(text)) >= 0;

    public static Version ReadVersion(byte[] bytes, int offset) => new(Bytes.GetU16(bytes, offset),
        Bytes.GetU16(bytes, offset + 2), Bytes.GetU16(bytes, offset + 4), Bytes.GetU16(bytes, offset + 6));

    private string Text(int index)
    {
        if (index >= FirstBuiltIn) return BuiltIn(index);
        if (index >= Length(Strings)) throw Damaged("a name");
        var rest = pe.AsSpan(Start(Strings) + index, Length(Strings) - index);
        int end = rest.IndexOf((byte)0);
        return end >= 0 ? Encoding.UTF8.GetString(rest[..end]) : throw Damaged("a name");
    }

    // Only those that name assemblies or are asked for here. The others keep their index for a name: the same index is the same
    // name in every 1.x assembly.
    private static string BuiltIn(int index) => index switch
    {
        0xFCD2 => "mscorlib",
        0xFE28 => "System.Threading",
        0xFDD5 => "Version",
        _ => $"built-in name {index:X4}",
    };

    private IEnumerable<int> Rows(int table, int length)
    {
        for (int row = Start(table); row < End(table); row += length) yield return row;
    }

    private int Start(int table) => Bytes.GetSize(pe, ImageAssembly.TablesOffset + 4 * table);

    private int End(int table) => Start(table + 1) - pe[PaddingOffset + table];

    private int Length(int table) => End(table) - Start(table);

    private ReleaseException Damaged(string what) =>
        new($"{source}: {what} is not where the assembly's header says; build the assembly again");
}
