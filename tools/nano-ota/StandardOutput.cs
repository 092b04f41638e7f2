using System.Text;
using Microsoft.Win32.SafeHandles;

namespace NanoOta.Cli;

/// <summary>The standard output, as a program that runs for hours needs it.</summary>
internal static class StandardOutput
{
    private const int Descriptor = 1;

    /// <summary>
    /// Where to print. On Unix Console.Out says nothing when nobody reads a pipe any more, and would print into it for ever.
    /// </summary>
    public static TextWriter Open()
    {
        if (!Console.IsOutputRedirected || OperatingSystem.IsWindows() || !IsPipe()) return Console.Out;
        return Open(new SafeFileHandle(Descriptor, ownsHandle: false), Console.Out.Encoding);
    }

    /// <summary>A writer into a pipe that throws when nobody reads it any more.</summary>
    internal static TextWriter Open(SafeFileHandle pipe, Encoding encoding) =>
        new StreamWriter(new FileStream(pipe, FileAccess.Write, bufferSize: 0), encoding) { AutoFlush = true };

    // A file has a position that other programs share, and that a FileStream would not move.
    private static bool IsPipe()
    {
        try
        {
            using var look = new FileStream(new SafeFileHandle(Descriptor, ownsHandle: false), FileAccess.Write, bufferSize: 0);
            return !look.CanSeek;
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException or ArgumentException)
        {
            return false;
        }
    }
}
