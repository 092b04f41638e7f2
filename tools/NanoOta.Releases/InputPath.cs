using NanoOta.Boards;

namespace NanoOta.Releases;

/// <summary>Checks and reads paths that a user gives.</summary>
public static class InputPath
{
    /// <summary>Maximum length in bytes of a file of an app or a device: the largest flash of a board.</summary>
    public const int MaxFileLength = 16 << 20;

    /// <summary>First byte of every key and certificate in DER.</summary>
    private const byte DerSequence = 0x30;

    /// <summary>Maximum length in bytes of a list, key or token.</summary>
    public const int MaxTextLength = 1 << 20;

    /// <summary>Reads a file.</summary>
    /// <param name="path">Its path.</param>
    /// <param name="most">Maximum length in bytes.</param>
    /// <param name="remedy">What to give instead.</param>
    /// <exception cref="ReleaseException">The file is empty, too large, not a regular file, or cannot be read.</exception>
    public static byte[] Read(string path, int most = MaxFileLength, string remedy = "give the path of the file") =>
        InputFile.TryRead(path, most, out var problem) ?? throw new ReleaseException($"{path}: {problem}; {remedy}");

    /// <summary>Reads a text file.</summary>
    /// <param name="path">Its path.</param>
    /// <param name="what">What the file is, for the message if it is missing.</param>
    /// <param name="remedy">What to give instead.</param>
    /// <exception cref="ReleaseException">The file is missing, too large, not text, or cannot be read.</exception>
    public static string Text(string path, string what, string remedy) =>
        InputFile.TryReadText(Existing(path, what, remedy), MaxTextLength, out var problem)
        ?? throw new ReleaseException($"{path}: {problem}; {remedy}");

    /// <summary>Reads a PEM file. Text between its blocks is ignored.</summary>
    /// <inheritdoc cref="Text"/>
    public static string Pem(string path, string what, string remedy)
    {
        byte[] bytes = Read(Existing(path, what, remedy), MaxTextLength, remedy);
        return bytes[0] != DerSequence ? InputFile.Decode(bytes)
            : throw new ReleaseException($"{path}: is DER (binary), not PEM (text); {remedy}");
    }

    /// <summary>Checks that a file exists.</summary>
    /// <param name="path">Its path.</param>
    /// <param name="what">What the file is, for the message.</param>
    /// <param name="remedy">What to do if it is missing.</param>
    /// <exception cref="ReleaseException">The file is missing, or is a folder.</exception>
    public static string Existing(string path, string what, string remedy)
    {
        if (Directory.Exists(path)) throw new ReleaseException($"{path}: is a folder, not a file; {remedy}");
        return File.Exists(path) ? path : throw new ReleaseException($"{path}: no such {what}; {remedy}");
    }

    /// <summary>Checks the path of a file to write.</summary>
    /// <exception cref="ReleaseException">The path is a folder, or its folder is missing.</exception>
    public static string NewFile(string path)
    {
        if (Directory.Exists(path)) throw new ReleaseException($"{path}: is a folder; give a file");
        var folder = Path.GetDirectoryName(Path.GetFullPath(path));
        return Directory.Exists(folder) ? path : throw new ReleaseException($"{path}: the folder {folder} does not exist; create it first");
    }

    /// <summary>Creates a folder; an existing one must be empty.</summary>
    /// <exception cref="ReleaseException">The path is a file, or the folder is not empty.</exception>
    public static string EmptyFolder(string path)
    {
        if (Directory.Exists(path) && Directory.EnumerateFileSystemEntries(path).Any())
            throw new ReleaseException($"{path}: is not empty; give a new folder");
        return NewFolder(path);
    }

    /// <summary>Creates a folder if it does not exist.</summary>
    /// <exception cref="ReleaseException">The path is a file, or the folder cannot be created.</exception>
    public static string NewFolder(string path)
    {
        if (File.Exists(path)) throw new ReleaseException($"{path}: is a file; give a folder");
        try
        {
            Directory.CreateDirectory(path);
            return path;
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            throw new ReleaseException($"{path}: the folder cannot be created ({InputFile.Reason(e)}); give another path");
        }
    }
}
