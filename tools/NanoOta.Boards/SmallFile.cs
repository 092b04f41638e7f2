namespace NanoOta.Boards;

/// <summary>Reads files that people write.</summary>
internal static class SmallFile
{
    /// <summary>Maximum length of a board or table file in bytes.</summary>
    public const int MaxLength = 1 << 18;

    /// <summary>Reads the text of a file.</summary>
    /// <exception cref="BoardException">The file cannot be read, is too long, or is not text.</exception>
    public static string Read(string file) => InputFile.TryReadText(file, MaxLength, out var problem)
        ?? throw new BoardException($"{file}: {problem}; give a board.json or a partition table");
}
