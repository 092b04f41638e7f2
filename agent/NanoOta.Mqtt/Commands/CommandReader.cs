using System.Text;

namespace NanoOta
{
    /// <summary>Reads a command (SPEC.md, section 8.6): first the envelope, then signature or tag, and only then the payload. Until then a
    /// message may be an attacker's.</summary>
    internal sealed class CommandReader
    {
        /// <summary>Bytes of a command at most.</summary>
        public const int MaxLength = 512;

        private const int FormatKey = 1, DeviceKey = 2, CommandKey = 3, CounterKey = 4, ExpiresKey = 5;
        private const int Format = 1;
        private const byte Sign1Tag = 0xD2;

        private readonly TrustedKeys keys;
        private readonly HmacSha256 mac;
        private readonly ICrypto crypto;
        private readonly byte[] deviceId;
        private byte[] file;
        private long command;
        private bool isForDevice;

        /// <summary>A reader of commands that the keys or the token of the options authenticate.</summary>
        /// <exception cref="System.ArgumentException">A key is malformed.</exception>
        public CommandReader(MqttOptions options, ICrypto crypto)
        {
            this.crypto = crypto;
            keys = new TrustedKeys(options.CommandKeys, crypto);
            mac = options.Token.Length == 0 ? null : new HmacSha256(options.Token, crypto);
            deviceId = Encoding.UTF8.GetBytes(options.DeviceId);
        }

        /// <summary>Why a command is malformed.</summary>
        public UpdateError Cause { get; private set; }

        /// <summary>Whether signature or tag of the last command are valid. Counter is valid only then.</summary>
        public bool IsAuthentic { get; private set; }

        /// <summary>Kind of the last command; 0 or one that is not known when it was refused.</summary>
        public CommandKind Kind => (CommandKind)command;

        /// <summary>Counter of the last command.</summary>
        public long Counter { get; private set; }

        /// <summary>Seconds since 1970 after which the last command is not executed; 0: it does not expire.</summary>
        public long Expires { get; private set; }

        /// <summary>Reads the first <paramref name="length"/> bytes of a buffer; does not check counter and time.</summary>
        public UpdateError Read(byte[] buffer, int length)
        {
            file = buffer;
            IsAuthentic = isForDevice = false;
            Cause = UpdateError.None;
            command = Counter = Expires = 0;
            if (keys.Count == 0 && mac == null) return UpdateError.NoCommandKey;
            if (length > 0 && buffer[0] == Sign1Tag) return ReadSigned(length);
            if (length > 0 && buffer[0] == TokenEnvelope.Mac0Tag) return ReadTagged(length);
            return Malformed(UpdateError.ManifestNotSigned);
        }

        private UpdateError ReadSigned(int length)
        {
            var envelope = new Envelope(file, length);
            UpdateError error = envelope.Read();
            if (error != UpdateError.None) return Malformed(error);
            error = envelope.Check(keys, crypto);
            if (error == UpdateError.BadSignature) return UpdateError.CommandBadSignature;
            if (error == UpdateError.HashFailed) return error;
            if (error != UpdateError.None) return UpdateError.CommandUnknownKey;
            return ReadPayload(envelope.PayloadStart, envelope.PayloadLength);
        }

        private UpdateError ReadTagged(int length)
        {
            var envelope = new TokenEnvelope(file, length);
            UpdateError error = envelope.Read();
            if (error != UpdateError.None) return Malformed(error);
            if (mac == null) return UpdateError.CommandUnknownKey;
            error = envelope.Check(mac, crypto);
            return error == UpdateError.None ? ReadPayload(envelope.PayloadStart, envelope.PayloadLength) : error;
        }

        private UpdateError ReadPayload(int start, int length)
        {
            IsAuthentic = true;
            var cbor = new CborReader(file, start, length);
            cbor.Validate();
            int found = 0;
            for (int count = cbor.ReadCount(CborReader.Map); count > 0 && cbor.Good; count--) found += ReadField(cbor);
            if (cbor.Good && found != CounterKey) cbor.Fail(UpdateError.ManifestMissingField);
            if (cbor.Good && !cbor.AtEnd) cbor.Fail(UpdateError.ManifestTrailingBytes);
            if (!cbor.Good)
            {
                Counter = command = 0;
                return Malformed(cbor.Error);
            }

            if (!isForDevice) return UpdateError.CommandNotForThisDevice;
            return CommandNames.Of(Kind) == null ? UpdateError.CommandUnknown : UpdateError.None;
        }

        // 1 for a required field. Keys are unique, so the sum shows whether one is missing.
        private int ReadField(CborReader cbor)
        {
            long key = cbor.ReadKey();
            switch (key)
            {
                case FormatKey:
                    if (cbor.ReadUInt() != Format) cbor.Fail(UpdateError.ManifestUnknownFormat);
                    return 1;
                case DeviceKey:
                    int length = cbor.ReadString(CborReader.TextString);
                    isForDevice = length == deviceId.Length && Bytes.Same(file, cbor.Position - length, deviceId, 0, length);
                    return 1;
                case CommandKey:
                    command = cbor.ReadUInt();
                    // Beyond an int the number would not survive the enum.
                    if (command > 0xFFFF) cbor.Fail(UpdateError.ManifestBadValue);
                    return 1;
                case CounterKey:
                    Counter = cbor.ReadUInt();
                    if (Counter < 1) cbor.Fail(UpdateError.ManifestBadValue);
                    return 1;
                case ExpiresKey:
                    Expires = cbor.ReadUInt();
                    if (Expires < 1) cbor.Fail(UpdateError.ManifestBadValue);
                    return 0;
                default:
                    if (key >= 0) cbor.Fail(UpdateError.ManifestUnknownField);
                    else cbor.Skip();
                    return 0;
            }
        }

        private UpdateError Malformed(UpdateError cause)
        {
            Cause = cause;
            return UpdateError.CommandMalformed;
        }
    }
}
