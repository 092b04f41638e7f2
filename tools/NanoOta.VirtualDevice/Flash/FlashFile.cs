using Microsoft.Win32.SafeHandles;

namespace NanoOta.VirtualDevice;

/// <summary>The file behind a flash: its bytes and nothing else. Whoever has it open has it alone.</summary>
internal static class FlashFile
{
    /// <summary>What the system answers when another process holds the file: EAGAIN, EAGAIN of BSD, sharing violation.</summary>
    private static readonly int[] InUse = [11, 35, unchecked((int)0x80070020)];

    /// <summary>Opens the file, made erased when it is not there.</summary>
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
                + "choose the board that it was made for, or make another flash");
        }
        catch (IOException e) when (InUse.Contains(e.HResult))
        {
            throw new FlashFileException(
                $"the flash file {path} is in use by another device; stop that one, or give this one a file of its own", e);
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException or NotSupportedException)
        {
            throw new FlashFileException($"the flash file {path} cannot be opened: {e.Message}", e);
        }
    }

    /// <summary>Writes what an operation changed.</summary>
    /// <exception cref="FlashFileException">The file does not take it.</exception>
    public static void Write(SafeFileHandle file, string path, int offset, ReadOnlySpan<byte> bytes)
    {
        try
        {
            RandomAccess.Write(file, bytes, offset);
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            throw new FlashFileException($"the flash file {path} cannot be written: {e.Message.TrimEnd('.')}; "
                + "the device stopped as in a power failure; make room, or allow it, and start it again", e);
        }
    }

    /// <summary>Whole or not at all: the name appears when the bytes are there.</summary>
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
            // Another device was quicker; opening decides who has it.
        }
        finally
        {
            File.Delete(fresh);
        }
    }
}
