using NanoOta.Native;

namespace NanoOta
{
    /// <summary>SHA-256 and ECDSA through the native module.</summary>
    public sealed class NativeCrypto : ICrypto
    {
        /// <inheritdoc/>
        public void HashStart() => NativeModule.HashStart();

        /// <inheritdoc/>
        public void HashBytes(byte[] buffer, int start, int count) => NativeModule.HashBytes(buffer, start, count);

        /// <inheritdoc/>
        public bool HashFlash(FlashArea area, int offset, int count)
        {
            return NativeModule.HashArea((int)area, offset, count) == NativeModule.Ok;
        }

        /// <inheritdoc/>
        public bool HashFinish(byte[] digest) => NativeModule.HashFinish(digest) == NativeModule.Ok;

        /// <inheritdoc/>
        public bool VerifyEcdsaP256(byte[] publicKey, byte[] hash, byte[] signature)
        {
            return NativeModule.VerifyEcdsaP256(publicKey, hash, signature);
        }
    }
}
