using System.Text;
using System.Text.RegularExpressions;

namespace NanoOta.Boards;

/// <summary>Reads files that a user names, up to a maximum length and without blocking. It opens only regular files with content: opening a
/// pipe blocks, and a device may have no end.</summary>
public static partial class InputFile
{
    /// <summary>Reads a whole file.</summary>
    /// <param name="path">Its path; links are followed.</param>
    /// <param name="most">Maximum length in bytes.</param>
    /// <param name="problem">Why the file cannot be read, to be put after the path.</param>
    /// <returns>The content, at least one byte; null if it cannot be read.</returns>
    public static byte[]? TryRead(string path, int most, out string problem)
    {
        problem = "";
        try
        {
            // The length of a link is not that of its target.
            var target = new FileInfo(path).ResolveLinkTarget(returnFinalTarget: true) as FileInfo ?? new FileInfo(path);
            if (!target.Exists) problem = Directory.Exists(path) ? "is a folder, not a file" : "there is no such file";
            else if (target.Length == 0) problem = "is empty, a pipe or a device, not a regular file with content";
            else if (target.Length <= most && Read(target, most) is { } content) return content;
            else problem = $"is too large ({target.Length} bytes; the maximum is {most})";
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException or ArgumentException)
        {
            problem = $"cannot be read ({Reason(e)})";
        }

        return null;
    }

    /// <summary>Reads a text file: UTF-8, or the encoding of its byte order mark.</summary>
    /// <returns>Null if it cannot be read, or is not text.</returns>
    /// <inheritdoc cref="TryRead"/>
    public static string? TryReadText(string path, int most, out string problem)
    {
        if (TryRead(path, most, out problem) is not { } bytes) return null;
        var text = Decode(bytes);
        if (text.Any(c => c is '\uFFFD' || (char.IsControl(c) && c is not ('\t' or '\r' or '\n')))) problem = "is binary, not text";
        else if (text.Replace("\r\n", "\n").Contains('\r')) problem = "ends its lines with CR alone; save it with LF or CR LF";
        else return text;
        return null;
    }

    /// <summary>Decodes text: UTF-8, or the encoding of its byte order mark.</summary>
    public static string Decode(byte[] bytes)
    {
        using var reader = new StreamReader(new MemoryStream(bytes), Encoding.UTF8);
        return reader.ReadToEnd();
    }

    /// <summary>The system's error message about a file, without the path.</summary>
    public static string Reason(Exception e) =>
        e is UnauthorizedAccessException ? "access is denied" : QuotedPath().Replace(e.Message, "").TrimEnd('.', ' ');

    // Null if the file has grown in the meantime.
    private static byte[]? Read(FileInfo file, int most)
    {
        using var stream = file.OpenRead();
        var bytes = new byte[(int)Math.Min(file.Length, most) + 1];
        int length = stream.ReadAtLeast(bytes, bytes.Length, throwOnEndOfStream: false);
        return length < bytes.Length ? bytes[..length] : null;
    }

    [GeneratedRegex("(:| in)? '[^']*'")]
    private static partial Regex QuotedPath();
}
