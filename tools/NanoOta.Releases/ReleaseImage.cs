using System.Security.Cryptography;

namespace NanoOta.Releases;

/// <summary>An image of a release, or a base of its packed files: bytes of a kind.</summary>
public class ReleaseImage
{
    private readonly byte[] bytes;

    /// <param name="kind">What it is: <see cref="ManifestImage.App"/> or <see cref="ManifestImage.Runtime"/>.</param>
    /// <param name="bytes">1 byte or more; the image keeps them.</param>
    public ReleaseImage(int kind, byte[] bytes)
    {
        this.bytes = bytes;
        Kind = kind;
        Digest = SHA256.HashData(bytes);
        Index = IndexFile.Create(bytes);
    }

    /// <summary>What it is.</summary>
    public int Kind { get; }

    /// <summary>The image itself.</summary>
    public ReadOnlySpan<byte> Bytes => bytes;

    /// <summary>Size in bytes.</summary>
    public int Size => bytes.Length;

    /// <summary>SHA-256 of the image.</summary>
    public byte[] Digest { get; }

    /// <summary>The block index file of the image.</summary>
    public byte[] Index { get; }

    /// <summary>The name of this image's files in a release folder, without extension.</summary>
    public string FileName => NameOf(Kind, Digest);

    internal static string NameOf(int kind, byte[] digest) => $"{ManifestImage.NameOf(kind)}-{Convert.ToHexStringLower(digest, 0, 8)}";
}
