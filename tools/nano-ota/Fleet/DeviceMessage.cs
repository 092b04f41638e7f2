using System.Diagnostics.CodeAnalysis;
using System.Text;
using System.Text.Json;

namespace NanoOta.Cli.Fleet;

/// <summary>A message of a device (SPEC.md, section 8), or of an attacker in its name: a well-formed topic and a flat JSON object. Texts
/// are cleaned for a console.</summary>
internal sealed class DeviceMessage
{
    /// <summary>Bytes of the longest message except a report.</summary>
    private const int MaxLength = SendQueue.MaxLength;

    private const int MaxFields = 40;

    private readonly Dictionary<string, object> fields;

    private DeviceMessage(string product, string device, string id, string kind, Dictionary<string, object> fields)
    {
        (Product, Device, Id, Kind, this.fields) = (product, device, id, kind, fields);
    }

    /// <summary>Product and device as topic levels.</summary>
    public string Product { get; }

    /// <inheritdoc cref="Product"/>
    public string Device { get; }

    /// <summary>The device id, not cleaned; for programs, not for a console.</summary>
    public string Id { get; }

    /// <summary>The topic's last level: <c>status</c>, <c>progress</c>, <c>event</c> or <c>answer</c>.</summary>
    public string Kind { get; }

    /// <summary>Texts and integers by name.</summary>
    public IReadOnlyDictionary<string, object> Fields => fields;

    /// <summary>Whether the message is empty: it removes the retained one.</summary>
    public bool IsRemoval => fields.Count == 0;

    /// <summary>A text; null = no such field.</summary>
    public string? Text(string name) => fields.GetValueOrDefault(name) as string;

    /// <summary>A number from 0; null = no such field.</summary>
    public long? Number(string name) => fields.GetValueOrDefault(name) is long and >= 0 and var number ? number : null;

    /// <summary>Reads a message; false if it is not one of a device.</summary>
    public static bool TryRead(BrokerMessage message, [NotNullWhen(true)] out DeviceMessage? read)
    {
        read = null;
        var levels = message.Topic.Split('/');
        if (levels is not ["nanoota", var product, "device", var device, "status" or "progress" or "event" or "answer"]) return false;
        if (Unescape(product) == null || Unescape(device) is not { } id) return false;
        if (message.Payload.Length > MaxLength || ReadFields(message.Payload) is not { } fields) return false;
        read = new DeviceMessage(product, device, id, levels[4], fields);
        return true;
    }

    // Null for a level that is not the escaped form of a text.
    private static string? Unescape(string level)
    {
        if (level.Length > 3 * Topics.MaxSegmentBytes) return null;
        var text = Uri.UnescapeDataString(level);
        return Encoding.UTF8.GetByteCount(text) is >= 1 and <= Topics.MaxSegmentBytes && Topics.Segment(text) == level ? text : null;
    }

    private static Dictionary<string, object>? ReadFields(byte[] payload)
    {
        var fields = new Dictionary<string, object>();
        if (payload.Length == 0) return fields;
        try
        {
            using var document = JsonDocument.Parse(payload);
            if (document.RootElement.ValueKind != JsonValueKind.Object) return null;
            foreach (var field in document.RootElement.EnumerateObject())
            {
                var name = DeviceText.Clean(field.Name);
                if (field.Value.ValueKind == JsonValueKind.String) fields[name] = DeviceText.Clean(field.Value.GetString()!);
                else if (field.Value.ValueKind == JsonValueKind.Number && field.Value.TryGetInt64(out long number)) fields[name] = number;
            }
        }
        catch (Exception e) when (e is JsonException or InvalidOperationException)
        {
            // An unpaired surrogate is an InvalidOperationException.
            return null;
        }

        return fields.Count is > 0 and <= MaxFields ? fields : null;
    }
}
