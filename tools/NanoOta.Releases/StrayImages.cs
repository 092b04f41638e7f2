using NanoOta.Boards;

namespace NanoOta.Releases;

/// <summary>An app image outside of the slots that a runtime reads.</summary>
/// <param name="Offset">Where it begins, in bytes from the start of the flash.</param>
/// <param name="Assembly">Its first assembly; null if that is damaged.</param>
/// <param name="Slot">The nearest app slot, 0 or 1.</param>
/// <param name="Distance">Bytes from the start of that slot to the image; negative below it.</param>
public sealed record StrayImage(int Offset, string? Assembly, int Slot, int Distance);

/// <summary>Finds images that a flash tool wrote to a wrong address: outside of the app slots, or across the end of one. A device ignores
/// such an image without an error, and runs the content of its slots, or nothing.</summary>
public static class StrayImages
{
    // Assemblies start at multiples of it.
    private const int Step = 4;

    private static ReadOnlySpan<byte> Marker => "NFMRK1\0\0"u8;

    /// <summary>All of them, in the order of their offsets.</summary>
    /// <param name="board">The board that has this flash.</param>
    /// <param name="flash">The whole flash.</param>
    public static IReadOnlyList<StrayImage> Find(Board board, byte[] flash)
    {
        var found = new List<StrayImage>();
        for (int at = 0; at + AssemblyHeader.Length <= flash.Length;)
        {
            int end = EndOfImage(flash, at);
            if (end == at)
            {
                at += Step;
                continue;
            }

            if (!IsInSlot(board, at, end)) found.Add(Describe(board, flash, at));
            at = end;
        }

        return found;
    }

    // The end of the last assembly of a sequence; the start if there is none.
    private static int EndOfImage(byte[] flash, int at)
    {
        while (flash.AsSpan(at).StartsWith(Marker) && at + AssemblyHeader.Length <= flash.Length
            && AssemblyHeader.ReadTotalSize(flash[at..(at + AssemblyHeader.Length)], flash.Length - at) is var size and > 0)
            at += AssemblyHeader.Align(size);
        return Math.Min(at, flash.Length);
    }

    private static bool IsInSlot(Board board, int start, int end) => Enumerable.Range(0, 2).Select(board.Partitions.Slot)
        .Any(slot => start >= slot.Offset && end <= slot.Offset + slot.Size);

    private static StrayImage Describe(Board board, byte[] flash, int at)
    {
        int slot = Math.Abs(at - board.Partitions.Slot(0).Offset) <= Math.Abs(at - board.Partitions.Slot(1).Offset) ? 0 : 1;
        return new StrayImage(at, Name(flash, at), slot, at - board.Partitions.Slot(slot).Offset);
    }

    private static string? Name(byte[] flash, int at)
    {
        try
        {
            return ImageAssembly.Read(flash, at, "").Name;
        }
        catch (ReleaseException)
        {
            return null;
        }
    }
}
