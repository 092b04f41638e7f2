using System.Security.Cryptography;
using NanoOta.Releases;

namespace NanoOta.Tests.Support;

/// <summary>A signing key and its public part in devices.</summary>
internal sealed class TestKey
{
    private readonly ECDsa key = ECDsa.Create(ECCurve.NamedCurves.nistP256);

    public TestKey()
    {
        var point = key.ExportParameters(false).Q;
        Point = [.. point.X!, .. point.Y!];
        Id = TrustedKeys.ComputeId(Point, new HostCrypto());
    }

    public byte[] Point { get; }

    public byte[] Id { get; }

    public string Base64 => Convert.ToBase64String(Point);

    public byte[] Sign(byte[] data)
    {
        lock (key) return key.SignData(data, HashAlgorithmName.SHA256);
    }
}
