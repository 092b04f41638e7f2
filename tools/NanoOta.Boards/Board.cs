namespace NanoOta.Boards;

/// <summary>A board, as <c>boards/ID/board.json</c> and the partition table named there describe it.</summary>
public sealed class Board
{
    public required string Id { get; init; }

    public required string Name { get; init; }

    public required Chip Chip { get; init; }

    /// <summary>Bytes of flash.</summary>
    public required int FlashSize { get; init; }

    public required PartitionTable Partitions { get; init; }

    /// <summary>GPIO of a plain LED; null if there is none.</summary>
    public int? LedPin { get; init; }

    /// <summary>How the board measures its supply; null if it does not.</summary>
    public Supply? Supply { get; init; }

    /// <summary>Loads a board by the name of its folder, or by the path of that folder or of its board.json. It searches for a name in
    /// <c>boards</c> of the current folder and the folders above it, then beside the program.</summary>
    /// <exception cref="BoardException">The board does not exist, or one of its files is invalid.</exception>
    public static Board Load(string nameOrPath) => BoardFile.Read(BoardFolders.Find(nameOrPath));
}
