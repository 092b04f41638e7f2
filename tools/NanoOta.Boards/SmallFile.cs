namespace NanoOta.Boards;

/// <summary>Reads files that people write by hand.</summary>
internal static class SmallFile
{
    /// <summary>Bytes that no board or table needs.</summary>
    public const int MaxLength = 1 << 18;

    /// <summary>The text of a file.</summary>
    /// <exception cref="BoardException">It cannot be read, is too long, or no text.</exception>
    public static string Read(string file) => InputFile.TryReadText(file, MaxLength, out var problem)
        ?? throw new BoardException($"{file}: {problem}; give a board.json or a partition table");
}
