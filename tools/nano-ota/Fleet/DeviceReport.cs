using System.Diagnostics.CodeAnalysis;
using System.Text.Json;

namespace NanoOta.Cli.Fleet;

/// <summary>A device's report (SPEC.md, section 8.8), or one of an attacker: a JSON object of limited size and depth with valid texts. Its
/// content is untrusted: <see cref="ReportPart"/> cleans texts.</summary>
internal sealed class DeviceReport
{
    /// <summary>Longest report in bytes; agents write half of it.</summary>
    public const int MaxLength = 16384;

    private const int MaxDepth = 8;

    private DeviceReport(byte[] bytes, JsonElement root) => (Bytes, Root) = (bytes, root);

    /// <summary>The report as received.</summary>
    public byte[] Bytes { get; }

    /// <summary>The parsed report.</summary>
    public JsonElement Root { get; }

    /// <summary>Counter of the command that requested it; null = not given.</summary>
    public long? Number => Root.TryGetProperty("n", out var n) && n.ValueKind == JsonValueKind.Number && n.TryGetInt64(out long number)
        ? number : null;

    /// <summary>Reads a report; false if it is not valid.</summary>
    public static bool TryRead(byte[] payload, [NotNullWhen(true)] out DeviceReport? report)
    {
        report = null;
        if (payload.Length > MaxLength) return false;
        try
        {
            using var document = JsonDocument.Parse(payload, new JsonDocumentOptions { MaxDepth = MaxDepth });
            var root = document.RootElement.Clone();
            if (root.ValueKind != JsonValueKind.Object) return false;
            CheckTexts(root);
            report = new DeviceReport(payload, root);
            return true;
        }
        catch (Exception e) when (e is JsonException or InvalidOperationException)
        {
            // An unpaired surrogate is an InvalidOperationException.
            return false;
        }
    }

    private static void CheckTexts(JsonElement element)
    {
        switch (element.ValueKind)
        {
            case JsonValueKind.String:
                element.GetString();
                break;
            case JsonValueKind.Array:
                foreach (var item in element.EnumerateArray()) CheckTexts(item);
                break;
            case JsonValueKind.Object:
                foreach (var field in element.EnumerateObject())
                {
                    _ = field.Name;
                    CheckTexts(field.Value);
                }

                break;
        }
    }
}
