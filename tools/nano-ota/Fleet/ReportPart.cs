using System.Text.Json;

namespace NanoOta.Cli.Fleet;

/// <summary>An object in a report. A value of another type counts as an object without fields, a field of another type as missing. Texts
/// are cleaned.</summary>
internal readonly struct ReportPart(JsonElement element)
{
    /// <summary>Items of a list that are read.</summary>
    private const int MaxItems = 64;

    /// <summary>A text, or null.</summary>
    public string? Text(string name) =>
        Field(name) is { ValueKind: JsonValueKind.String } text ? DeviceText.Clean(text.GetString()!) : null;

    /// <summary>A number from 0, or null.</summary>
    public long? Number(string name) => Field(name) is { } field ? NumberOf(field) : null;

    /// <summary>A number as yes or no, or null.</summary>
    public string? Flag(string name) => Number(name) switch
    {
        null => null,
        0 => "no",
        _ => "yes",
    };

    /// <summary>Number and text of an error, or null.</summary>
    public string? Error(string name) => Number(name) is { } code and > 0 ? ErrorText.Of(code) : null;

    /// <summary>An object of the report; an empty one if it is missing.</summary>
    public ReportPart Part(string name) => new(Field(name) ?? default);

    /// <summary>The objects of a list.</summary>
    public IReadOnlyList<ReportPart> Parts(string name) => [.. Items(name).Select(item => new ReportPart(item))];

    /// <summary>The texts of a list.</summary>
    public IReadOnlyList<string> Texts(string name) =>
        [.. Items(name).Where(item => item.ValueKind == JsonValueKind.String).Select(item => DeviceText.Clean(item.GetString()!))];

    /// <summary>The numbers of a list; null for other items.</summary>
    public IReadOnlyList<long?> Numbers(string name) => [.. Items(name).Select(NumberOf)];

    private IEnumerable<JsonElement> Items(string name) =>
        Field(name) is { ValueKind: JsonValueKind.Array } list ? list.EnumerateArray().Take(MaxItems) : [];

    private JsonElement? Field(string name) =>
        element.ValueKind == JsonValueKind.Object && element.TryGetProperty(name, out var field) ? field : null;

    private static long? NumberOf(JsonElement field) =>
        field.ValueKind == JsonValueKind.Number && field.TryGetInt64(out long number) && number >= 0 ? number : null;
}
