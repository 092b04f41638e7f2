using System.Text.Json.Serialization;
using NanoOta.Cli.Device;

namespace NanoOta.Cli.Demo;

/// <summary>What a chapter showed, as it stands in the file of <c>--json</c>.</summary>
internal sealed record Chapter(string Id, string Expected, string Observed, int BytesFetched, int ImageBytes, int Boots)
{
    public bool Ok => Expected == Observed;

    [JsonIgnore]
    public IReadOnlyList<DeviceEvent> Trace { get; init; } = [];

    /// <summary>
    /// A chapter from what was played. Observed are: how it ended, what the flash boots, and what a chapter adds.
    /// </summary>
    public static Chapter Of(string id, string expected, Played played, int imageBytes, string more = "")
    {
        var observed = $"{Chapters.Say(played.End)}; {played.Firmware}{(more.Length > 0 ? "; " + more : "")}";
        return new Chapter(id, expected, observed, played.BytesFetched, imageBytes, played.Boots) { Trace = played.Trace };
    }
}
