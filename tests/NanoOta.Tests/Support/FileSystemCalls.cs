using System.Runtime.InteropServices;

namespace NanoOta.Tests.Support;

/// <summary>Calls of the system that .NET has not: a program for them may not be on the path.</summary>
internal static class FileSystemCalls
{
    private const uint OwnerOnly = 0x180; // 0600

    /// <summary>Makes a named pipe.</summary>
    public static void MakePipe(string path) => Assert.AreEqual(0, MkFifo(path, OwnerOnly), path);

    /// <summary>Mounts an empty file system in memory at a folder (Linux).</summary>
    /// <returns>False without the right to.</returns>
    public static bool MountInMemory(string folder, string size) => Mount("none", folder, "tmpfs", 0, "size=" + size) == 0;

    /// <summary>Takes it away again.</summary>
    public static void Unmount(string folder) => Assert.AreEqual(0, UMount(folder), folder);

    [DllImport("libc", EntryPoint = "mkfifo", CharSet = CharSet.Ansi)]
    private static extern int MkFifo(string path, uint mode);

    [DllImport("libc", EntryPoint = "mount", CharSet = CharSet.Ansi)]
    private static extern int Mount(string source, string target, string type, nuint flags, string data);

    [DllImport("libc", EntryPoint = "umount", CharSet = CharSet.Ansi)]
    private static extern int UMount(string target);
}
