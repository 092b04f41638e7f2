using System.Text.Json;
using System.Text.Json.Serialization;

namespace NanoOta.Cli.Device;

/// <summary>One line of <c>--events</c>: what happened on a device.</summary>
public sealed record DeviceEvent
{
    private static readonly JsonSerializerOptions Format = new(JsonSerializerDefaults.Web)
    {
        DefaultIgnoreCondition = JsonIgnoreCondition.WhenWritingNull,
        Encoder = System.Text.Encodings.Web.JavaScriptEncoder.UnsafeRelaxedJsonEscaping,
    };

    /// <summary>The board, which firmware cannot make say anything.</summary>
    public const string ByBoard = "board";

    /// <summary>The agent in the firmware, or what else prints its lines there.</summary>
    public const string ByAgent = "agent";

    /// <summary>Who saw it and said so: <see cref="ByBoard"/> or <see cref="ByAgent"/>.</summary>
    public required string By { get; init; }

    /// <summary>One of the events in SPEC.md, section 6.</summary>
    public required string Event { get; init; }

    /// <summary>The slot it is about.</summary>
    public int? Slot { get; init; }

    /// <summary>The version it is about.</summary>
    public string? Version { get; init; }

    /// <summary>Error number, as in UpdateError.</summary>
    public int? Code { get; init; }

    /// <summary>What the code says; for boot and reboot, what reset the chip; for sleep, how long.</summary>
    public string? Reason { get; init; }

    /// <summary>What the reason cannot know, such as the name of a missing assembly.</summary>
    public string? Detail { get; init; }

    /// <summary>Bytes of the image fetched in this run, over all boots.</summary>
    public int? Bytes { get; init; }

    /// <summary>Bytes of the image that lie in the slot.</summary>
    public int? Staged { get; init; }

    /// <summary>Bytes of the whole image.</summary>
    public int? Size { get; init; }

    /// <summary>Boots in this run so far.</summary>
    public int Boots { get; init; }

    /// <summary>Milliseconds since the run began.</summary>
    public long Ms { get; init; }

    public string ToJson() => JsonSerializer.Serialize(this, Format);
}
