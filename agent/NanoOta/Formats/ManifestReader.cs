using System.Text;

namespace NanoOta
{
    /// <summary>
    /// Reads a signed manifest: first the envelope, then the signature, and only then what was signed. Everything from a
    /// server is an attacker's until the signature is good.
    /// </summary>
    public sealed class ManifestReader
    {
        // The payload's keys, SPEC.md, section 2.
        private const int FormatKey = 1, ProductKey = 2, BoardKey = 3, VersionKey = 4, SequenceKey = 5, ImagesKey = 6;
        private const int ExpiresKey = 7, LowestSequenceKey = 8, WaveKey = 9, MirrorsKey = 10, RuntimeKey = 11;
        private const int KindKey = 1, SizeKey = 2, DigestKey = 3, IndexDigestKey = 4, IndexLocationKey = 5, EncodingsKey = 6;
        private const int EncodingKindKey = 1, EncodingLocationKey = 2, EncodingBaseKey = 3;
        private const int Format = 1, AppKind = 0, PlainKind = 0, MaxEncodings = 4, MaxImages = 2, MaxMirrors = 4, MaxNatives = 64;

        private readonly TrustedKeys keys;
        private readonly ICrypto crypto;
        private readonly IRuntime runtime;
        private byte[] file;
        private CborReader cbor;
        private Manifest manifest;

        /// <summary>A reader that accepts signatures of these keys.</summary>
        /// <param name="keys">Any of them may have signed.</param>
        /// <param name="crypto">Checks the signature.</param>
        /// <param name="runtime">What the app's needs are compared with, or null: with nothing.</param>
        public ManifestReader(TrustedKeys keys, ICrypto crypto, IRuntime runtime)
        {
            this.keys = keys;
            this.crypto = crypto;
            this.runtime = runtime;
        }

        /// <summary>Reads the first <paramref name="length"/> bytes of a buffer.</summary>
        /// <param name="buffer">The file; not needed any more after the call.</param>
        /// <param name="length">Its length in bytes.</param>
        /// <param name="result">What it says, or null with any error.</param>
        public UpdateError Read(byte[] buffer, int length, out Manifest result)
        {
            file = buffer;
            manifest = new Manifest();
            UpdateError error = length >= Manifest.MaxLength ? UpdateError.ManifestTooLarge : ReadFile(length);
            result = error == UpdateError.None ? manifest : null;
            return error;
        }

        private UpdateError ReadFile(int length)
        {
            var envelope = new Envelope(file, length);
            UpdateError error = envelope.Read();
            if (error != UpdateError.None) return error;
            error = envelope.Check(keys, crypto);
            if (error != UpdateError.None) return error;

            cbor = new CborReader(file, envelope.PayloadStart, envelope.PayloadLength);
            cbor.Validate();
            if (cbor.Good) ReadPayload();
            if (cbor.Good && !cbor.AtEnd) cbor.Fail(UpdateError.ManifestTrailingBytes);
            return cbor.Error;
        }

        private void ReadPayload()
        {
            int found = 0;
            for (int count = cbor.ReadCount(CborReader.Map); count > 0 && cbor.Good; count--)
            {
                long key = cbor.ReadKey();
                switch (key)
                {
                    case FormatKey: ReadFormat(); break;
                    case ProductKey: manifest.Product = ReadName(); break;
                    case BoardKey: manifest.Board = ReadName(); break;
                    case VersionKey: manifest.Version = ReadName(); break;
                    case SequenceKey: manifest.Sequence = ReadNumber(1, 0x1FFFFFFFFFFFFF); break;
                    case ImagesKey: ReadImages(); break;
                    default: ReadOptional(key); continue;
                }

                found++;
            }

            RequireAll(found, ImagesKey);
        }

        private void ReadOptional(long key)
        {
            switch (key)
            {
                case ExpiresKey: manifest.Expires = ReadNumber(1, 0x1FFFFFFFFFFFFF); break;
                case LowestSequenceKey: manifest.LowestSequence = ReadNumber(1, 0x1FFFFFFFFFFFFF); break;
                case WaveKey: manifest.WavePercent = (int)ReadNumber(0, 100); break;
                case MirrorsKey: ReadMirrors(); break;
                case RuntimeKey: ReadRuntime(); break;
                default: PassOver(key); break;
            }
        }

        private void ReadMirrors()
        {
            int count = cbor.ReadCount(CborReader.Array);
            if (count < 1 || count > MaxMirrors) cbor.Fail(UpdateError.ManifestBadValue);
            if (!cbor.Good) return;
            manifest.Mirrors = new string[count];
            for (int i = 0; i < count && cbor.Good; i++) manifest.Mirrors[i] = ReadMirror();
        }

        private void ReadRuntime()
        {
            int count = cbor.ReadCount(CborReader.Array);
            if (count < 1 || count > MaxNatives) cbor.Fail(UpdateError.ManifestBadValue);
            for (int i = 0; i < count && cbor.Good; i++) ReadNative();
        }

        // Compared at once: a list of the names would be the largest thing that the agent keeps.
        private void ReadNative()
        {
            if (cbor.ReadCount(CborReader.Array) != 2) cbor.Fail(UpdateError.ManifestBadValue);
            int length = cbor.ReadString(CborReader.TextString);
            if (cbor.Good && !ManifestText.IsAssembly(file, cbor.Position - length, length)) cbor.Fail(UpdateError.ManifestBadValue);
            int start = cbor.Position - length;
            long needed = cbor.ReadUInt();
            // Not 0xFFFFFFFF, which the compiler makes of an int: what the device would make of it is not certain.
            if (needed >= 0x100000000) cbor.Fail(UpdateError.ManifestBadValue);
            if (!cbor.Good || runtime == null || manifest.RuntimeMismatch != null) return;
            string name = Encoding.UTF8.GetString(file, start, length);
            long present = runtime.GetNativeChecksum(name);
            if (present == needed) return;
            string there = present < 0 ? "not there" : "0x" + Bytes.Hex(present) + " is there";
            manifest.RuntimeMismatch = name + ": 0x" + Bytes.Hex(needed) + " needed, " + there;
        }

        // Before any other field: a later format may give the other keys another meaning.
        private void ReadFormat()
        {
            if (cbor.ReadUInt() != Format) cbor.Fail(UpdateError.ManifestUnknownFormat);
        }

        private void ReadImages()
        {
            int count = cbor.ReadCount(CborReader.Array);
            if (count < 1 || count > MaxImages) cbor.Fail(UpdateError.ManifestBadValue);
            for (int i = 0; i < count && cbor.Good; i++) ReadImage();
            if (cbor.Good && count != 1) cbor.Fail(UpdateError.ManifestNoImage);
        }

        private void ReadImage()
        {
            int found = 0;
            for (int count = cbor.ReadCount(CborReader.Map); count > 0 && cbor.Good; count--)
            {
                long key = cbor.ReadKey();
                switch (key)
                {
                    case KindKey: ReadKind(); break;
                    case SizeKey: manifest.ImageSize = (int)ReadNumber(1, 0x7FFFFFFF); break;
                    case DigestKey: manifest.ImageDigest = cbor.ReadBytes(32); break;
                    case IndexDigestKey: manifest.IndexDigest = cbor.ReadBytes(32); break;
                    case IndexLocationKey: manifest.IndexLocation = ReadLocation(); break;
                    case EncodingsKey: ReadEncodings(); break;
                    default: PassOver(key); continue;
                }

                found++;
            }

            RequireAll(found, EncodingsKey);
        }

        private void ReadKind()
        {
            if (cbor.ReadUInt() != AppKind) cbor.Fail(UpdateError.ManifestNoImage);
        }

        private void ReadEncodings()
        {
            int count = cbor.ReadCount(CborReader.Array);
            if (count < 1 || count > MaxEncodings) cbor.Fail(UpdateError.ManifestBadValue);
            for (int i = 0; i < count && cbor.Good; i++) ReadEncoding();
            if (cbor.Good && manifest.ImageLocation == null) cbor.Fail(UpdateError.ManifestNoEncoding);
        }

        private void ReadEncoding()
        {
            long kind = -1;
            string location = null;
            for (int count = cbor.ReadCount(CborReader.Map); count > 0 && cbor.Good; count--)
            {
                long key = cbor.ReadKey();
                switch (key)
                {
                    case EncodingKindKey: kind = cbor.ReadUInt(); break;
                    case EncodingLocationKey: location = ReadLocation(); break;
                    case EncodingBaseKey: cbor.ReadBytes(32); break;
                    default:
                        // The fields of an encoding that is not known are not known either.
                        if (kind == PlainKind) PassOver(key);
                        else cbor.Skip();
                        break;
                }
            }

            if (cbor.Good && (kind < 0 || location == null)) cbor.Fail(UpdateError.ManifestMissingField);
            if (kind == PlainKind && manifest.ImageLocation == null) manifest.ImageLocation = location;
        }

        // A negative key is advice; a positive one must be understood (SPEC.md, section 2).
        private void PassOver(long key)
        {
            if (key >= 0) cbor.Fail(UpdateError.ManifestUnknownField);
            else cbor.Skip();
        }

        // Keys are unique and those counted are 1 to last, so the count tells whether one is missing.
        private void RequireAll(int found, int last)
        {
            if (cbor.Good && found != last) cbor.Fail(UpdateError.ManifestMissingField);
        }

        private long ReadNumber(long least, long most)
        {
            long value = cbor.ReadUInt();
            if (cbor.Good && (value < least || value > most)) cbor.Fail(UpdateError.ManifestBadValue);
            return cbor.Good ? value : 0;
        }

        private string ReadName()
        {
            int length = cbor.ReadString(CborReader.TextString);
            if (cbor.Good && !ManifestText.IsName(file, cbor.Position - length, length)) cbor.Fail(UpdateError.ManifestBadValue);
            return cbor.Good ? Encoding.UTF8.GetString(file, cbor.Position - length, length) : null;
        }

        private string ReadMirror()
        {
            int length = cbor.ReadString(CborReader.TextString);
            if (cbor.Good && !ManifestText.IsMirror(file, cbor.Position - length, length))
                cbor.Fail(UpdateError.ManifestBadLocation);
            return cbor.Good ? Encoding.UTF8.GetString(file, cbor.Position - length, length) : null;
        }

        private string ReadLocation()
        {
            int length = cbor.ReadString(CborReader.TextString);
            if (cbor.Good && !ManifestText.IsLocation(file, cbor.Position - length, length))
                cbor.Fail(UpdateError.ManifestBadLocation);
            return cbor.Good ? Encoding.UTF8.GetString(file, cbor.Position - length, length) : null;
        }
    }
}
