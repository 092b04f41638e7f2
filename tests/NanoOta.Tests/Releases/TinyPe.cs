using System.Text;

namespace NanoOta.Tests.Releases;

/// <summary>
/// Writes real nanoFramework assemblies of a few hundred bytes: header, references, types, methods, strings and byte code.
/// What it writes has the form that docs/platform/assemblies.md, "Tables", describes.
/// </summary>
internal sealed record TinyPe(string Name, string Version)
{
    private const int Static = 0x96, EntryPoint = 0x08000000;

    private static readonly Dictionary<string, int> BuiltIn = new()
    {
        ["mscorlib"] = 0xFCD2,
        ["System.Threading"] = 0xFE28,
        ["Version"] = 0xFDD5,
        ["ToString"] = 0xFE01,
        ["System"] = 0xFE40,
        ["Object"] = 0xFEB1,
        [".ctor"] = 0xFFFE,
    };

    public string[] Needs { get; init; } = ["mscorlib 1.17.11.0"];

    public bool HasMain { get; init; }

    public uint NativeChecksum { get; init; }

    /// <summary>Methods that return a text.</summary>
    public (string Method, string Text)[] Texts { get; init; } = [];

    /// <summary>Types that it has.</summary>
    public TinyType[] Types { get; init; } = [];

    /// <summary>Types that it uses.</summary>
    public TinyReference[] Uses { get; init; } = [];

    /// <summary>Strings that some code uses.</summary>
    public string[] Strings { get; init; } = [];

    public static TinyPe Core { get; } = new("mscorlib", "1.17.11.0") { Needs = [], NativeChecksum = 0x0A0B0C0D };

    public static TinyPe App(params string[] needs) =>
        new("App", "1.0.0.0") { HasMain = true, Needs = ["mscorlib 1.17.11.0", .. needs] };

    /// <summary>The identity that <c>nano-ota identity</c> would make of it.</summary>
    public static TinyPe Identity(NanoOta.Releases.AppIdentity identity, string version) => new("NanoOta.Identity", version)
    {
        Texts = [("Product", identity.Product), ("Board", identity.Board), ("Version", identity.Version), ("Chip", identity.Hardware.Chip)],
        Strings = [.. identity.TrustedKeys.Select(key => key.Base64)],
    };

    /// <summary>A valid header and valid CRCs for the fields.</summary>
    public byte[] Build()
    {
        var pool = new List<byte> { 0 };
        byte[] references = [.. Needs.SelectMany(need => Reference(need.Split(' '), pool))];
        List<byte> code = [], signatures = [0, 0];
        List<byte> types = [], fields = [], methods = [];
        foreach (var type in Types) Add(type, types, fields, methods, signatures, pool);
        methods.AddRange(Texts.SelectMany(text => Method(text.Method, Static, [0x72, .. U16(Index(text.Text, pool)), 0x2A], code, pool)));
        if (HasMain) methods.AddRange(Method("Main", Static | EntryPoint, [0x2A], code, pool));
        foreach (var text in Strings) Index(text, pool);
        int name = Index(Name, pool);
        var tables = new Dictionary<int, byte[]>
        {
            [0] = references,
            [1] = [.. Uses.SelectMany(use => U16s(Index(use.Name, pool), Index(use.Space, pool), use.Scope, 0))],
            [2] = [.. Uses.SelectMany((use, i) => use.Fields.SelectMany(field => Member(field, i, signatures, pool)))],
            [3] = [.. Uses.SelectMany((use, i) => use.Methods.SelectMany(method => Member(method, i, signatures, pool)))],
            [4] = [.. types],
            [5] = [.. fields],
            [6] = [.. methods],
        };
        return Assemble(name, new(tables) { [11] = [.. pool], [12] = [.. signatures], [13] = [.. code] });
    }

    private static void Add(
        TinyType type, List<byte> types, List<byte> fields, List<byte> methods, List<byte> signatures, List<byte> pool)
    {
        int firstMethod = methods.Count / 16, firstField = fields.Count / 8;
        foreach (var (name, signature) in type.Methods)
            methods.AddRange([.. U16s(Index(name, pool), 0xFFFF, 0x96, 0, 0, 0, 0), .. U16(Put(signature, signatures))]);
        foreach (var (name, signature) in type.StaticFields.Concat(type.Fields))
            fields.AddRange(U16s(Index(name, pool), Put(signature, signatures), 0xFFFF, 6));
        types.AddRange([.. U16s(Index(type.Name, pool), Index(type.Space, pool), type.Extends, type.Enclosing, 0xFFFF, firstMethod),
            0, 0, (byte)type.Methods.Length, 17, .. U16s(firstField, firstField + type.StaticFields.Length),
            (byte)type.StaticFields.Length, (byte)type.Fields.Length, .. U16(1)]);
    }

    private static byte[] Member((string Name, byte[] Signature) member, int type, List<byte> signatures, List<byte> pool) =>
        U16s(Index(member.Name, pool), type, Put(member.Signature, signatures), 0);

    private static int Put(byte[] signature, List<byte> signatures)
    {
        signatures.AddRange(signature);
        return signatures.Count - signature.Length;
    }

    private byte[] Assemble(int name, Dictionary<int, byte[]> tables)
    {
        var pe = new List<byte>(new byte[AssemblyHeader.Length]);
        var header = new byte[AssemblyHeader.Length];
        for (int table = 0; table < 16; table++)
        {
            Bytes.PutU32(header, 40 + 4 * table, (uint)pe.Count);
            pe.AddRange(tables.GetValueOrDefault(table, []));
            for (; pe.Count % 4 != 0; pe.Add(0)) header[108 + table]++;
        }

        byte[] whole = [.. pe];
        "NFMRK1"u8.CopyTo(header);
        Bytes.PutU32(header, 20, NativeChecksum);
        VersionBytes(Version).CopyTo(header, 28);
        Bytes.PutU16(header, 36, name);
        Bytes.PutU16(header, 38, 1);
        Bytes.PutU32(header, 12, Checksum.AssemblyCrc(0, whole, header.Length, whole.Length - header.Length));
        header.CopyTo(whole, 0);
        return Seal(whole);
    }

    /// <summary>Makes the header CRC right after a change in the header.</summary>
    public static byte[] Seal(byte[] assembly)
    {
        Bytes.PutU32(assembly, 8, AssemblyHeader.ComputeHeaderCrc(assembly));
        return assembly;
    }

    private static byte[] Reference(string[] need, List<byte> pool) =>
        [.. U16(Index(need[0], pool)), 0, 0, .. VersionBytes(need[1])];

    private static byte[] Method(string name, int flags, byte[] body, List<byte> code, List<byte> pool)
    {
        byte[] row = [.. U16(Index(name, pool)), .. U16(code.Count), .. BitConverter.GetBytes(flags), 0, 0, 0, 1, 0xFF, 0xFF, 0, 0];
        code.AddRange(body);
        return row;
    }

    private static int Index(string text, List<byte> pool)
    {
        if (BuiltIn.TryGetValue(text, out int index)) return index;
        index = pool.Count;
        pool.AddRange(Encoding.UTF8.GetBytes(text + "\0"));
        return index;
    }

    private static byte[] VersionBytes(string version) => [.. version.Split('.').SelectMany(part => U16(int.Parse(part)))];

    private static byte[] U16s(params int[] values) => [.. values.SelectMany(U16)];

    private static byte[] U16(int value) => [(byte)value, (byte)(value >> 8)];
}
