using System.Text;
using System.Text.Json;

namespace NanoOta.Boards;

/// <summary>A JSON file of objects, strings and integers, with line numbers. A field's name is its path, such as
/// <c>supply.pin</c>.</summary>
internal sealed class JsonFile
{
    private readonly Dictionary<string, int> lines = [];
    private readonly Faults faults;
    private readonly JsonElement root;

    /// <summary>Reads the file; a duplicate field is a fault.</summary>
    /// <exception cref="BoardException">It is not a JSON object.</exception>
    public JsonFile(string file, Faults faults)
    {
        this.faults = faults;
        var json = Encoding.UTF8.GetBytes(SmallFile.Read(file));
        try
        {
            root = JsonDocument.Parse(json).RootElement;
        }
        catch (JsonException e)
        {
            throw new BoardException($"{file}({e.LineNumber + 1}): not valid JSON: {Reason(e)}");
        }

        if (root.ValueKind != JsonValueKind.Object) throw new BoardException($"{file}(1): not a JSON object; expected {{ … }}");
        FindLines(json);
    }

    /// <summary>Paths of all fields, in the order of the file.</summary>
    public IEnumerable<string> Paths => lines.Keys;

    /// <summary>Line of a field; if it is missing, of the object that should contain it.</summary>
    public int Line(string path)
    {
        while (!lines.ContainsKey(path))
        {
            if (!path.Contains('.')) return 1;
            path = path[..path.LastIndexOf('.')];
        }

        return lines[path];
    }

    public bool Has(string path) => lines.ContainsKey(path);

    /// <summary>A string; a fault and null if it is missing or of another type.</summary>
    public string? Text(string path, string expected)
    {
        if (Find(path, expected) is not { } value) return null;
        if (value.ValueKind == JsonValueKind.String) return value.GetString();
        faults.Wrong(Line(path), path, Show(value), expected);
        return null;
    }

    /// <summary>An integer in a range; a fault and null if it is missing, out of range or of another type.</summary>
    public int? Number(string path, int least, int most)
    {
        var expected = $"a whole number from {least} to {most}";
        if (Find(path, expected) is not { } value) return null;
        if (value.ValueKind == JsonValueKind.Number && value.TryGetDecimal(out var number) && number == decimal.Truncate(number)
            && number >= least && number <= most) return (int)number;
        faults.Wrong(Line(path), path, Show(value), expected);
        return null;
    }

    private JsonElement? Find(string path, string expected)
    {
        var value = root;
        var passed = "";
        foreach (var name in path.Split('.'))
        {
            if (value.ValueKind != JsonValueKind.Object)
            {
                faults.Wrong(Line(passed), passed, Show(value), "an object, { … }");
                return null;
            }

            if (!value.TryGetProperty(name, out value))
            {
                faults.Add(Line(path), $"field '{path}' is missing; add it: {expected}");
                return null;
            }

            passed = passed.Length == 0 ? name : $"{passed}.{name}";
        }

        return value;
    }

    // The message ends with a line number that counts from 0; ours count from 1.
    private static string Reason(JsonException e) =>
        e.Message.IndexOf(" LineNumber:", StringComparison.Ordinal) is var end and > 0 ? e.Message[..end].TrimEnd('.') : e.Message;

    // Errors are one line each.
    private static string Show(JsonElement value) => value.ValueKind switch
    {
        JsonValueKind.Object => "{ … }",
        JsonValueKind.Array => "[ … ]",
        _ => value.GetRawText(),
    };

    // A dot in a name must not make it the path of another field.
    private static string Quote(string name) => name.Contains('.') ? $"\"{name}\"" : name;

    private void FindLines(byte[] json)
    {
        var reader = new Utf8JsonReader(json);
        var owners = new Stack<string>();
        var path = "";
        while (reader.Read())
        {
            if (reader.TokenType == JsonTokenType.StartObject) owners.Push(path.Length == 0 ? "" : path + ".");
            if (reader.TokenType == JsonTokenType.EndObject) owners.Pop();
            if (reader.TokenType != JsonTokenType.PropertyName) continue;
            path = owners.Peek() + Quote(reader.GetString()!);
            int line = json.AsSpan(0, (int)reader.TokenStartIndex).Count((byte)'\n') + 1;
            if (!lines.TryAdd(path, line)) faults.Add(line, $"duplicate field '{path}' (line {lines[path]}); remove one");
        }
    }
}
