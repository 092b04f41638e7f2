using System.Security.Cryptography;

namespace NanoOta.Releases.Packing;

/// <summary>A packed file (docs/PACKED.md): an image as its difference from a base, or compressed.</summary>
public sealed class PackedFile
{
    private PackedFile(byte[] bytes, int tableLength)
    {
        Bytes = bytes;
        TableLength = tableLength;
        TableDigest = SHA256.HashData(bytes.AsSpan(0, tableLength));
    }

    /// <summary>The file.</summary>
    public byte[] Bytes { get; }

    /// <summary>Bytes of header and table, at its start.</summary>
    public int TableLength { get; }

    /// <summary>SHA-256 of header and table.</summary>
    public byte[] TableDigest { get; }

    /// <summary>Bits that a decoder decodes, when this was packed here.</summary>
    public long Bits { get; private init; }

    /// <summary>Copies that it does, when this was packed here.</summary>
    public int Runs { get; private init; }

    /// <summary>Bytes that it decodes one by one, when this was packed here.</summary>
    public int Literals { get; private init; }

    /// <summary>
    /// Packs an image. Equal input gives equal output, on any number of cores. What comes out was decoded again by the decoder of the
    /// device.
    /// </summary>
    /// <param name="image">1 byte to 4 MiB.</param>
    /// <param name="source">The base, at most 4 MiB; empty for none.</param>
    /// <param name="progress">Gets the share that is done, 0 to 1.</param>
    /// <param name="cancellation">Ends it early.</param>
    /// <param name="cores">Cores to use; 0 for all.</param>
    /// <exception cref="ReleaseException">Image or base has a size that the format does not have.</exception>
    /// <exception cref="OperationCanceledException">It was cancelled.</exception>
    public static PackedFile Create(byte[] image, byte[] source, IProgress<double>? progress = null, CancellationToken cancellation = default,
        int cores = 0)
    {
        if (image.Length is 0 or > PackedModel.MaxImage)
            throw new ReleaseException($"an image of {image.Length} bytes cannot be packed: use 1 byte to 4 MiB");
        if (source.Length > PackedModel.MaxImage) throw new ReleaseException($"a base of {source.Length} bytes is too large: use at most 4 MiB");
        if (cores == 0) cores = Environment.ProcessorCount;
        var parallel = new ParallelOptions { CancellationToken = cancellation, MaxDegreeOfParallelism = cores };
        var stream = new PackedStream(image, source);
        var alignments = new Alignments(stream, parallel);
        var matches = new OwnMatches(stream.Bytes);
        using var workers = new SegmentWorkers(() => new SegmentParser(stream, alignments, matches), stream.Blocks, parallel);
        var segments = new List<PackedSegment>();
        for (int first = 0; first < stream.Blocks; first += segments[^1].Blocks)
        {
            segments.Add(workers.Get(first));
            progress?.Report((first + segments[^1].Blocks) / (double)stream.Blocks);
        }

        var file = new PackedFile(Write(stream, segments), PackedTable.HeaderLength + PackedTable.EntryLength * segments.Count)
        {
            Bits = segments.Sum(segment => (long)segment.Bits),
            Runs = segments.Sum(segment => segment.Runs),
            Literals = segments.Sum(segment => segment.Literals),
        };
        if (!file.Unpack(source).AsSpan().SequenceEqual(image)) throw new InvalidOperationException("the packed image does not decode to itself");
        return file;
    }

    /// <summary>Reads a file by its header and table.</summary>
    /// <exception cref="ReleaseException">It is not a packed file.</exception>
    public static PackedFile Parse(byte[] bytes, string name)
    {
        if (bytes.Length >= PackedTable.HeaderLength)
        {
            int imageSize = NanoOta.Bytes.GetSize(bytes, 8), baseSize = NanoOta.Bytes.GetSize(bytes, 12), length = PackedTable.LengthOf(bytes, 0);
            if (PackedTable.CheckHeader(bytes, 0, imageSize, baseSize) == UpdateError.None && length <= bytes.Length) return new(bytes, length);
        }

        throw new ReleaseException($"{name}: is not a packed image, or is cut off");
    }

    /// <summary>The image, by the decoder of the device.</summary>
    /// <exception cref="ReleaseException">The file is damaged, or this is not its base.</exception>
    public byte[] Unpack(byte[] source)
    {
        var image = new byte[NanoOta.Bytes.GetSize(Bytes, 8)];
        var flash = new MemoryFlash(source, image, Bytes);
        var table = new PackedTable(flash, FlashArea.InactiveIndex, 0);
        Require(table.Open(image.Length, source.Length));
        var decoder = new PackedDecoder(flash);
        var block = new byte[BlockIndex.BlockSize];
        while (!table.IsAtEnd)
        {
            Require(table.Next());
            if (table.CodeOffset > Bytes.Length - table.CodeLength) Require(UpdateError.IndexCorrupt);
            if (!table.HasCode(SHA256.HashData(Bytes.AsSpan(table.CodeOffset, table.CodeLength)))) Require(UpdateError.BlockCorrupt);
            Array.Copy(Bytes, table.CodeOffset, decoder.Code, 0, table.CodeLength);
            Require(decoder.Begin(table));
            while (!decoder.IsDone)
            {
                int number = decoder.Block;
                Require(decoder.Step(block));
                Array.Copy(block, 0, image, number * BlockIndex.BlockSize, BlockIndex.BlockLength(image.Length, number));
            }
        }

        return image;
    }

    private static void Require(UpdateError error)
    {
        if (error != UpdateError.None) throw new ReleaseException($"the packed image cannot be decoded: {UpdateErrors.Text(error)}");
    }

    private static byte[] Write(PackedStream stream, List<PackedSegment> segments)
    {
        var file = new MemoryStream();
        var header = new byte[PackedTable.HeaderLength];
        "NODP\x01"u8.CopyTo(header);
        NanoOta.Bytes.PutU16(header, 6, segments.Count);
        NanoOta.Bytes.PutU32(header, 8, (uint)stream.Bytes.Length);
        NanoOta.Bytes.PutU32(header, 12, (uint)stream.Base.Length);
        file.Write(header);
        foreach (var segment in segments)
        {
            var entry = new byte[PackedTable.EntryLength];
            NanoOta.Bytes.PutU16(entry, 0, segment.Code.Length);
            NanoOta.Bytes.PutU16(entry, 2, segment.Blocks);
            int start = stream.BlockStart(segment.First), end = stream.BlockStart(segment.First + segment.Blocks);
            SHA256.HashData(stream.Bytes.AsSpan(start..end)).AsSpan(0, 4).CopyTo(entry.AsSpan(4));
            SHA256.HashData(segment.Code).AsSpan(0, 8).CopyTo(entry.AsSpan(8));
            file.Write(entry);
        }

        foreach (var segment in segments) file.Write(segment.Code);
        return file.ToArray();
    }
}
