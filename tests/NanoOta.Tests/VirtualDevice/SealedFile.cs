using System.Runtime.InteropServices;

namespace NanoOta.Tests.VirtualDevice;

/// <summary>A file in memory that takes bytes until it is sealed, as a disk does until it is full. Linux only.</summary>
internal static class SealedFile
{
    private const uint AllowSealing = 2;
    private const int AddSeals = 1033, SealWrite = 8;

    /// <summary>Makes a file of zeros; gives its descriptor.</summary>
    public static int Create(long size)
    {
        int file = MemoryFile("flash", AllowSealing);
        Assert.AreEqual(0, Truncate(file, size));
        return file;
    }

    /// <summary>A path under which this process can open it.</summary>
    public static string PathOf(int file) => $"/proc/self/fd/{file}";

    /// <summary>From now on every write fails.</summary>
    public static void Seal(int file) => Assert.AreEqual(0, Control(file, AddSeals, SealWrite));

    [DllImport("libc", EntryPoint = "memfd_create", CharSet = CharSet.Ansi)]
    private static extern int MemoryFile(string name, uint flags);

    [DllImport("libc", EntryPoint = "ftruncate")]
    private static extern int Truncate(int file, long length);

    [DllImport("libc", EntryPoint = "fcntl")]
    private static extern int Control(int file, int command, int argument);
}
