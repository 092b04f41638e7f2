using Microsoft.Win32.SafeHandles;

namespace NanoOta.VirtualDevice;

/// <summary>The file of a flash: its bytes and nothing else. Opened exclusively.</summary>
internal static class FlashFile
{
    /// <summary>Results of the system when another process has the file open: EAGAIN, EAGAIN of BSD, sharing violation.</summary>
    private static readonly int[] InUse = [11, 35, unchecked((int)0x80070020)];

    /// <summary>Opens the file; creates an erased one if it does not exist.</summary>
    /// <exception cref="FlashFileException">It is in use, of another size, or cannot be opened.</exception>
    public static SafeFileHandle Open(string path, int size)
    {
        try
        {
            if (!File.Exists(path)) Create(path, size);
            var file = File.OpenHandle(path, FileMode.Open, FileAccess.ReadWrite, FileShare.None);
            long length = RandomAccess.GetLength(file);
            if (length == size) return file;
            file.Dispose();
            throw new FlashFileException($"the flash file {path} has {length} bytes, but this board's flash has {size}; "
                + "choose the board of the file, or create another flash");
        }
        catch (IOException e) when (InUse.Contains(e.HResult))
        {
            throw new FlashFileException(
                $"the flash file {path} is in use by another device; stop that device, or give another file", e);
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException or NotSupportedException)
        {
            throw new FlashFileException($"the flash file {path} cannot be opened: {e.Message}", e);
        }
    }

    /// <summary>Writes the bytes of an operation.</summary>
    /// <exception cref="FlashFileException">The file cannot be written.</exception>
    public static void Write(SafeFileHandle file, string path, int offset, ReadOnlySpan<byte> bytes)
    {
        try
        {
            RandomAccess.Write(file, bytes, offset);
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            throw new FlashFileException($"the flash file {path} cannot be written: {e.Message.TrimEnd('.')}; "
                + "the device stopped as in a power failure; free space or allow writing, then start it again", e);
        }
    }

    /// <summary>Atomic: the file gets its name when its bytes are written.</summary>
    private static void Create(string path, int size)
    {
        var fresh = $"{path}.{Guid.NewGuid():N}";
        var blank = new byte[size];
        blank.AsSpan().Fill(0xFF);
        try
        {
            File.WriteAllBytes(fresh, blank);
            File.Move(fresh, path);
        }
        catch (IOException) when (File.Exists(path))
        {
            // Another device created it first; the exclusive open decides.
        }
        finally
        {
            File.Delete(fresh);
        }
    }
}
