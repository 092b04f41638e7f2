namespace NanoOta.Releases;

/// <summary>Checks paths that people give, before anything is done with them.</summary>
public static class InputPath
{
    /// <summary>A file that must be there.</summary>
    /// <param name="path">Its path.</param>
    /// <param name="what">What it is, for the message.</param>
    /// <param name="remedy">What to do when it is not there.</param>
    /// <exception cref="ReleaseException">It is missing or a folder.</exception>
    public static string Existing(string path, string what, string remedy)
    {
        if (Directory.Exists(path)) throw new ReleaseException($"{path}: is a folder; give a {what}");
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

    /// <summary>A folder that is made if need be.</summary>
    /// <exception cref="ReleaseException">It is a file.</exception>
    public static string NewFolder(string path)
    {
        if (File.Exists(path)) throw new ReleaseException($"{path}: is a file; give a folder");
        Directory.CreateDirectory(path);
        return path;
    }
}
