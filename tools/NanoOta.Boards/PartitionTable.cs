using System.Globalization;

namespace NanoOta.Boards;

/// <summary>A line of a partition table. Offset and size are bytes.</summary>
public sealed record Partition(string Name, byte Type, byte SubType, int Offset, int Size, int Line)
{
    public int End => Offset + Size;
}

/// <summary>
/// A partition table in ESP-IDF's CSV form (facts on ESP-IDF, section 8). Every line gives offset and size as numbers:
/// on these boards the places are a contract with devices in the field, so none is left to be computed.
/// </summary>
public sealed class PartitionTable
{
    public const byte App = 0;
    public const byte Data = 1;

    /// <summary>DATA subtype of a deployment region (facts, section 7): an app slot.</summary>
    public const byte Deployment = 0x84;

    /// <summary>DATA subtype of the <c>nanoota</c> partition.</summary>
    public const byte NanoOta = 0x40;

    private static readonly Dictionary<string, byte> DataSubTypes = new()
    {
        ["ota"] = 0,
        ["phy"] = 1,
        ["nvs"] = 2,
        ["coredump"] = 3,
        ["littlefs"] = 0x83,
    };

    private readonly string file;

    public IReadOnlyList<Partition> Partitions { get; }

    private PartitionTable(string file, IReadOnlyList<Partition> partitions)
    {
        this.file = file;
        Partitions = partitions;
    }

    /// <summary>Reads and checks a CSV file; <paramref name="flashSize"/> is in bytes.</summary>
    /// <exception cref="BoardException">The file is missing or a line is wrong.</exception>
    public static PartitionTable Load(string file, int flashSize)
    {
        if (!File.Exists(file)) throw new BoardException($"{file}: no such partition table");
        var partitions = new List<Partition>();
        int number = 0;
        foreach (var text in File.ReadLines(file))
        {
            number++;
            var line = text.Split('#')[0].Trim();
            if (line.Length == 0) continue;
            var partition = ParseLine(file, number, line);
            Check(file, partition, partitions, flashSize);
            partitions.Add(partition);
        }

        return new PartitionTable(file, partitions);
    }

    /// <summary>App slot <paramref name="number"/>: the partition called <c>deploy_N</c>.</summary>
    public Partition Slot(int number) => Find($"deploy_{number}", Deployment);

    /// <summary>The partition of boot record, journal and indexes.</summary>
    public Partition Records => Find("nanoota", NanoOta);

    private Partition Find(string name, byte subType)
    {
        var found = Partitions.FirstOrDefault(p => p.Name == name)
            ?? throw new BoardException($"{file}: no partition '{name}'; add it (data, 0x{subType:X2})");
        if (found.Type != Data || found.SubType != subType)
            throw new BoardException($"{file}({found.Line}): '{name}' must be of type data, subtype 0x{subType:X2}");
        return found;
    }

    private static Partition ParseLine(string file, int number, string line)
    {
        var fields = line.Split(',').Select(f => f.Trim()).ToArray();
        if (fields.Length < 5) throw Wrong(file, number, "line", line, "name, type, subtype, offset, size");
        if (fields[0].Length is 0 or > 15) throw Wrong(file, number, "name", fields[0], "1 to 15 characters");
        byte type = fields[1] switch
        {
            "app" => App,
            "data" => Data,
            _ => ParseByte(file, number, "type", fields[1], "app, data or a number"),
        };
        byte subType = SubType(file, number, type, fields[2]);
        return new Partition(fields[0], type, subType, ParseSize(file, number, "offset", fields[3]),
            ParseSize(file, number, "size", fields[4]), number);
    }

    private static byte SubType(string file, int number, byte type, string text)
    {
        if (type == Data && DataSubTypes.TryGetValue(text, out var known)) return known;
        if (type == App && text == "factory") return 0;
        if (type == App && text == "test") return 0x20;
        if (type == App && text.StartsWith("ota_", StringComparison.Ordinal)
            && byte.TryParse(text[4..], CultureInfo.InvariantCulture, out var slot) && slot < 16) return (byte)(0x10 + slot);
        return ParseByte(file, number, "subtype", text, "a known name or a number");
    }

    private static void Check(string file, Partition p, List<Partition> before, int flashSize)
    {
        int alignment = p.Type == App ? 0x10000 : 0x1000;
        if (p.Offset % alignment != 0) throw Wrong(file, p.Line, "offset", $"0x{p.Offset:X}", $"a multiple of 0x{alignment:X}");
        if (p.Size == 0 || p.Size % 0x1000 != 0) throw Wrong(file, p.Line, "size", $"0x{p.Size:X}", "a multiple of 0x1000");
        if ((long)p.Offset + p.Size > flashSize)
            throw Wrong(file, p.Line, "size", $"0x{p.Size:X}", $"an end within the flash of 0x{flashSize:X} bytes");
        if (before.Find(b => b.Name == p.Name) is { } twin)
            throw Wrong(file, p.Line, "name", p.Name, $"a name of its own (line {twin.Line} has it)");
        if (before.Find(b => b.Offset < p.End && p.Offset < b.End) is { } other)
            throw Wrong(file, p.Line, "offset", $"0x{p.Offset:X}", $"room of its own: it overlaps '{other.Name}' (line {other.Line})");
    }

    private static byte ParseByte(string file, int number, string field, string text, string expected)
    {
        int value = ParseNumber(text);
        return value is >= 0 and <= 255 ? (byte)value : throw Wrong(file, number, field, text, expected);
    }

    private static int ParseSize(string file, int number, string field, string text)
    {
        int unit = text.EndsWith('K') ? 1024 : text.EndsWith('M') ? 1024 * 1024 : 1;
        long value = (long)ParseNumber(unit == 1 ? text : text[..^1]) * unit;
        return value is >= 0 and <= int.MaxValue ? (int)value : throw Wrong(file, number, field, text, "a number of bytes");
    }

    private static int ParseNumber(string text)
    {
        bool good = text.StartsWith("0x", StringComparison.OrdinalIgnoreCase)
            ? int.TryParse(text.AsSpan(2), NumberStyles.AllowHexSpecifier, CultureInfo.InvariantCulture, out int value)
            : int.TryParse(text, NumberStyles.None, CultureInfo.InvariantCulture, out value);
        return good ? value : -1;
    }

    private static BoardException Wrong(string file, int line, string field, string value, string expected) =>
        new($"{file}({line}): {field} '{value}' is wrong; expected {expected}");
}
