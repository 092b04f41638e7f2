using NanoOta.Boards;

namespace NanoOta.Releases;

/// <summary>Compares a release with the one that its target folder contains already.</summary>
public sealed class EarlierRelease
{
    private readonly ReleaseManifest? earlier;
    private readonly string folder;

    private EarlierRelease(ReleaseManifest? earlier, string folder) => (this.earlier, this.folder) = (earlier, folder);

    /// <summary>Reads the manifest in a folder; ignores one that cannot be read, or is for another product or board.</summary>
    public static EarlierRelease In(string folder, ReleaseOrder order)
    {
        try
        {
            var found = SignedManifest.Read(ReleaseCheck.ReadManifest(folder)).Decode();
            return new EarlierRelease(found.Product == order.Product && found.Board == order.Board.Id ? found : null, folder);
        }
        catch (ReleaseException)
        {
            return new EarlierRelease(null, folder);
        }
    }

    /// <summary>Checks that the two have different sequence numbers, the only value that devices compare.</summary>
    /// <exception cref="ReleaseException">Another image has the same sequence number.</exception>
    public void CheckSequence(ReleaseOrder order)
    {
        if (earlier == null || earlier.Sequence != ReleaseVersion.Sequence(order.Version, order.Sequence)
            || earlier.Images.Any(image => image.Digest.AsSpan().SequenceEqual(order.Image.Digest))) return;
        throw new ReleaseException($"{folder}: {earlier.Version} with another image has sequence {earlier.Sequence} as well, and "
            + "devices that installed it ignore this one; give a higher --version or --sequence, or --force if no device installed it");
    }

    /// <summary>A note if the earlier release was packed with another partition table of the board, or null.</summary>
    public string? OfTable(Board board) =>
        earlier?.TableDigest is { } before && !before.AsSpan().SequenceEqual(board.Partitions.Digest)
            ? $"the partition table of {board.Id} differs from the one that {earlier.Version} was packed with; devices in the field keep "
                + "theirs: if a partition moved, define a board with a new id"
            : null;
}
