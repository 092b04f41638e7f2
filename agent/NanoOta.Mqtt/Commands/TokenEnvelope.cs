namespace NanoOta
{
    /// <summary>The COSE_Mac0 around a command (RFC 9052, section 6.2): finds its parts in a buffer and checks the tag. Its protected
    /// header is always {1: 5}, HMAC 256/256 (RFC 9053, section 3.1), so it is compared and not read.</summary>
    internal sealed class TokenEnvelope
    {
        /// <summary>CBOR tag 17.</summary>
        public const byte Mac0Tag = 0xD1;

        private const int TagLength = 32;

        // {1: 5}, as a byte string.
        private static readonly byte[] Header = { 0x43, 0xA1, 0x01, 0x05 };

        private readonly byte[] file;
        private readonly int length;
        private int tagStart;

        public TokenEnvelope(byte[] file, int length)
        {
            this.file = file;
            this.length = length;
        }

        public int PayloadStart;

        public int PayloadLength;

        /// <summary>Finds the parts; nothing is trusted yet.</summary>
        public UpdateError Read()
        {
            var cbor = new CborReader(file, 1, length - 1);
            cbor.Validate();
            if (!cbor.Good) return cbor.Error;
            if (!cbor.NextIs(CborReader.Array) || cbor.ReadCount(CborReader.Array) != 4) return UpdateError.ManifestNotSigned;
            int headerStart = cbor.Position;
            cbor.ReadString(CborReader.ByteString);
            if (cbor.Good && !IsHeader(headerStart, cbor.Position - headerStart)) cbor.Fail(UpdateError.UnknownAlgorithm);
            if (cbor.ReadCount(CborReader.Map) != 0) cbor.Fail(UpdateError.ManifestUnknownField);
            PayloadLength = cbor.ReadString(CborReader.ByteString);
            PayloadStart = cbor.Position - PayloadLength;
            if (cbor.ReadString(CborReader.ByteString) != TagLength) cbor.Fail(UpdateError.BadSignature);
            tagStart = cbor.Position - TagLength;
            if (cbor.Good && !cbor.AtEnd) cbor.Fail(UpdateError.ManifestTrailingBytes);
            return cbor.Error;
        }

        /// <summary>None when the tag was made with the token; the payload may be read only then.</summary>
        public UpdateError Check(HmacSha256 mac, ICrypto crypto)
        {
            // MAC_structure (RFC 9052, section 6.3): ["MAC0", protected, external data (none), payload].
            byte[] context = { 0x84, 0x64, (byte)'M', (byte)'A', (byte)'C', (byte)'0' };
            byte[] none = { 0x40 };
            byte[] head = PayloadLength < 24 ? new byte[] { (byte)(0x40 + PayloadLength) }
                : PayloadLength < 256 ? new byte[] { 0x58, (byte)PayloadLength }
                : new byte[] { 0x59, (byte)(PayloadLength >> 8), (byte)(PayloadLength & 0xFF) };
            mac.Start();
            crypto.HashBytes(context, 0, context.Length);
            crypto.HashBytes(Header, 0, Header.Length);
            crypto.HashBytes(none, 0, 1);
            crypto.HashBytes(head, 0, head.Length);
            crypto.HashBytes(file, PayloadStart, PayloadLength);
            return mac.Finish(file, tagStart);
        }

        private bool IsHeader(int start, int count) => count == Header.Length && Bytes.Same(file, start, Header, 0, count);
    }
}
