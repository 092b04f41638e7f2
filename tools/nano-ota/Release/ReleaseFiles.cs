using Microsoft.Extensions.FileProviders;
using Microsoft.Extensions.Primitives;
using NanoOta.Releases;

namespace NanoOta.Cli.Release;

/// <summary>The files of a folder that the server serves: regular files that are not empty, also links to them. Not served: keys (.pem),
/// files that are being written, and names with a leading dot.</summary>
internal sealed class ReleaseFiles(string folder) : IFileProvider, IDisposable
{
    private readonly PhysicalFileProvider files = new(Path.GetFullPath(folder));

    /// <inheritdoc/>
    public IFileInfo GetFileInfo(string subpath)
    {
        var none = new NotFoundFileInfo(subpath);
        if (subpath.EndsWith('/') || IsPrivate(subpath)) return none;
        try
        {
            if (files.GetFileInfo(subpath) is not { Exists: true, IsDirectory: false, PhysicalPath: { } path }) return none;
            var target = new FileInfo(path).ResolveLinkTarget(returnFinalTarget: true) as FileInfo ?? new FileInfo(path);
            // Pipes and devices have length 0; opening one could block for ever.
            return target.Exists && target.Length > 0 && !IsPrivate(target.Name) ? new ServedFile(target) : none;
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

    private static bool IsPrivate(string name) =>
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
