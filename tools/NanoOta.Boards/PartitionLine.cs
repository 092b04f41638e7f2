using System.Globalization;

namespace NanoOta.Boards;

/// <summary>Reads a line of ESP-IDF's CSV form: name, type, subtype, offset, size, flags.</summary>
internal sealed class PartitionLine(int number, Faults faults)
{
    private static readonly Dictionary<string, byte> DataSubTypes = new()
    {
        ["ota"] = Partition.OtaData,
        ["phy"] = 1,
        ["nvs"] = 2,
        ["coredump"] = 3,
        ["littlefs"] = 0x83,
    };

    private bool good = true;

    /// <summary>The partition; null if the line is wrong.</summary>
    public Partition? Parse(string line)
    {
        var fields = line.Split(',').Select(field => field.Trim()).ToArray();
        if (fields.Length is < 5 or > 7 || fields.Skip(6).Any(field => field != ""))
        {
            Wrong("line", line, "name, type, subtype, offset, size, flags; comments have lines of their own");
            return null;
        }

        if (fields[0].Length is 0 or > 15 || fields[0].Any(c => c is <= ' ' or > '~')) Wrong("name", fields[0], "1 to 15 ASCII characters");
        byte type = fields[1] switch
        {
            "app" => Partition.App,
            "data" => Partition.Data,
            _ => ParseByte("type", fields[1], "app, data or a number"),
        };
        var partition = new Partition(fields[0], type, ParseSubType(type, fields[2]), ParseSize("offset", fields[3]),
            ParseSize("size", fields[4]), fields.Length > 5 ? ParseFlags(fields[5]) : 0, number);
        return good ? partition : null;
    }

    private byte ParseSubType(byte type, string text)
    {
        if (type == Partition.Data && DataSubTypes.TryGetValue(text, out var known)) return known;
        if (type == Partition.App && text == "factory") return Partition.Factory;
        if (type == Partition.App && text == "test") return Partition.Test;
        if (type == Partition.App && text.StartsWith("ota_", StringComparison.Ordinal)
            && byte.TryParse(text.AsSpan(4), NumberStyles.None, CultureInfo.InvariantCulture, out var slot) && slot < 16)
            return (byte)(Partition.FirstOta + slot);
        var names = type == Partition.App ? "factory, test, ota_0 to ota_15" : string.Join(", ", DataSubTypes.Keys);
        return ParseByte("subtype", text, type > Partition.Data ? "a number" : $"{names} or a number");
    }

    private uint ParseFlags(string text)
    {
        uint flags = 0;
        foreach (var flag in text.Split(':').Where(flag => flag != ""))
        {
            flags |= flag switch { "encrypted" => Partition.Encrypted, "readonly" => Partition.ReadOnly, _ => 0 };
            if (flag is not ("encrypted" or "readonly")) Wrong("flag", flag, "encrypted, readonly, or both with a colon between");
        }

        return flags;
    }

    private byte ParseByte(string field, string text, string expected)
    {
        int value = ParseNumber(text);
        if (value is >= 0 and <= 255) return (byte)value;
        Wrong(field, text, expected);
        return 255;
    }

    private int ParseSize(string field, string text)
    {
        int unit = text.EndsWith('K') || text.EndsWith('k') ? 1 << 10 : text.EndsWith('M') || text.EndsWith('m') ? 1 << 20 : 1;
        long value = (long)ParseNumber(unit == 1 ? text : text[..^1]) * unit;
        if (value is >= 0 and <= int.MaxValue) return (int)value;
        Wrong(field, text, "a number of bytes such as 0x10000, 64K or 1M");
        return 0;
    }

    private static int ParseNumber(string text)
    {
        bool isNumber = text.StartsWith("0x", StringComparison.OrdinalIgnoreCase)
            ? int.TryParse(text.AsSpan(2), NumberStyles.AllowHexSpecifier, CultureInfo.InvariantCulture, out int value)
            : int.TryParse(text, NumberStyles.None, CultureInfo.InvariantCulture, out value);
        return isNumber ? value : -1;
    }

    private void Wrong(string field, string value, string expected)
    {
        good = false;
        faults.Wrong(number, field, value, expected);
    }
}
