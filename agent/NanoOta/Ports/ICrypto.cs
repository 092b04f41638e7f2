namespace NanoOta
{
    /// <summary>SHA-256 (one computation at a time) and ECDSA on P-256.</summary>
    public interface ICrypto
    {
        /// <summary>Starts a computation, forgetting any other.</summary>
        void HashStart();

        /// <summary>Adds part of a buffer.</summary>
        void HashBytes(byte[] buffer, int start, int count);

        /// <summary>Adds a range of flash, at most 65536 bytes; false when it cannot be read.</summary>
        bool HashFlash(FlashArea area, int offset, int count);

        /// <summary>Ends the computation; <paramref name="digest"/> gets 32 bytes. False when any part of it failed; the digest is then not
        /// valid.</summary>
        bool HashFinish(byte[] digest);

        /// <summary>Whether <paramref name="signature"/> (r ‖ s, 64 bytes) of the 32-byte <paramref name="hash"/> was made with the key
        /// whose public point is <paramref name="publicKey"/> (x ‖ y, 64 bytes).</summary>
        bool VerifyEcdsaP256(byte[] publicKey, byte[] hash, byte[] signature);
    }
}
