using Microsoft.Extensions.FileProviders;
using Microsoft.Extensions.Primitives;
using NanoOta.Releases;

namespace NanoOta.Cli.Release;

/// <summary>
/// What a server gives of a folder: regular files with content, also behind links, which keep their name and have the length of
/// their target. No keys (.pem), no files that are being written, nothing with a dot in front.
/// </summary>
internal sealed class ReleaseFiles(string folder) : IFileProvider, IDisposable
{
    private readonly PhysicalFileProvider files = new(Path.GetFullPath(folder));

    /// <inheritdoc/>
    public IFileInfo GetFileInfo(string subpath)
    {
        var none = new NotFoundFileInfo(subpath);
        if (subpath.EndsWith('/') || IsKept(subpath)) return none;
        try
        {
            if (files.GetFileInfo(subpath) is not { Exists: true, IsDirectory: false, PhysicalPath: { } path }) return none;
            var target = new FileInfo(path).ResolveLinkTarget(returnFinalTarget: true) as FileInfo ?? new FileInfo(path);
            // A pipe or device has the length 0; opening one could wait for ever.
            return target.Exists && target.Length > 0 && !IsKept(target.Name) ? new ServedFile(target) : none;
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            return none;
        }
    }

    /// <inheritdoc/>
    public IDirectoryContents GetDirectoryContents(string subpath) => NotFoundDirectoryContents.Singleton;

    /// <inheritdoc/>
    public IChangeToken Watch(string filter) => NullChangeToken.Singleton;

    /// <inheritdoc/>
    public void Dispose() => files.Dispose();

    private static bool IsKept(string name) =>
        name.EndsWith(OutputFile.Unfinished) || name.Contains(".pem", StringComparison.OrdinalIgnoreCase);

    private sealed class ServedFile(FileInfo file) : IFileInfo
    {
        public bool Exists => true;

        public long Length => file.Length;

        public string PhysicalPath => file.FullName;

        public string Name => file.Name;

        public DateTimeOffset LastModified => file.LastWriteTimeUtc;

        public bool IsDirectory => false;

        public Stream CreateReadStream() => file.OpenRead();
    }
}
