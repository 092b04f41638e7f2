namespace NanoOta.Releases;

/// <summary>Finds conditions of a release that no device can meet.</summary>
public static class ReleaseConditions
{
    /// <summary>Why no device ever takes a release; null when some may. A stopped one is not meant: its wave can grow.</summary>
    /// <param name="release">Its manifest.</param>
    /// <param name="now">The time at which it is offered.</param>
    public static string? WhyNone(ReleaseManifest release, DateTimeOffset now)
    {
        var rollout = release.Rollout;
        if (rollout.Expires <= now.ToUnixTimeSeconds())
            return "its time is over; give it a later one with --expires";
        if (rollout.LowestSequence >= release.Sequence)
            return $"it asks for firmware with the sequence {rollout.LowestSequence} or more, and has {release.Sequence} itself; "
                + "give --after an older version";
        var twice = release.Runtime.GroupBy(need => need.Assembly).FirstOrDefault(group => group.Distinct().Count() > 1);
        if (twice != null)
            return $"it needs {twice.Key} with the checksums {string.Join(" and ", twice.Select(need => $"{need.Checksum:X8}"))}, "
                + "and a runtime has one; leave one out";
        return release.Images.FirstOrDefault(image => image.Size > release.SlotSize) is { } image
            ? $"its image has {image.Size} bytes, and its app slots {release.SlotSize}; make the app smaller" : null;
    }

    /// <exception cref="ReleaseException">No device would ever take it.</exception>
    internal static void Check(ReleaseManifest release)
    {
        if (WhyNone(release, DateTimeOffset.UtcNow) is { } why)
            throw new ReleaseException($"no device would take {release.Version}: {why}");
    }
}
