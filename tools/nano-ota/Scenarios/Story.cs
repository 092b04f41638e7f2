using NanoOta.Cli.Device;

namespace NanoOta.Cli.Scenarios;

/// <summary>The events of a run in one line.</summary>
internal static class Story
{
    /// <summary>Kinds of the events; repeated ones, such as progress, are shown once.</summary>
    public static string Of(IReadOnlyList<DeviceEvent> trace) => string.Join(" → ", Steps(trace));

    private static IEnumerable<string> Steps(IReadOnlyList<DeviceEvent> trace)
    {
        string last = "";
        foreach (var e in trace)
        {
            var step = e.Event is "boot" ? $"boot {e.Version}".TrimEnd() : e.Event;
            if (step != last) yield return step;
            last = step;
        }
    }
}
