using System;
using System.Text;

namespace NanoOta
{
    /// <summary>HMAC with SHA-256 (RFC 2104) over the agent's own SHA-256, one computation at a time.</summary>
    internal sealed class HmacSha256
    {
        private const int BlockLength = 64, DigestLength = 32;
        private const byte Inner = 0x36, Outer = 0x5C;

        private readonly ICrypto crypto;
        private readonly byte[] key = new byte[BlockLength];
        private readonly byte[] pad = new byte[BlockLength];
        private readonly byte[] digest = new byte[DigestLength];

        /// <summary>A MAC with the UTF-8 of a token as its key.</summary>
        public HmacSha256(string token, ICrypto crypto)
        {
            this.crypto = crypto;
            byte[] bytes = Encoding.UTF8.GetBytes(token);
            if (bytes.Length <= BlockLength) Array.Copy(bytes, 0, key, 0, bytes.Length);
            else
            {
                crypto.HashStart();
                crypto.HashBytes(bytes, 0, bytes.Length);
                if (!crypto.HashFinish(digest)) throw new InvalidOperationException("no token without SHA-256");
                Array.Copy(digest, 0, key, 0, DigestLength);
            }
        }

        /// <summary>Begins; the text goes to the crypto itself.</summary>
        public void Start() => StartWith(Inner);

        /// <summary>Ends, and compares in a time that does not depend on where the two differ: None, CommandBadSignature or
        /// HashFailed.</summary>
        public UpdateError Finish(byte[] buffer, int start)
        {
            if (!crypto.HashFinish(digest)) return UpdateError.HashFailed;
            StartWith(Outer);
            crypto.HashBytes(digest, 0, DigestLength);
            if (!crypto.HashFinish(digest)) return UpdateError.HashFailed;
            int difference = 0;
            for (int i = 0; i < DigestLength; i++) difference |= digest[i] ^ buffer[start + i];
            return difference == 0 ? UpdateError.None : UpdateError.CommandBadSignature;
        }

        private void StartWith(byte value)
        {
            for (int i = 0; i < BlockLength; i++) pad[i] = (byte)(key[i] ^ value);
            crypto.HashStart();
            crypto.HashBytes(pad, 0, BlockLength);
        }
    }
}
