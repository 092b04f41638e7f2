namespace NanoOta.Releases;

/// <summary>Finds conditions of a release that no device can meet.</summary>
public static class ReleaseConditions
{
    /// <summary>Why no device can install a release; null if some may. Ignores a roll-out of 0 percent, which can be raised.</summary>
    /// <param name="release">Its manifest.</param>
    /// <param name="now">The current time.</param>
    public static string? WhyNone(ReleaseManifest release, DateTimeOffset now)
    {
        var rollout = release.Rollout;
        if (rollout.Expires <= now.ToUnixTimeSeconds())
            return "it has expired; give a later time with --expires";
        if (rollout.LowestSequence >= release.Sequence)
            return $"it requires firmware with the sequence {rollout.LowestSequence} or more, but itself has {release.Sequence}; "
                + "give --after an older version";
        var twice = release.Runtime.GroupBy(need => need.Assembly).FirstOrDefault(group => group.Distinct().Count() > 1);
        if (twice != null)
            return $"it needs {twice.Key} with the checksums {string.Join(" and ", twice.Select(need => $"{need.Checksum:X8}"))}, "
                + "but a runtime has one of them; remove one";
        var missing = release.Clr is { } runtime ? release.Runtime.FirstOrDefault(need => !runtime.HasNative(need.Checksum)) : null;
        if (missing != null)
            return $"it needs {missing.Assembly} with the checksum {missing.Checksum:X8}, which its runtime does not have; build app and "
                + "runtime of the same packages, and give both";
        return release.App is { } app && app.Size > release.SlotSize
            ? $"its image has {app.Size} bytes, but its app slots have {release.SlotSize}; make the app smaller" : null;
    }

    /// <exception cref="ReleaseException">No device could install it.</exception>
    internal static void Check(ReleaseManifest release)
    {
        if (WhyNone(release, DateTimeOffset.UtcNow) is { } why)
            throw new ReleaseException($"no device would install {release.Version}: {why}");
    }
}
