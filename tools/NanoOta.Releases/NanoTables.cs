using System.Text;

namespace NanoOta.Releases;

/// <summary>The tables that are read from a nanoFramework 1.x assembly; the numbers are those in its header.</summary>
internal enum NanoTable
{
    AssemblyReferences = 0,
    TypeReferences = 1,
    FieldReferences = 2,
    MethodReferences = 3,
    Types = 4,
    Fields = 5,
    Methods = 6,
    TypeSpecs = 8,
    Strings = 11,
    Signatures = 12,
    ByteCode = 13,
}

/// <summary>The tables of a nanoFramework 1.x assembly (SPEC.md, section 4). No read leaves the bounds of its table.</summary>
internal sealed class NanoTables
{
    private const int TableCount = 15;
    private const int PaddingOffset = 108;

    // Indexes from here on mean one of the 860 built-in strings of every 1.x runtime: number 0xFFFF - index.
    private const int FirstBuiltIn = 0xFCA4;

    private readonly byte[] pe;
    private readonly string source;

    /// <summary>Reads an assembly whose header and CRCs are valid.</summary>
    /// <param name="pe">The assembly, its header first.</param>
    /// <param name="source">Its path for messages.</param>
    /// <exception cref="ReleaseException">Its tables are not at the offsets in the header.</exception>
    public NanoTables(byte[] pe, string source)
    {
        this.pe = pe;
        this.source = source;
        for (int table = 0; table < TableCount; table++)
        {
            int start = Start(table), end = Start(table + 1);
            if (start < AssemblyHeader.Length || end > pe.Length || End(table) < start) throw Damaged($"table {table}");
        }

        foreach (var table in Enum.GetValues<NanoTable>())
            if (Length((int)table) % RowLength(table) != 0) throw Damaged($"the table of {table}");
    }

    /// <summary>Number of rows; of bytes in strings, signatures and byte code.</summary>
    public int Count(NanoTable table) => Length((int)table) / RowLength(table);

    /// <summary>The numbers of the rows of a table.</summary>
    public IEnumerable<int> Rows(NanoTable table) => Enumerable.Range(0, Count(table));

    /// <summary>A row. In strings, signatures and byte code, the bytes from an offset to the end of the table.</summary>
    /// <exception cref="ReleaseException">There is no such row.</exception>
    public ReadOnlySpan<byte> Row(NanoTable table, int row)
    {
        if (row < 0 || row >= Count(table)) throw Damaged($"row {row} of the table of {table}");
        int length = RowLength(table), start = Start((int)table) + row * length;
        return pe.AsSpan(start, length == 1 ? End((int)table) - start : length);
    }

    /// <summary>A number of 16 bits in a row.</summary>
    /// <exception cref="ReleaseException">There is no such row.</exception>
    public int U16(NanoTable table, int row, int offset) => BitConverter.ToUInt16(Row(table, row)[offset..]);

    /// <summary>A name in a row.</summary>
    /// <exception cref="ReleaseException">There is no such row or name.</exception>
    public string Name(NanoTable table, int row, int offset) => Text(U16(table, row, offset));

    /// <summary>A name by its index.</summary>
    /// <exception cref="ReleaseException">There is no such name.</exception>
    public string Text(int index)
    {
        if (IsBuiltIn(index)) return BuiltIn(index);
        var rest = Row(NanoTable.Strings, index);
        int end = rest.IndexOf((byte)0);
        return end >= 0 ? Encoding.UTF8.GetString(rest[..end]) : throw Damaged("a name");
    }

    /// <summary>Whether a name is built into the runtime.</summary>
    public static bool IsBuiltIn(int index) => index >= FirstBuiltIn;

    // Only names of assemblies and names that are searched for. The others use their index as name: it is the same in every 1.x assembly.
    private static string BuiltIn(int index) => index switch
    {
        0xFCD2 => "mscorlib",
        0xFE28 => "System.Threading",
        0xFDD5 => "Version",
        0xFE40 => "System",
        0xFFFE => ".ctor",
        _ => $"built-in name {index:X4}",
    };

    private static int RowLength(NanoTable table) => table switch
    {
        NanoTable.AssemblyReferences => 12,
        NanoTable.TypeReferences or NanoTable.FieldReferences or NanoTable.MethodReferences or NanoTable.Fields => 8,
        NanoTable.Types => 24,
        NanoTable.Methods => 16,
        NanoTable.TypeSpecs => 4,
        _ => 1,
    };

    private int Start(int table) => Bytes.GetSize(pe, ImageAssembly.TablesOffset + 4 * table);

    private int End(int table) => Start(table + 1) - pe[PaddingOffset + table];

    private int Length(int table) => End(table) - Start(table);

    private ReleaseException Damaged(string what) =>
        new($"{source}: {what} is not at the offset in the assembly's header; build the assembly again");
}
