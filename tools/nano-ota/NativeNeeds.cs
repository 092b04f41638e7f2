using System.Globalization;
using System.Text.RegularExpressions;
using NanoOta.Releases;

namespace NanoOta.Cli;

/// <summary>Native assemblies on the command line: NAME=0xCHECKSUM.</summary>
internal static partial class NativeNeeds
{
    /// <summary>Reads the values of an option.</summary>
    /// <exception cref="ReleaseException">One is malformed, or a name comes twice.</exception>
    public static IReadOnlyList<NativeNeed> Parse(string option, string[]? values)
    {
        var needs = (values ?? []).Select(value => Parse(option, value)).ToList();
        var twice = needs.GroupBy(need => need.Assembly).FirstOrDefault(group => group.Count() > 1);
        return twice == null ? needs : throw new ReleaseException($"{option}: {twice.Key} is given twice; give it once");
    }

    private static NativeNeed Parse(string option, string value)
    {
        var match = Pair().Match(value);
        if (!match.Success)
            throw new ReleaseException($"{option} '{value}' is wrong; give NAME=0xCHECKSUM, such as Lamp.Driver=0x1A2B3C4D");
        return new NativeNeed(match.Groups["name"].Value,
            uint.Parse(match.Groups["checksum"].Value, NumberStyles.HexNumber, CultureInfo.InvariantCulture));
    }

    // The name as in a manifest (SPEC.md, section 2).
    [GeneratedRegex(@"^(?<name>[A-Za-z0-9._-]{1,64})=0x(?<checksum>[0-9A-Fa-f]{1,8})\z")]
    private static partial Regex Pair();
}
