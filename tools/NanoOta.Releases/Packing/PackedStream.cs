namespace NanoOta.Releases.Packing;

/// <summary>An image in the order of the packed stream (blocks 1 … last, then block 0), and its base.</summary>
internal sealed class PackedStream
{
    /// <param name="image">The image.</param>
    /// <param name="source">Its base; empty without one.</param>
    public PackedStream(byte[] image, byte[] source)
    {
        Base = source;
        Blocks = BlockIndex.BlockCount(image.Length);
        First = Math.Max(0, image.Length - BlockIndex.BlockSize);
        Bytes = new byte[image.Length];
        image.AsSpan(image.Length - First).CopyTo(Bytes);
        image.AsSpan(0, image.Length - First).CopyTo(Bytes.AsSpan(First));
    }

    /// <summary>The bytes in this order.</summary>
    public byte[] Bytes { get; }

    /// <summary>The base.</summary>
    public byte[] Base { get; }

    /// <summary>Number of blocks.</summary>
    public int Blocks { get; }

    /// <summary>Where block 0 starts in the stream.</summary>
    public int First { get; }

    /// <summary>The offset in the image of a position of the stream.</summary>
    public int Address(int position) => position < First ? position + BlockIndex.BlockSize : position - First;

    /// <summary>Where a block of the stream starts; for the number of blocks: the end.</summary>
    public int BlockStart(int index) => index == Blocks ? Bytes.Length : index + 1 == Blocks ? First : index * BlockIndex.BlockSize;
}
