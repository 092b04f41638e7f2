using System.Security.Cryptography;

namespace NanoOta.Releases;

/// <summary>The agent's crypto port, implemented with .NET, for readers without flash.</summary>
public sealed class HostCrypto : ICrypto
{
    private readonly IncrementalHash hash = IncrementalHash.CreateHash(HashAlgorithmName.SHA256);

    public void HashStart() => hash.GetHashAndReset();

    public void HashBytes(byte[] buffer, int start, int count) => hash.AppendData(buffer, start, count);

    public bool HashFlash(FlashArea area, int offset, int count) => throw new NotSupportedException();

    public bool HashFinish(byte[] digest) => hash.GetHashAndReset(digest) == 32;

    public bool VerifyEcdsaP256(byte[] publicKey, byte[] digest, byte[] signature)
    {
        using var key = ECDsa.Create(new ECParameters
        {
            Curve = ECCurve.NamedCurves.nistP256,
            Q = new ECPoint { X = publicKey[..32], Y = publicKey[32..] },
        });
        return key.VerifyHash(digest, signature);
    }
}
