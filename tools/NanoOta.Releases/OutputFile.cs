using NanoOta.Boards;

namespace NanoOta.Releases;

/// <summary>A file that is to be written.</summary>
/// <param name="Path">Where; a file or link of that name is replaced.</param>
/// <param name="Content">All of it.</param>
/// <param name="IsSecret">Whether only its owner may read it (file mode 600; on Windows the folder's rights hold).</param>
public sealed record OutputFile(string Path, byte[] Content, bool IsSecret = false)
{
    /// <summary>What the name of a file ends in until it is whole; a server must not give it away.</summary>
    public const string Unfinished = ".new";

    /// <summary>
    /// Writes files that belong together: first all of them beside their places, then each in one step to its place, in the given
    /// order. If one cannot be written, what was there stays, and nothing is left beside it.
    /// </summary>
    /// <exception cref="ReleaseException">One cannot be written, or a folder, pipe or device has its name.</exception>
    public static void Write(params IReadOnlyList<OutputFile> files)
    {
        var current = "";
        try
        {
            foreach (var file in files)
            {
                current = file.Path;
                file.WriteBeside();
            }

            foreach (var file in files)
            {
                current = file.Path;
                File.Move(file.Path + Unfinished, file.Path, overwrite: true);
            }
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException or NotSupportedException)
        {
            foreach (var file in files.Where(file => File.Exists(file.Path + Unfinished))) File.Delete(file.Path + Unfinished);
            throw new ReleaseException($"{current}: cannot be written ({InputFile.Reason(e)}); make room or give another place");
        }
    }

    private void WriteBeside()
    {
        CheckPlace();
        File.Delete(Path + Unfinished);
        var options = new FileStreamOptions { Mode = FileMode.CreateNew, Access = FileAccess.Write, BufferSize = 0 };
        if (IsSecret && !OperatingSystem.IsWindows()) options.UnixCreateMode = UnixFileMode.UserRead | UnixFileMode.UserWrite;
        using var stream = new FileStream(Path + Unfinished, options);
        stream.Write(Content);
        stream.Flush(flushToDisk: true);
    }

    // A pipe or device would be lost if a file took its place. Only a regular file can be set to the length that it has.
    private void CheckPlace()
    {
        if (Directory.Exists(Path)) throw new IOException("a folder has that name");
        if (!File.Exists(Path)) return;
        using var there = new FileStream(Path, FileMode.Open, FileAccess.ReadWrite, FileShare.ReadWrite);
        there.SetLength(there.Length);
    }
}
