namespace NanoOta.Releases;

/// <summary>Checks paths that people give, before anything is done with them.</summary>
public static class InputPath
{
    /// <summary>Bytes that no file of an app or a device has more of: the largest flash of a board.</summary>
    public const int MaxFileLength = 16 << 20;

    /// <summary>Reads a file that can be no larger than a flash.</summary>
    /// <exception cref="ReleaseException">It is larger; it is not read then, for it may be of any size.</exception>
    public static byte[] Read(string path)
    {
        using var file = File.OpenRead(path);
        // A pipe or device does not know its length.
        long known = file.CanSeek ? file.Length : 0;
        var bytes = new byte[(known is > 0 and <= MaxFileLength ? known : MaxFileLength) + 1];
        int length = file.ReadAtLeast(bytes, bytes.Length, throwOnEndOfStream: false);
        return length <= MaxFileLength ? bytes[..length]
            : throw new ReleaseException($"{path}: is larger than any flash ({MaxFileLength} bytes); give the file that is meant");
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
        Directory.CreateDirectory(path);
        return path;
    }
}
