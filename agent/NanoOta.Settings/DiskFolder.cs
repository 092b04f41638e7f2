using System.IO;

namespace NanoOta
{
    /// <summary>A folder of the file system, such as <c>I:\</c> on the device.</summary>
    public sealed class DiskFolder : IFolder
    {
        private readonly string path;

        /// <summary>A folder that need not be there yet; the one that it is in must be.</summary>
        public DiskFolder(string path)
        {
            this.path = path;
        }

        /// <inheritdoc/>
        public void Make()
        {
            if (!Directory.Exists(path)) Directory.CreateDirectory(path);
        }

        /// <inheritdoc/>
        public bool Has(string name) => File.Exists(At(name));

        /// <inheritdoc/>
        public Stream OpenRead(string name) => new FileStream(At(name), FileMode.Open, FileAccess.Read);

        /// <inheritdoc/>
        public Stream OpenWrite(string name) => new FileStream(At(name), FileMode.Create, FileAccess.Write);

        /// <inheritdoc/>
        public void Delete(string name) => File.Delete(At(name));

        /// <inheritdoc/>
        public void Rename(string name, string newName) => File.Move(At(name), At(newName));

        private string At(string name) => Path.Combine(path, name);
    }
}
