using System.Text.Json;
using System.Text.Json.Serialization;
using NanoOta.VirtualDevice;

namespace NanoOta.Cli.Device;

/// <summary>One event of a device: a line of <c>--events</c> (SPEC.md, section 6), and what the board knows besides.</summary>
public sealed record DeviceEvent
{
    private static readonly JsonSerializerOptions Format = new(JsonSerializerDefaults.Web)
    {
        DefaultIgnoreCondition = JsonIgnoreCondition.WhenWritingNull,
        Encoder = System.Text.Encodings.Web.JavaScriptEncoder.UnsafeRelaxedJsonEscaping,
    };

    /// <summary>The board; firmware cannot forge its events.</summary>
    public const string ByBoard = "board";

    /// <summary>The agent, or other firmware that prints such lines.</summary>
    public const string ByAgent = "agent";

    /// <summary>The source: <see cref="ByBoard"/> or <see cref="ByAgent"/>.</summary>
    public required string By { get; init; }

    /// <summary>Kind of the event, as in SPEC.md, section 6.</summary>
    public required string Event { get; init; }

    /// <summary>The slot that the event is about.</summary>
    public int? Slot { get; init; }

    /// <summary>The version that the event is about.</summary>
    public string? Version { get; init; }

    /// <summary>Of a boot on a board with runtime slots whose flash holds a runtime: number of the runtime slot and version of its
    /// image.</summary>
    public StartedRuntime? Runtime { get; init; }

    /// <summary>Error number, as in UpdateError; 0 = none.</summary>
    public int? Code { get; init; }

    /// <summary>Text of the code; for boot and reboot, the cause of the reset; for sleep, its duration.</summary>
    public string? Reason { get; init; }

    /// <summary>Details of this case, such as the name of a missing assembly.</summary>
    public string? Detail { get; init; }

    /// <summary>Bytes of the image fetched in this run, over all boots.</summary>
    public int? Bytes { get; init; }

    /// <summary><c>runtime</c> if the sizes are those of a runtime; null for an app.</summary>
    public string? Image { get; init; }

    /// <summary>Bytes of the image in the slot.</summary>
    public int? Staged { get; init; }

    /// <summary>Bytes of the whole image.</summary>
    public int? Size { get; init; }

    /// <summary>Bytes of the packed file that is fetched in place of the image.</summary>
    public int? Packed { get; init; }

    /// <summary>Boots in this run so far.</summary>
    public int Boots { get; init; }

    /// <summary>Milliseconds since the run began.</summary>
    public long Ms { get; init; }

    /// <summary>Of the board's boot and reboot: the cause of the reset; PowerOn = loss of power. Not in the JSON form.</summary>
    [JsonIgnore]
    public ResetReason? Reset { get; init; }

    /// <summary>Of a boot: the firmware that starts. Not in the JSON form.</summary>
    [JsonIgnore]
    public RunningFirmware? Firmware { get; init; }

    public string ToJson() => JsonSerializer.Serialize(this, Format);
}
