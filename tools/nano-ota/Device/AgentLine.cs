using System.Text.Json;

namespace NanoOta.Cli.Device;

/// <summary>Finds an event of the agent in a line of a device's console (SPEC.md, section 6). The rest of the firmware prints to the same
/// console: a line without a complete and valid event is text.</summary>
internal static class AgentLine
{
    private const string Prefix = "nanoota: ";

    private static readonly JsonSerializerOptions Format = new()
    {
        PropertyNamingPolicy = JsonNamingPolicy.CamelCase,
        RespectNullableAnnotations = true,
        RespectRequiredConstructorParameters = true,
    };

    private static readonly HashSet<string> Names = [.. Enum.GetValues<UpdateEventKind>().Select(UpdateEvents.Name)];

    private sealed record Fields(
        string Event, int Slot, string Version, int Code, string Reason, int Bytes, int Staged, int Size, string? Detail = null, int? Packed = null,
        string? Image = null)
    {
        public bool IsOfAgent => Names.Contains(Event) && Slot is 0 or 1 && Code is >= 0 and <= ushort.MaxValue
            && Bytes >= 0 && Staged >= 0 && Staged <= Size;
    }

    /// <summary>The event in a line, wherever it starts; null when there is none.</summary>
    /// <param name="line">A line of the console.</param>
    /// <param name="text">The text before the event; the whole line when there is none.</param>
    public static DeviceEvent? Find(string line, out string text)
    {
        for (int at = Next(line, 0); at >= 0; at = Next(line, at + 1))
        {
            text = line[..at];
            if (Read(line[(at + Prefix.Length)..]) is { } e) return e;
        }

        text = line;
        return null;
    }

    private static int Next(string line, int from) => line.IndexOf(Prefix + '{', from, StringComparison.Ordinal);

    private static DeviceEvent? Read(string json)
    {
        try
        {
            return JsonSerializer.Deserialize<Fields>(json, Format) is { IsOfAgent: true } fields ? Event(fields) : null;
        }
        catch (Exception e) when (e is JsonException or ArgumentException)
        {
            return null; // invalid JSON or Unicode, or a field that is missing or of another type
        }
    }

    private static DeviceEvent Event(Fields fields) => new()
    {
        By = DeviceEvent.ByAgent,
        Event = fields.Event,
        Slot = fields.Slot,
        Version = fields.Version,
        Code = fields.Code,
        Reason = fields.Reason,
        Detail = fields.Detail,
        Bytes = fields.Bytes,
        Staged = fields.Size > 0 ? fields.Staged : null,
        Size = fields.Size > 0 ? fields.Size : null,
        Packed = fields.Packed,
        Image = fields.Image,
    };
}
