using System.Globalization;
using System.Text.RegularExpressions;

namespace NanoOta.Releases;

/// <summary>A version text (Semantic Versioning 2.0.0) and its sequence number.</summary>
public static partial class ReleaseVersion
{
    /// <summary>Highest sequence number, 2^53 − 1.</summary>
    public const long MaxSequence = (1L << 53) - 1;

    /// <summary>Checks a version text.</summary>
    /// <exception cref="ReleaseException">The version is too long or not SemVer.</exception>
    public static void Check(string version)
    {
        if (version.Length > SlotDescriptor.MaxVersionLength)
            throw new ReleaseException($"version '{version}' has more than {SlotDescriptor.MaxVersionLength} characters; shorten it");
        if (!SemVer().IsMatch(version))
            throw new ReleaseException($"version '{version}' is not a Semantic Version (semver.org); write it like 1.2.3");
    }

    /// <summary>The sequence number of a release: the given one, or major · 2^32 + minor · 2^16 + patch of the version.</summary>
    /// <param name="version">The version text, already checked or not.</param>
    /// <param name="given">An explicit number, or null.</param>
    /// <exception cref="ReleaseException">The version is invalid, needs an explicit number, or the number is out of range.</exception>
    public static long Sequence(string version, long? given)
    {
        Check(version);
        if (given is { } sequence)
            return sequence is >= 1 and <= MaxSequence ? sequence
                : throw new ReleaseException($"sequence {sequence} is out of range; give 1 to {MaxSequence} (2^53 − 1)");
        var match = SemVer().Match(version);
        if (match.Groups["pre"].Success)
            throw new ReleaseException($"version {version} is a pre-release and needs an explicit --sequence: devices compare "
                + "only the sequence number, and the version would give the same one as for the final release");
        if (match.Groups["build"].Success)
            throw new ReleaseException($"version {version} has build metadata and needs an explicit --sequence: devices compare "
                + "only the sequence number, and the version would give the same one as without the metadata");
        ulong major = Number(match, "major"), minor = Number(match, "minor"), patch = Number(match, "patch");
        if (major >= 1 << 20 || minor >= 1 << 16 || patch >= 1 << 16)
            throw new ReleaseException($"version {version} has a part that is too large for a sequence number (major below "
                + "1048576, minor and patch below 65536); give one with --sequence");
        long result = (long)((major << 32) + (minor << 16) + patch);
        if (result == 0)
            throw new ReleaseException("version 0.0.0 gives the sequence number 0, which devices reject; give one with --sequence");
        return result;
    }

    private static ulong Number(Match match, string group)
    {
        var digits = match.Groups[group].Value;
        return ulong.TryParse(digits, NumberStyles.None, CultureInfo.InvariantCulture, out ulong value) ? value : ulong.MaxValue;
    }

    // The expression that semver.org suggests, with ASCII digits only and \z, which unlike $ does not match before a line feed.
    [GeneratedRegex(@"^(?<major>0|[1-9][0-9]*)\.(?<minor>0|[1-9][0-9]*)\.(?<patch>0|[1-9][0-9]*)"
        + @"(?:-(?<pre>(?:0|[1-9][0-9]*|[0-9]*[a-zA-Z-][0-9a-zA-Z-]*)(?:\.(?:0|[1-9][0-9]*|[0-9]*[a-zA-Z-][0-9a-zA-Z-]*))*))?"
        + @"(?<build>\+[0-9a-zA-Z-]+(?:\.[0-9a-zA-Z-]+)*)?\z")]
    private static partial Regex SemVer();
}
