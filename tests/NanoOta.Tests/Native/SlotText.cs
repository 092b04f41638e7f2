using System.Collections.Concurrent;
using System.Text.RegularExpressions;

namespace NanoOta.Tests.Native;

/// <summary>
/// Images as the cases of <see cref="BootCase"/> write them: "nSIZE:FILL" is a whole assembly behind the one before,
/// "xOFFSET:VALUE" then changes one byte. The other half is sim_put_assembly in C.
/// </summary>
internal static partial class SlotText
{
    private static readonly ConcurrentDictionary<(int, byte), byte[]> Made = [];

    /// <summary>Puts an image at the start of a slot.</summary>
    public static void Put(Span<byte> slot, string text)
    {
        int end = 0;
        foreach (var (kind, number, value) in Pieces(text))
        {
            if (kind == 'x') slot[number] = value;
            else Assembly(number, value).CopyTo(slot[end..]);
            if (kind == 'n') end += AssemblyHeader.Align(number);
        }
    }

    /// <summary>The fingerprint of an image before any byte is changed, from its headers; 0 for "-".</summary>
    public static uint Fingerprint(string text)
    {
        byte[] headers =
        [
            .. Pieces(text).Where(p => p.Kind == 'n').SelectMany(p => Assembly(p.Number, p.Value).Take(AssemblyHeader.Length)),
        ];
        return Checksum.Crc32(headers, 0, headers.Length);
    }

    private static IEnumerable<(char Kind, int Number, byte Value)> Pieces(string text) =>
        Piece().Matches(text).Select(m => (m.Value[0], int.Parse(m.Groups[1].Value), byte.Parse(m.Groups[2].Value)));

    private static byte[] Assembly(int size, byte fill) => Made.GetOrAdd((size, fill), _ => Make(size, fill));

    private static byte[] Make(int size, byte fill)
    {
        var bytes = new byte[AssemblyHeader.Align(size)];
        "NFMRK1"u8.CopyTo(bytes);
        bytes[38] = 1;
        bytes.AsSpan(AssemblyHeader.Length..size).Fill(fill);
        uint crc = Checksum.AssemblyCrc(0, bytes, AssemblyHeader.Length, size - AssemblyHeader.Length);
        Bytes.PutU32(bytes, AssemblyHeader.AssemblyCrcOffset, crc);
        Bytes.PutU32(bytes, AssemblyHeader.TotalSizeOffset, (uint)size);
        Bytes.PutU32(bytes, AssemblyHeader.HeaderCrcOffset, AssemblyHeader.ComputeHeaderCrc(bytes));
        return bytes;
    }

    [GeneratedRegex("[nx](\\d+):(\\d+)")]
    private static partial Regex Piece();
}
