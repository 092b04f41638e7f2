using System.Text.Json;

namespace NanoOta.Cli.Device;

/// <summary>
/// Finds an event of the agent in a line of a device's console (SPEC.md, section 6). The rest of the firmware prints there too, and
/// anything: what is no whole event of an agent is text.
/// </summary>
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

    private sealed record Said(
        string Event, int Slot, string Version, int Code, string Reason, int Bytes, int Staged, int Size, string? Detail = null)
    {
        public bool IsOfAgent => Names.Contains(Event) && Slot is 0 or 1 && Code is >= 0 and <= ushort.MaxValue
            && Bytes >= 0 && Staged >= 0 && Staged <= Size;
    }

    /// <summary>The event in a line, wherever it starts; null when there is none.</summary>
    /// <param name="line">A line of the console.</param>
    /// <param name="text">What stands before the event: the whole line when there is none.</param>
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
            return JsonSerializer.Deserialize<Said>(json, Format) is { IsOfAgent: true } said ? Event(said) : null;
        }
        catch (Exception e) when (e is JsonException or ArgumentException)
        {
            return null; // no JSON, a field that is missing or of another type, or no Unicode
        }
    }

    private static DeviceEvent Event(Said said) => new()
    {
        By = DeviceEvent.ByAgent,
        Event = said.Event,
        Slot = said.Slot,
        Version = said.Version,
        Code = said.Code,
        Reason = said.Reason,
        Detail = said.Detail,
        Bytes = said.Bytes,
        Staged = said.Size > 0 ? said.Staged : null,
        Size = said.Size > 0 ? said.Size : null,
    };
}
