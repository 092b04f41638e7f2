using System.Text;
using Microsoft.Win32.SafeHandles;

namespace NanoOta.Cli;

/// <summary>The standard output of a program that runs for hours.</summary>
internal static class StandardOutput
{
    private const int Descriptor = 1;

    /// <summary>A writer that fails when the reader of a pipe is gone. Console.Out ignores that on Unix.</summary>
    public static TextWriter Open()
    {
        if (!Console.IsOutputRedirected || OperatingSystem.IsWindows() || !IsPipe()) return Console.Out;
        return Open(new SafeFileHandle(Descriptor, ownsHandle: false), Console.Out.Encoding);
    }

    /// <summary>A writer to a pipe that throws when its reader is gone.</summary>
    internal static TextWriter Open(SafeFileHandle pipe, Encoding encoding) =>
        new StreamWriter(new FileStream(pipe, FileAccess.Write, bufferSize: 0), encoding) { AutoFlush = true };

    // A file has a position that is shared with other programs; a FileStream would not move it.
    private static bool IsPipe()
    {
        try
        {
            using var probe = new FileStream(new SafeFileHandle(Descriptor, ownsHandle: false), FileAccess.Write, bufferSize: 0);
            return !probe.CanSeek;
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException or ArgumentException)
        {
            return false;
        }
    }
}
