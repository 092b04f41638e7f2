using System.Diagnostics.CodeAnalysis;
using System.Text.Json;

namespace NanoOta.Cli.Fleet;

/// <summary>
/// A device's report (SPEC.md, section 8.8), or what somebody published in its place: one JSON object of limited size and depth, with texts
/// that are texts. What is in it is a stranger's until it was cleaned.
/// </summary>
internal sealed class DeviceReport
{
    /// <summary>Bytes of a report at most: twice what today's agents write.</summary>
    public const int MaxLength = 16384;

    private const int MaxDepth = 8;

    private DeviceReport(byte[] bytes, JsonElement root) => (Bytes, Root) = (bytes, root);

    /// <summary>The report as it came.</summary>
    public byte[] Bytes { get; }

    /// <summary>The same, read.</summary>
    public JsonElement Root { get; }

    /// <summary>Counter of the command that asked for it; null when it does not say.</summary>
    public long? Number => Root.TryGetProperty("n", out var n) && n.ValueKind == JsonValueKind.Number && n.TryGetInt64(out long number)
        ? number : null;

    /// <summary>Reads a report; false for what is none.</summary>
    public static bool TryRead(byte[] payload, [NotNullWhen(true)] out DeviceReport? report)
    {
        report = null;
        if (payload.Length > MaxLength) return false;
        try
        {
            using var document = JsonDocument.Parse(payload, new JsonDocumentOptions { MaxDepth = MaxDepth });
            var root = document.RootElement.Clone();
            if (root.ValueKind != JsonValueKind.Object) return false;
            ReadTexts(root);
            report = new DeviceReport(payload, root);
            return true;
        }
        catch (Exception e) when (e is JsonException or InvalidOperationException)
        {
            // Half a surrogate pair is an InvalidOperationException.
            return false;
        }
    }

    private static void ReadTexts(JsonElement element)
    {
        switch (element.ValueKind)
        {
            case JsonValueKind.String:
                element.GetString();
                break;
            case JsonValueKind.Array:
                foreach (var item in element.EnumerateArray()) ReadTexts(item);
                break;
            case JsonValueKind.Object:
                foreach (var field in element.EnumerateObject())
                {
                    _ = field.Name;
                    ReadTexts(field.Value);
                }

                break;
        }
    }
}
