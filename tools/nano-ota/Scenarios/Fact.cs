using System.Globalization;
using NanoOta.Cli.Device;
using NanoOta.VirtualDevice;

namespace NanoOta.Cli.Scenarios;

/// <summary>One thing that must be true after a scenario.</summary>
/// <param name="Name">The quantity or property.</param>
/// <param name="Expected">The value that it must have, as text.</param>
/// <param name="Seen">The value that it has, as text.</param>
/// <param name="Holds">Whether it is true; computed from the values, never from the texts.</param>
internal sealed record Fact(string Name, string Expected, string Seen, bool Holds)
{
    /// <summary>Two values are equal.</summary>
    public static Fact Equal<T>(string name, T expected, T seen) =>
        new(name, Text(expected), Text(seen), EqualityComparer<T>.Default.Equals(expected, seen));

    /// <summary>Two lists have equal values in the same order.</summary>
    public static Fact EqualLists<T>(string name, IReadOnlyList<T> expected, IReadOnlyList<T> seen) =>
        new(name, List(expected), List(seen), expected.SequenceEqual(seen));

    /// <summary>A number has a lower limit.</summary>
    public static Fact AtLeast(string name, long least, long seen) => new(name, $"at least {least}", $"{seen}", seen >= least);

    /// <summary>A number has an upper limit.</summary>
    public static Fact AtMost(string name, long most, long seen) => new(name, $"at most {most}", $"{seen}", seen <= most);

    /// <summary>A number is in a range, limits included.</summary>
    public static Fact Within(string name, long least, long most, long seen) =>
        new(name, $"{least} to {most}", $"{seen}", seen >= least && seen <= most);

    /// <summary>A value that is shown, whatever it is.</summary>
    public static Fact Note(string name, string seen) => new(name, seen, seen, true);

    /// <summary>A run ended with an event of this kind and code and, unless <paramref name="version"/> is null, of this version.</summary>
    public static Fact Ends(string name, DeviceEvent? end, string kind, UpdateError code, string? version = null) => new(
        name, Event(kind, version, code),
        end == null ? "not reached in time" : Event(end.Event, version == null ? null : end.Version, Code(end)),
        end != null && end.Event == kind && Code(end) == code && (version == null || end.Version == version));

    /// <summary>The flash boots this version: its slot holds the whole image, and its boot record is confirmed.</summary>
    public static Fact Boots(FlashContent? flash, string version) =>
        Equal("firmware in flash", new FlashContent(version, IsWhole: true, BootState.Confirmed), flash);

    /// <summary>Name and value of a fact that holds; of another one also the expected value.</summary>
    public override string ToString() => Holds ? $"{Name}: {Seen}" : $"{Name}: expected {Expected}, seen {Seen}";

    private static UpdateError Code(DeviceEvent e) => (UpdateError)(e.Code ?? 0);

    private static string Event(string kind, string? version, UpdateError code) =>
        kind + (version == null ? "" : " " + version) + (code == UpdateError.None ? "" : ", " + Text(code));

    private static string List<T>(IReadOnlyList<T> values) => values.Count == 0 ? "none" : string.Join(", ", values.Select(Text));

    private static string Text<T>(T value) => value switch
    {
        null => "none",
        bool isTrue => isTrue ? "yes" : "no",
        UpdateError.None => "0",
        UpdateError code => $"{(int)code} ({UpdateErrors.Text(code)})",
        _ => Convert.ToString(value, CultureInfo.InvariantCulture)!,
    };
}
