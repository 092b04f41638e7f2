using NanoOta.Releases;

namespace NanoOta.Cli.Fleet;

/// <summary>What is announced of a release: its signed manifest, on the topic of its product and board (SPEC.md, section 8.2).</summary>
internal sealed record Announcement(ReleaseManifest Release, byte[] Manifest)
{
    /// <summary>Topic of the offers for the release's product and board.</summary>
    public string Topic => Topics.OfferOf(Release.Product, Release.Board);

    /// <summary>The announcement of a release folder, whether the release is good or not.</summary>
    /// <exception cref="ReleaseException">There is no manifest in it that can be read.</exception>
    public static Announcement Read(string folder)
    {
        byte[] file = ReleaseCheck.ReadManifest(folder);
        return new Announcement(SignedManifest.Read(file).Decode(), file);
    }

    /// <summary>Checks a release folder as <c>nano-ota verify</c> does.</summary>
    /// <returns>Null when something is not good; <paramref name="findings"/> says what.</returns>
    /// <exception cref="ReleaseException">There is no such folder, or no manifest in it.</exception>
    public static Announcement? Check(string folder, IReadOnlyList<PublicKey> trusted, out IReadOnlyList<Finding> findings)
    {
        findings = ReleaseCheck.Run(folder, trusted);
        return findings.All(finding => finding.Passed != false) ? Read(folder) : null;
    }

    /// <summary>The first thing that is not good, in one line.</summary>
    public static string Why(IReadOnlyList<Finding> findings)
    {
        var bad = findings.First(finding => finding.Passed == false);
        return $"{bad.Check}: {bad.Detail}";
    }
}
