using NanoOta.Releases;

namespace NanoOta.Cli.Fleet;

/// <summary>The announcement of a release: its signed manifest, on the topic of its product and board (SPEC.md, section 8.2).</summary>
internal sealed record Announcement(ReleaseManifest Release, byte[] Manifest)
{
    /// <summary>Topic of the announcements for the product and board.</summary>
    public string Topic => Topics.OfferOf(Release.Product, Release.Board);

    /// <summary>Reads the announcement from a release folder, without a check of the release.</summary>
    /// <exception cref="ReleaseException">It has no readable manifest.</exception>
    public static Announcement Read(string folder)
    {
        byte[] file = ReleaseCheck.ReadManifest(folder);
        return new Announcement(SignedManifest.Read(file).Decode(), file);
    }

    /// <summary>Checks a release folder as <c>nano-ota verify</c> does.</summary>
    /// <returns>Null if a check failed; <paramref name="findings"/> has all checks.</returns>
    /// <exception cref="ReleaseException">There is no such folder, or no manifest in it.</exception>
    public static Announcement? Check(string folder, IReadOnlyList<PublicKey> trusted, out IReadOnlyList<Finding> findings)
    {
        findings = ReleaseCheck.Run(folder, trusted);
        return findings.All(finding => finding.Passed != false) ? Read(folder) : null;
    }

    /// <summary>The first failed check, in one line.</summary>
    public static string Why(IReadOnlyList<Finding> findings)
    {
        var failed = findings.First(finding => finding.Passed == false);
        return $"{failed.Check}: {failed.Detail}";
    }
}
