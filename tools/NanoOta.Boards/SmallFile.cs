namespace NanoOta.Boards;

/// <summary>Reads files that people write by hand.</summary>
internal static class SmallFile
{
    /// <summary>Characters that no board or table needs; what has more is another thing, and may be of any size.</summary>
    public const int MaxLength = 1 << 18;

    /// <summary>The text of a file.</summary>
    /// <exception cref="BoardException">It cannot be read, or is too long.</exception>
    public static string Read(string file)
    {
        try
        {
            using var reader = new StreamReader(file);
            var text = new char[MaxLength + 1];
            int length = reader.ReadBlock(text);
            if (length <= MaxLength) return new string(text, 0, length);
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            throw new BoardException($"{file}: cannot be read ({e.Message.TrimEnd('.')}); make it a file with read access");
        }

        throw new BoardException($"{file}: is longer than {MaxLength} characters; give a board.json or a partition table");
    }
}
