using System.Security.Cryptography;

namespace NanoOta.Releases;

/// <summary>A P-256 key that verifies releases.</summary>
public sealed class PublicKey
{
    /// <summary>Bytes of <see cref="Point"/>.</summary>
    public const int PointLength = 64;

    // CBOR of the COSE key { 1: 2, -1: 1, -2: x, -3: y } with 32-byte x and y (RFC 9679; SPEC.md, section 2).
    private static readonly byte[] BeforeX = [0xA4, 0x01, 0x02, 0x20, 0x01, 0x21, 0x58, 0x20];
    private static readonly byte[] BeforeY = [0x22, 0x58, 0x20];

    private readonly byte[] point;

    internal PublicKey(ECParameters parameters) => point = [.. parameters.Q.X!, .. parameters.Q.Y!];

    /// <summary>The point x ‖ y, 64 bytes.</summary>
    public ReadOnlySpan<byte> Point => point;

    /// <summary>The point in base64: the form of trusted keys in firmware.</summary>
    public string Base64 => Convert.ToBase64String(point);

    /// <summary>The key id: the COSE key thumbprint, 32 bytes.</summary>
    public byte[] Id => SHA256.HashData([.. BeforeX, .. point[..32], .. BeforeY, .. point[32..]]);

    /// <summary>Reads all keys of a PEM file: public keys, and the public halves of private ones, without duplicates.</summary>
    /// <exception cref="ReleaseException">The file is missing, has no P-256 key, or contains other data as well.</exception>
    public static IReadOnlyList<PublicKey> LoadAll(string file) =>
        [.. PemFile.Read(file).Select(parameters => new PublicKey(parameters)).DistinctBy(key => key.Base64)];

    /// <summary>Reads the one key of a PEM file.</summary>
    /// <exception cref="ReleaseException">As <see cref="LoadAll"/>, or the file has several keys.</exception>
    public static PublicKey Load(string file) => LoadAll(file) is [var key] ? key
        : throw new ReleaseException($"{file}: contains several keys; give a file with one");

    /// <summary>The key in PEM (SubjectPublicKeyInfo).</summary>
    public string ToPem()
    {
        using var key = ToEcdsa();
        return key.ExportSubjectPublicKeyInfoPem() + "\n";
    }

    /// <summary>The key for signature checks; the caller disposes it.</summary>
    public ECDsa ToEcdsa() => ECDsa.Create(new ECParameters
    {
        Curve = ECCurve.NamedCurves.nistP256,
        Q = new ECPoint { X = point[..32], Y = point[32..] },
    });
}
