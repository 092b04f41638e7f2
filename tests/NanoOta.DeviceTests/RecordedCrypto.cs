using System;

namespace NanoOta.DeviceTests
{
    /// <summary>
    /// Real SHA-256; a signature is good when key, hash and signature are those of <see cref="PublishedRelease"/>, whose
    /// verification was computed elsewhere.
    /// </summary>
    internal sealed class RecordedCrypto : ICrypto
    {
        private readonly Sha256 sha = new Sha256();

        /// <summary>Accepts every signature, for payloads without a valid one.</summary>
        public bool TakesAnySignature { get; set; }

        public void HashStart() => sha.Start();

        public void HashBytes(byte[] buffer, int start, int count) => sha.Add(buffer, start, count);

        public bool HashFlash(FlashArea area, int offset, int count) => throw new NotSupportedException();

        public bool HashFinish(byte[] digest)
        {
            sha.Finish(digest);
            return true;
        }

        public bool VerifyEcdsaP256(byte[] publicKey, byte[] hash, byte[] signature)
        {
            if (TakesAnySignature) return true;
            byte[] manifest = PublishedRelease.Manifest();
            int signatureStart = manifest.Length - PublishedRelease.SignatureLength;
            return Bytes.Same(publicKey, 0, Convert.FromBase64String(PublishedRelease.Key), 0, TrustedKeys.KeyLength)
                && Bytes.Same(hash, 0, PublishedRelease.SignedHash(), 0, 32)
                && Bytes.Same(signature, 0, manifest, signatureStart, PublishedRelease.SignatureLength);
        }
    }
}
