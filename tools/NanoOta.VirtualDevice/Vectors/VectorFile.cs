using System.Text.Json;

namespace NanoOta.VirtualDevice;

/// <summary>Vectors that cannot be replayed; the message names the file and field, or what is missing.</summary>
public sealed class VectorException(string message) : Exception(message);

/// <summary>The vectors of a file: recorded behaviour of ESP-IDF's bootloader and esp_ota_* calls.</summary>
public static class VectorFile
{
    /// <summary>Reads the text of a file.</summary>
    /// <param name="json">The text.</param>
    /// <param name="path">Its path, for messages.</param>
    /// <exception cref="VectorException">It is not a vector file.</exception>
    public static IReadOnlyList<OtaVector> Parse(string json, string path)
    {
        using var document = ParseJson(json, path);
        var root = new VectorField(document.RootElement, path, "");
        var vectors = root.Get("vectors").Items().Select(OtaVector.Read).ToList();
        if (vectors.Count == 0) throw root.Get("vectors").Wrong("at least one vector");
        if (root.Find("count") is { } count && count.Integer(0, int.MaxValue) != vectors.Count)
            throw count.Wrong($"{vectors.Count}, the number of vectors: the file is not whole");
        var names = new HashSet<string>();
        for (int i = 0; i < vectors.Count; i++)
            if (!names.Add(vectors[i].Id)) throw root.Get("vectors").Items()[i].Get("id").Wrong("an id of its own");
        return vectors;
    }

    private static JsonDocument ParseJson(string json, string path)
    {
        try
        {
            return JsonDocument.Parse(json);
        }
        catch (JsonException e)
        {
            throw new VectorException($"{path}({e.LineNumber + 1}): not valid JSON; give a file of boot vectors");
        }
    }
}

/// <summary>A value of a vector file with its path, such as <c>vectors[3].steps[0].op</c>.</summary>
internal sealed class VectorField(JsonElement value, string file, string path)
{
    public JsonElement Value => value;

    public bool IsNull => value.ValueKind == JsonValueKind.Null;

    public VectorField? Find(string name)
    {
        if (value.ValueKind != JsonValueKind.Object) throw Wrong("an object");
        return value.TryGetProperty(name, out var field) ? new VectorField(field, file, path.Length == 0 ? name : $"{path}.{name}") : null;
    }

    public VectorField Get(string name) => Find(name)
        ?? throw new VectorException($"{file}: {(path.Length == 0 ? name : $"{path}.{name}")} is missing");

    public IReadOnlyList<VectorField> Items()
    {
        if (value.ValueKind != JsonValueKind.Array) throw Wrong("an array");
        return [.. value.EnumerateArray().Select((item, i) => new VectorField(item, file, $"{path}[{i}]"))];
    }

    public IReadOnlyList<VectorField> Items(int count) =>
        Items() is var items && items.Count == count ? items : throw Wrong($"an array of {count}");

    public IReadOnlyDictionary<string, VectorField> Members()
    {
        if (value.ValueKind != JsonValueKind.Object) throw Wrong("an object");
        return value.EnumerateObject().ToDictionary(m => m.Name, m => new VectorField(m.Value, file, $"{path}.{m.Name}"));
    }

    public string Text() => value.ValueKind == JsonValueKind.String ? value.GetString()! : throw Wrong("a string");

    public bool Flag() => value.ValueKind is JsonValueKind.True or JsonValueKind.False ? value.GetBoolean() : throw Wrong("true or false");

    public long Integer(long least, long most) =>
        value.ValueKind == JsonValueKind.Number && value.TryGetInt64(out long number) && number >= least && number <= most
            ? number : throw Wrong($"a whole number from {least} to {most}");

    public T OneOf<T>(params (string Name, T Value)[] choices)
    {
        foreach (var (name, choice) in choices)
            if (value.ValueKind == JsonValueKind.String && name == value.GetString()) return choice;
        throw Wrong("one of " + string.Join(", ", choices.Select(c => c.Name)));
    }

    public byte[] Hex(int length)
    {
        var text = Text();
        return text.Length == 2 * length && text.All(char.IsAsciiHexDigit)
            ? Convert.FromHexString(text) : throw Wrong($"{length} bytes in hexadecimal");
    }

    public VectorException Wrong(string expected)
    {
        var text = value.GetRawText();
        return new($"{file}: {path} is {(text.Length > 60 ? text[..60] + " …" : text)}; expected {expected}");
    }
}
