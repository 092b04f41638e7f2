using System.CommandLine;
using System.Globalization;
using NanoOta.Releases;

namespace NanoOta.Cli.Release;

/// <summary>The options for the devices that may install a release, and until when.</summary>
internal sealed class RolloutOptions
{
    private readonly Option<int?> wave = CommonOptions.Of<int?>("--wave", "PERCENT",
        "Share of the devices that may install it, in percent; a wider wave contains the narrower one, 0 stops it");

    private readonly Option<string?> expires = CommonOptions.Of<string?>("--expires", "WHEN",
        "Until when devices install it: a time such as 2027-01-31 or 2027-01-31T12:00Z, a span from now such as 30d or 12h, "
        + "or 'never'");

    private readonly Option<string?> after = CommonOptions.Of<string?>("--after", "VERSION",
        "Oldest version, or sequence number, that it may replace [default: any]");

    private readonly Option<string[]> mirror = new("--mirror")
    {
        Description = "Address of another folder with the same files, used when the first fails; up to four; 'none' removes all",
        HelpName = "URL",
        Arity = ArgumentArity.OneOrMore,
    };

    public void AddTo(Command command)
    {
        foreach (Option option in new Option[] { wave, expires, after, mirror }) command.Add(option);
    }

    /// <summary>Applies the options that are given.</summary>
    /// <exception cref="ReleaseException">A value is wrong.</exception>
    public Rollout Apply(ParseResult result, Rollout old)
    {
        var changed = old;
        if (result.GetValue(wave) is { } percent) changed = changed with { WavePercent = percent };
        if (result.GetValue(expires) is { } when) changed = changed with { Expires = Time(when) };
        if (result.GetValue(after) is { } version) changed = changed with { LowestSequence = Sequence(version) };
        if (result.GetValue(mirror) is { Length: > 0 } mirrors) changed = changed with { Mirrors = Mirrors(mirrors) };
        return changed;
    }

    private static long? Time(string text)
    {
        if (text == "never") return null;
        var now = DateTimeOffset.UtcNow;
        if (text.Length > 1 && int.TryParse(text[..^1], NumberStyles.None, CultureInfo.InvariantCulture, out int span)
            && span is > 0 and < 100_000)
        {
            if (text[^1] == 'd') return now.AddDays(span).ToUnixTimeSeconds();
            if (text[^1] == 'h') return now.AddHours(span).ToUnixTimeSeconds();
        }

        string[] formats = ["yyyy-MM-dd", "yyyy-MM-dd'T'HH:mmK", "yyyy-MM-dd'T'HH:mm:ssK"];
        if (!DateTimeOffset.TryParseExact(text, formats, CultureInfo.InvariantCulture, DateTimeStyles.AssumeUniversal, out var time))
            throw new ReleaseException($"--expires '{text}' is wrong; give 2027-01-31, 2027-01-31T12:00Z, 30d, 12h (1 to 99999) or never");
        return time > now ? time.ToUnixTimeSeconds() : throw new ReleaseException($"--expires {text} is in the past");
    }

    private static string[] Mirrors(string[] given)
    {
        if (!given.Contains("none")) return [.. given.Select(address => WebAddress.OfMirror("--mirror", address))];
        if (given.Length == 1) return [];
        throw new ReleaseException("--mirror 'none' removes all mirrors; give it alone, or addresses only");
    }

    private static long Sequence(string text) => long.TryParse(text, NumberStyles.None, CultureInfo.InvariantCulture, out long number)
        ? number is >= 1 and <= ReleaseVersion.MaxSequence ? number
            : throw new ReleaseException($"--after {text} is out of range; give a version, or 1 to {ReleaseVersion.MaxSequence}")
        : ReleaseVersion.Sequence(text, null);
}
