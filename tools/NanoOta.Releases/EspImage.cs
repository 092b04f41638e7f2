using System.Buffers.Binary;
using System.Text;
using NanoOta.Boards;
using NanoOta.Releases.Packing;

namespace NanoOta.Releases;

/// <summary>A segment of an ESP-IDF image.</summary>
/// <param name="Offset">Offset of its first byte in the file.</param>
/// <param name="Address">Where it is used.</param>
/// <param name="Size">Bytes.</param>
public sealed record EspSegment(int Offset, uint Address, int Size);

/// <summary>A good ESP-IDF image: a bootloader or a runtime. <see cref="EspImageReader"/> makes the checks of the chip before the image is
/// flashed: a wrong image resets the board in an endless loop.</summary>
public sealed class EspImage
{
    private const int TextLength = 32;

    private readonly byte[] bytes;
    private readonly string source;
    private readonly EspImageReader reader;

    private EspImage(byte[] bytes, string source)
    {
        (this.bytes, this.source) = (bytes, source);
        reader = new EspImageReader(new MemoryFlash([], bytes, []), FlashArea.InactiveSlot, new HostCrypto(), new byte[1 << 16]);
        if (bytes.Length < EspImageReader.HeaderLength || !StartsLike(bytes))
            throw Wrong($"is not an ESP-IDF image (at least {EspImageReader.HeaderLength} bytes, the first one 0xE9); give the built .bin");
    }

    /// <summary>chip_id of the header.</summary>
    public int ChipId => BinaryPrimitives.ReadUInt16LittleEndian(bytes.AsSpan(12));

    /// <summary>Name of the chip; null if it is not supported.</summary>
    public string? ChipName => Chip.All.FirstOrDefault(chip => chip.ImageId == ChipId)?.Name;

    /// <summary>Oldest revision of the chip, major × 100 + minor.</summary>
    public int MinRevision => reader.MinRevision;

    /// <summary>Newest revision of the chip; null = no limit.</summary>
    public int? MaxRevision => reader.MaxRevision is 0 or ushort.MaxValue ? null : reader.MaxRevision;

    /// <summary>Bytes of flash that it was built for.</summary>
    public int FlashSize => 1 << 20 << (bytes[3] >> 4);

    /// <summary>Bytes of the image; what follows in the file is not part of it.</summary>
    public int Size => reader.Length;

    /// <summary>Whether a SHA-256 is appended.</summary>
    public bool IsHashed => reader.IsHashed;

    /// <summary>Whether it is an application, such as nanoCLR, and not a bootloader.</summary>
    public bool IsApplication => reader.HasDescriptor;

    /// <summary>Version of an application.</summary>
    public string Version => reader.Version;

    /// <summary>Project name of an application.</summary>
    public string Project => reader.Project;

    /// <summary>secure_version of an application.</summary>
    public uint SecureVersion => reader.SecureVersion;

    /// <summary>Version of ESP-IDF that an application was built with.</summary>
    public string IdfVersion => Text(112);

    /// <summary>Date and time of the build of an application; empty in reproducible builds.</summary>
    public string Built => $"{Text(96)} {Text(80)}".Trim();

    /// <summary>The segments in their order.</summary>
    public IReadOnlyList<EspSegment> Segments
    {
        get
        {
            var segments = new List<EspSegment>();
            int end = EspImageReader.HeaderLength;
            while (segments.Count < bytes[1])
            {
                var segment = new EspSegment(end + EspImageReader.SegmentHeaderLength, Word(end), (int)Word(end + 4));
                segments.Add(segment);
                end = segment.Offset + segment.Size;
            }

            return segments;
        }
    }

    /// <summary>Whether a file begins as such an image does.</summary>
    public static bool StartsLike(ReadOnlySpan<byte> bytes) => bytes.Length > 0 && bytes[0] == EspImageReader.Magic;

    /// <summary>Reads an image for the chip that its header names.</summary>
    /// <exception cref="ReleaseException">No chip would boot it; the message names <paramref name="source"/> and the field.</exception>
    public static EspImage Read(byte[] bytes, string source)
    {
        var image = new EspImage(bytes, source);
        bool isApplication = bytes.Length > EspImageReader.DescriptorOffset + 4 && image.Word(EspImageReader.DescriptorOffset) == EspImageReader.DescriptorMagic;
        image.Check(isApplication ? image.ChipId : -1);
        return image;
    }

    /// <summary>Checks a second-stage bootloader for a board.</summary>
    /// <exception cref="ReleaseException">The board would not boot it; the message names <paramref name="source"/>.</exception>
    public static void CheckBootloader(byte[] bytes, string source, Board board)
    {
        var image = new EspImage(bytes, source);
        image.CheckTarget(board);
        image.Check(chip: -1); // the ROM loads it, to addresses that are forbidden to applications
        if (image.IsApplication) throw image.Wrong("is an application, not a bootloader; exchange --bootloader and --clr if swapped");
        image.CheckRoom(PartitionBinary.Offset - board.Chip.BootloaderOffset, "the space before the partition table");
    }

    /// <summary>Checks a runtime (nanoCLR) for a board.</summary>
    /// <exception cref="ReleaseException">The board would not boot it; the message names <paramref name="source"/>.</exception>
    public static EspImage CheckRuntime(byte[] bytes, string source, Board board)
    {
        var image = new EspImage(bytes, source);
        image.CheckTarget(board);
        image.Check(board.Chip.ImageId);
        if (!image.IsApplication) throw image.Wrong("has no application descriptor, so it is not a nanoCLR; give nanoCLR.bin");
        image.CheckRoom(board.Partitions.Runtime.Size, $"the partition '{board.Partitions.Runtime.Name}' of {board.Id}");
        return image;
    }

    private void CheckTarget(Board board)
    {
        if (ChipId != board.Chip.ImageId)
            throw Wrong($"is for {ChipName ?? $"the chip with id {ChipId}"}, but {board.Id} has the {board.Chip.Name}; build it for that chip");

        // With a smaller size than the table's, the bootloader rejects the table; with a larger one than the chip's, the runtime
        // stops at its start.
        if (FlashSize != board.FlashSize)
            throw Wrong($"is built for {Megabytes(FlashSize)} of flash, but {board.Id} has {Megabytes(board.FlashSize)}; "
                + $"set CONFIG_ESPTOOLPY_FLASHSIZE_{board.FlashSize >> 20}MB and build it again");
    }

    private void Check(int chip)
    {
        reader.Begin(bytes.Length, chip, revision: -1);
        while (!reader.Step())
        {
        }

        if (reader.Fault != EspImageFault.None) throw Wrong($"is damaged: {Explain()}; build or download it again");
    }

    private string Explain() => reader.Fault switch
    {
        EspImageFault.SegmentCount => $"it has {bytes[1]} segments; 1 to 16 are allowed",
        EspImageFault.HashAppended => $"hash_appended is {bytes[23]}; it must be 0 or 1",
        EspImageFault.Length when reader.Segment < bytes[1] => $"it ends within segment {reader.Segment}",
        EspImageFault.Length => "it ends before its checksum or SHA-256",
        _ => EspImageFaults.Text(reader.Fault, reader.Segment),
    };

    private void CheckRoom(int room, string place)
    {
        if (bytes.Length > room) throw Wrong($"has {bytes.Length} bytes, but {place} has only {room}; remove components");
    }

    // The first segment may be shorter than a descriptor.
    private string Text(int offset) => bytes.Length < EspImageReader.DescriptorOffset + offset + TextLength ? ""
        : Encoding.ASCII.GetString(bytes.AsSpan(EspImageReader.DescriptorOffset + offset, TextLength)).Split('\0')[0];

    private uint Word(int offset) => BinaryPrimitives.ReadUInt32LittleEndian(bytes.AsSpan(offset));

    private static string Megabytes(int size) => $"{size >> 20} MB";

    private ReleaseException Wrong(string what) => new($"{source}: {what}");
}
