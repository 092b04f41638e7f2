using NanoOta.Boards;

namespace NanoOta.Releases;

/// <summary>Checks paths that people give, before anything is done with them.</summary>
public static class InputPath
{
    /// <summary>Bytes that no file of an app or a device has more of: the largest flash of a board.</summary>
    public const int MaxFileLength = 16 << 20;

    /// <summary>First byte of every key and certificate in DER.</summary>
    private const byte DerSequence = 0x30;

    /// <summary>Bytes that no list, key or token that people give has more of.</summary>
    public const int MaxTextLength = 1 << 20;

    /// <summary>Reads a file.</summary>
    /// <param name="path">Its path.</param>
    /// <param name="most">Bytes that a file of its role has at most.</param>
    /// <param name="remedy">What to give instead.</param>
    /// <exception cref="ReleaseException">It is empty, larger, no regular file, or cannot be read.</exception>
    public static byte[] Read(string path, int most = MaxFileLength, string remedy = "give the file that is meant") =>
        InputFile.TryRead(path, most, out var problem) ?? throw new ReleaseException($"{path}: {problem}; {remedy}");

    /// <summary>Reads a text of lines.</summary>
    /// <param name="path">Its path.</param>
    /// <param name="what">What it is, for the message when it is missing.</param>
    /// <param name="remedy">What to give instead.</param>
    /// <exception cref="ReleaseException">It is missing, too large, no text, or cannot be read.</exception>
    public static string Text(string path, string what, string remedy) =>
        InputFile.TryReadText(Existing(path, what, remedy), MaxTextLength, out var problem)
        ?? throw new ReleaseException($"{path}: {problem}; {remedy}");

    /// <summary>Reads a PEM file; whatever stands between its blocks is no matter.</summary>
    /// <inheritdoc cref="Text"/>
    public static string Pem(string path, string what, string remedy)
    {
        byte[] bytes = Read(Existing(path, what, remedy), MaxTextLength, remedy);
        return bytes[0] != DerSequence ? InputFile.Decode(bytes)
            : throw new ReleaseException($"{path}: is DER (binary), not PEM (text); {remedy}");
    }

    /// <summary>A file that must be there.</summary>
    /// <param name="path">Its path.</param>
    /// <param name="what">What it is, for the message.</param>
    /// <param name="remedy">What to do when it is not there.</param>
    /// <exception cref="ReleaseException">It is missing or a folder.</exception>
    public static string Existing(string path, string what, string remedy)
    {
        if (Directory.Exists(path)) throw new ReleaseException($"{path}: is a folder, not a file; {remedy}");
        return File.Exists(path) ? path : throw new ReleaseException($"{path}: no such {what}; {remedy}");
    }

    /// <summary>A file that is to be written.</summary>
    /// <exception cref="ReleaseException">It is a folder, or its folder is missing.</exception>
    public static string NewFile(string path)
    {
        if (Directory.Exists(path)) throw new ReleaseException($"{path}: is a folder; give a file");
        var folder = Path.GetDirectoryName(Path.GetFullPath(path));
        return Directory.Exists(folder) ? path : throw new ReleaseException($"{path}: there is no folder {folder}; make it first");
    }

    /// <summary>A folder that is made, or that is there and empty.</summary>
    /// <exception cref="ReleaseException">It is a file, or holds something.</exception>
    public static string EmptyFolder(string path)
    {
        if (Directory.Exists(path) && Directory.EnumerateFileSystemEntries(path).Any())
            throw new ReleaseException($"{path}: is not empty; give a new folder");
        return NewFolder(path);
    }

    /// <summary>A folder that is made if need be.</summary>
    /// <exception cref="ReleaseException">It is a file.</exception>
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
            throw new ReleaseException($"{path}: the folder cannot be made ({InputFile.Reason(e)}); give another place");
        }
    }
}
