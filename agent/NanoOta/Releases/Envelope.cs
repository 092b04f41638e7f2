using System.Text;

namespace NanoOta
{
    /// <summary>The COSE_Sign1 around a manifest (RFC 9052, section 4.2): finds its parts in a buffer and checks the signature.</summary>
    internal sealed class Envelope
    {
        private const byte Sign1Tag = 0xD2;
        private const int AlgorithmHeader = 1, KeyIdHeader = 4, SignatureLength = 64, KeyIdLength = 32;

        // ES256 is algorithm -7 (RFC 9053, section 2.1).
        private const long Es256 = -7;

        private readonly byte[] file;
        private readonly int length;
        private int protectedStart, protectedLength, signatureStart, keyIdStart;

        public Envelope(byte[] file, int length)
        {
            this.file = file;
            this.length = length;
        }

        public int PayloadStart;

        public int PayloadLength;

        /// <summary>Finds the parts; nothing is trusted yet.</summary>
        public UpdateError Read()
        {
            if (length == 0 || file[0] != Sign1Tag) return UpdateError.ManifestNotSigned;
            var cbor = new CborReader(file, 1, length - 1);
            cbor.Validate();
            if (!cbor.Good) return cbor.Error;
            if (!cbor.NextIs(CborReader.Array) || cbor.ReadCount(CborReader.Array) != 4) return UpdateError.ManifestNotSigned;
            protectedLength = cbor.ReadString(CborReader.ByteString);
            protectedStart = cbor.Position - protectedLength;
            if (cbor.ReadCount(CborReader.Map) != 0) cbor.Fail(UpdateError.ManifestUnknownField);
            PayloadLength = cbor.ReadString(CborReader.ByteString);
            PayloadStart = cbor.Position - PayloadLength;
            if (cbor.ReadString(CborReader.ByteString) != SignatureLength) cbor.Fail(UpdateError.BadSignature);
            signatureStart = cbor.Position - SignatureLength;
            if (cbor.Good && !cbor.AtEnd) cbor.Fail(UpdateError.ManifestTrailingBytes);
            return cbor.Good ? ReadProtected() : cbor.Error;
        }

        /// <summary>Whether one of the keys signed this; only then may the payload be read.</summary>
        public UpdateError Check(TrustedKeys keys, ICrypto crypto)
        {
            if (keys.Count == 0) return UpdateError.NoTrustedKey;
            byte[] key = keys.Find(file, keyIdStart);
            if (key == null) return UpdateError.UnknownKey;
            var digest = new byte[32];
            var signature = new byte[SignatureLength];
            System.Array.Copy(file, signatureStart, signature, 0, SignatureLength);
            if (!HashSigned(crypto, digest)) return UpdateError.HashFailed;
            return crypto.VerifyEcdsaP256(key, digest, signature) ? UpdateError.None : UpdateError.BadSignature;
        }

        private UpdateError ReadProtected()
        {
            var cbor = new CborReader(file, protectedStart, protectedLength);
            cbor.Validate();
            bool hasAlgorithm = false, hasKey = false;
            for (int count = cbor.ReadCount(CborReader.Map); count > 0 && cbor.Good; count--)
            {
                long header = cbor.ReadKey();
                if (header == AlgorithmHeader)
                {
                    hasAlgorithm = true;
                    if (cbor.ReadKey() != Es256) cbor.Fail(UpdateError.UnknownAlgorithm);
                }
                else if (header == KeyIdHeader)
                {
                    hasKey = true;
                    if (cbor.ReadString(CborReader.ByteString) != KeyIdLength) cbor.Fail(UpdateError.UnknownKey);
                    keyIdStart = cbor.Position - KeyIdLength;
                }
                else cbor.Fail(UpdateError.ManifestUnknownField);
            }

            if (cbor.Good && !hasAlgorithm) cbor.Fail(UpdateError.UnknownAlgorithm);
            if (cbor.Good && !hasKey) cbor.Fail(UpdateError.UnknownKey);
            if (cbor.Good && !cbor.AtEnd) cbor.Fail(UpdateError.ManifestTrailingBytes);
            return cbor.Error;
        }

        // Sig_structure (RFC 9052, section 4.4): ["Signature1", protected, external data (none), payload].
        private bool HashSigned(ICrypto crypto, byte[] digest)
        {
            // j is 0x6A, a text of ten bytes; before it comes the array of four.
            byte[] context = Encoding.UTF8.GetBytes(" jSignature1");
            context[0] = 0x84;
            byte[] none = { 0x40 };
            crypto.HashStart();
            crypto.HashBytes(context, 0, context.Length);
            HashByteString(crypto, protectedStart, protectedLength);
            crypto.HashBytes(none, 0, 1);
            HashByteString(crypto, PayloadStart, PayloadLength);
            return crypto.HashFinish(digest);
        }

        private void HashByteString(ICrypto crypto, int start, int count)
        {
            byte[] head = count < 24 ? new byte[] { (byte)(0x40 + count) }
                : count < 256 ? new byte[] { 0x58, (byte)count }
                : new byte[] { 0x59, (byte)(count >> 8), (byte)(count & 0xFF) };
            crypto.HashBytes(head, 0, head.Length);
            crypto.HashBytes(file, start, count);
        }
    }
}
