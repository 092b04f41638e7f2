using NanoOta.Boards;

namespace NanoOta.Releases;

/// <summary>A file to write.</summary>
/// <param name="Path">Its path; an existing file or link is replaced.</param>
/// <param name="Content">The complete content.</param>
/// <param name="IsSecret">Whether only its owner may read it (file mode 600; on Windows the folder's permissions apply).</param>
public sealed record OutputFile(string Path, byte[] Content, bool IsSecret = false)
{
    /// <summary>The suffix of a file's name until it is complete; a server must not serve such files.</summary>
    public const string Unfinished = ".new";

    /// <summary>Writes files that belong together: first all under temporary names, then each is renamed in one step, in the given order.
    /// If one cannot be written, the existing files stay, and the temporary ones are deleted.</summary>
    /// <exception cref="ReleaseException">A file cannot be written, or a folder, pipe or device has its name.</exception>
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
            throw new ReleaseException($"{current}: cannot be written ({InputFile.Reason(e)}); free space or give another path");
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

    // A rename would replace a pipe or device. Setting the length succeeds for regular files only.
    private void CheckPlace()
    {
        if (Directory.Exists(Path)) throw new IOException("a folder has this name");
        if (!File.Exists(Path)) return;
        using var there = new FileStream(Path, FileMode.Open, FileAccess.ReadWrite, FileShare.ReadWrite);
        there.SetLength(there.Length);
    }
}
