using System.IO;

namespace NanoOta
{
    /// <summary>
    /// Files of one folder by their names. Errors throw; power may fail in every call, and is then off for all later ones. Where
    /// power fails while a file is being written, either its old content or anything may be left of it, but no other file changes.
    /// </summary>
    public interface IFolder
    {
        /// <summary>Makes the folder, if it is not there.</summary>
        void Make();

        /// <summary>Whether there is such a file.</summary>
        bool Has(string name);

        /// <summary>Opens a file that is there.</summary>
        Stream OpenRead(string name);

        /// <summary>Begins a new content of a file, which is made if need be. It counts when the stream was closed.</summary>
        Stream OpenWrite(string name);

        /// <summary>Removes a file that is there.</summary>
        void Delete(string name);

        /// <summary>Gives a file that is there another name, which no file has.</summary>
        void Rename(string name, string newName);
    }
}
