using NanoOta.Boards;

namespace NanoOta.Releases;

/// <summary>Compares a release with the one that lies in the folder that it is packed into.</summary>
public sealed class EarlierRelease
{
    private readonly ReleaseManifest? earlier;
    private readonly string folder;

    private EarlierRelease(ReleaseManifest? earlier, string folder) => (this.earlier, this.folder) = (earlier, folder);

    /// <summary>Looks into a folder. A manifest there that cannot be read, or is for another product or board, is no matter.</summary>
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

    /// <summary>Checks that devices can tell the two apart: they compare the sequence and nothing else.</summary>
    /// <exception cref="ReleaseException">Another image has the same sequence.</exception>
    public void CheckSequence(ReleaseOrder order)
    {
        if (earlier == null || earlier.Sequence != ReleaseVersion.Sequence(order.Version, order.Sequence)
            || earlier.Images.Any(image => image.Digest.AsSpan().SequenceEqual(order.Image.Digest))) return;
        throw new ReleaseException($"{folder}: {earlier.Version} with another image has the sequence {earlier.Sequence}, too, and devices "
            + "that took it never take this one; give a higher --version or --sequence, or --force if no device took it");
    }

    /// <summary>A note when the partition table of the board is not the one that the earlier release was packed with, or null.</summary>
    public string? OfTable(Board board) =>
        earlier?.TableDigest is { } before && !before.AsSpan().SequenceEqual(board.Partitions.Digest)
            ? $"the partition table of {board.Id} is not the one that {earlier.Version} was packed with; devices in the field keep "
                + "theirs: what moved needs a board with a name of its own"
            : null;
}
