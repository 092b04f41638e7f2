namespace NanoOta
{
    /// <summary>Reads a signed manifest: first the envelope, then the signature, and only then what was signed. Everything from a server is
    /// untrusted until the signature is good.</summary>
    public sealed class ManifestReader
    {
        // The payload's keys, SPEC.md, section 2.
        private const int FormatKey = 1, ProductKey = 2, BoardKey = 3, VersionKey = 4, SequenceKey = 5, ImagesKey = 6;
        private const int KindKey = 1, SizeKey = 2, DigestKey = 3, IndexDigestKey = 4, IndexLocationKey = 5, EncodingsKey = 6, NativesKey = 7;
        private const int EncodingKindKey = 1, EncodingLocationKey = 2, EncodingBaseKey = 3, TableDigestKey = 4, FileSizeKey = 5;
        private const int Format = 1, PlainKind = 0, PackedKind = 1, MaxEncodings = 4, MaxImages = 2, MaxNatives = 128;

        private readonly TrustedKeys keys;
        private readonly ICrypto crypto;
        private readonly IRuntime runtime;
        private readonly IReleaseSource source;
        private readonly SlotDescriptor running, runningRuntime;
        private byte[] file;
        private CborReader cbor;
        private FieldReader fields;
        private OptionalFields optional;
        private Manifest manifest;
        private OfferedImage image;

        /// <summary>A reader that accepts signatures of these keys.</summary>
        /// <param name="keys">Any of them may have signed.</param>
        /// <param name="crypto">Checks the signature.</param>
        /// <param name="runtime">What the app's needs are compared with, or null: with nothing.</param>
        /// <param name="source">Must be able to open the mirrors; null: their scheme is not checked.</param>
        /// <param name="running">The base that packed apps may have; null: only those without one can be unpacked.</param>
        /// <param name="runningRuntime">The same of packed runtimes.</param>
        public ManifestReader(TrustedKeys keys, ICrypto crypto, IRuntime runtime, IReleaseSource source = null,
            SlotDescriptor running = null, SlotDescriptor runningRuntime = null)
        {
            this.keys = keys;
            this.crypto = crypto;
            this.runtime = runtime;
            this.source = source;
            this.running = running;
            this.runningRuntime = runningRuntime;
        }

        /// <summary>Reads the first <paramref name="length"/> bytes of a buffer.</summary>
        /// <param name="buffer">The file; not needed any more after the call.</param>
        /// <param name="length">Its length in bytes.</param>
        /// <param name="result">Its content, or null with any error.</param>
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
            fields = new FieldReader(cbor, file);
            optional = new OptionalFields(cbor, fields, manifest, runtime, source);
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
                    case ProductKey: manifest.Product = fields.Name(); break;
                    case BoardKey: manifest.Board = fields.Name(); break;
                    case VersionKey: manifest.Version = fields.Name(); break;
                    case SequenceKey: manifest.Sequence = fields.Number(1, FieldReader.MaxLong); break;
                    case ImagesKey: ReadImages(); break;
                    default:
                        if (!optional.Read(key)) PassOver(key);
                        continue;
                }

                found++;
            }

            RequireAll(found, ImagesKey);
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
            if (cbor.Good) manifest.Identity = Identify();
        }

        private byte[] Identify()
        {
            if (manifest.App == null || manifest.Runtime == null) return image.Digest;
            return Bytes.Xor(manifest.App.Digest, manifest.Runtime.Digest);
        }

        private void ReadImage()
        {
            int found = 0;
            image = new OfferedImage();
            for (int count = cbor.ReadCount(CborReader.Map); count > 0 && cbor.Good; count--)
            {
                long key = cbor.ReadKey();
                switch (key)
                {
                    case KindKey: ReadKind(); break;
                    case SizeKey: image.Size = (int)fields.Number(1, FieldReader.MaxInt); break;
                    case DigestKey: image.Digest = cbor.ReadBytes(32); break;
                    case IndexDigestKey: image.IndexDigest = cbor.ReadBytes(32); break;
                    case IndexLocationKey: image.IndexLocation = fields.Location(); break;
                    case EncodingsKey: ReadEncodings(); break;
                    case NativesKey: ReadNatives(); break;
                    default: PassOver(key); continue;
                }

                found++;
            }

            RequireAll(found, image.Kind == ImageKind.Runtime ? NativesKey : EncodingsKey);
        }

        // The least key, so it comes before the others.
        private void ReadKind()
        {
            long kind = cbor.ReadUInt();
            if (kind > (int)ImageKind.Runtime) cbor.Fail(UpdateError.ManifestNoImage);
            if (!cbor.Good) return;
            image.Kind = (ImageKind)(int)kind;
            if ((image.Kind == ImageKind.App ? manifest.App : manifest.Runtime) != null) cbor.Fail(UpdateError.ManifestBadValue);
            if (image.Kind == ImageKind.App) manifest.App = image;
            else manifest.Runtime = image;
        }

        private void ReadNatives()
        {
            image.Natives = cbor.ReadBytes(OfferedImage.NativeLength, MaxNatives * OfferedImage.NativeLength);
            bool isWhole = image.Natives != null && image.Natives.Length % OfferedImage.NativeLength == 0;
            if (cbor.Good && (image.Kind != ImageKind.Runtime || !isWhole)) cbor.Fail(UpdateError.ManifestBadValue);
        }

        private void ReadEncodings()
        {
            int count = cbor.ReadCount(CborReader.Array);
            if (count < 1 || count > MaxEncodings) cbor.Fail(UpdateError.ManifestBadValue);
            for (int i = 0; i < count && cbor.Good; i++) ReadEncoding();
            if (cbor.Good && image.Location == null) cbor.Fail(UpdateError.ManifestNoEncoding);
        }

        private void ReadEncoding()
        {
            long kind = -1;
            string location = null;
            byte[] baseDigest = null, tableDigest = null;
            int size = 0;
            for (int count = cbor.ReadCount(CborReader.Map); count > 0 && cbor.Good; count--)
            {
                long key = cbor.ReadKey();
                if (key == EncodingKindKey) kind = cbor.ReadUInt();
                else if (key == EncodingLocationKey) location = fields.Location();
                else if (key == EncodingBaseKey) baseDigest = cbor.ReadBytes(32);
                else if (key == TableDigestKey && kind == PackedKind) tableDigest = cbor.ReadBytes(32);
                else if (key == FileSizeKey && kind == PackedKind) size = (int)fields.Number(1, FieldReader.MaxInt);
                // The fields of an encoding that is not known are not known either.
                else if (kind == PlainKind || kind == PackedKind) PassOver(key);
                else cbor.Skip();
            }

            bool isWhole = kind >= 0 && location != null && (kind != PackedKind || (tableDigest != null && size > 0));
            if (cbor.Good && !isWhole) cbor.Fail(UpdateError.ManifestMissingField);
            if (!cbor.Good) return;
            if (kind == PlainKind && image.Location == null) image.Location = location;
            if (kind == PackedKind) Keep(location, size, baseDigest, tableDigest);
        }

        // All that this device can unpack, the smallest first; of equal sizes in the order of the manifest.
        private void Keep(string location, int size, byte[] baseDigest, byte[] tableDigest)
        {
            SlotDescriptor present = image.Kind == ImageKind.App ? running : runningRuntime;
            if (baseDigest != null && (present == null || !Bytes.Same(present.ImageDigest, 0, baseDigest, 0, 32))) return;
            var encoding = new PackedEncoding
            {
                Location = location,
                Size = size,
                TableDigest = tableDigest,
                BaseSize = baseDigest == null ? 0 : present.ImageSize,
            };
            PackedEncoding before = null, after = image.Packed;
            while (after != null && after.Size <= size)
            {
                before = after;
                after = after.Next;
            }

            encoding.Next = after;
            if (before == null) image.Packed = encoding;
            else before.Next = encoding;
        }

        // A negative key is advice; a positive one must be understood (SPEC.md, section 2).
        private void PassOver(long key)
        {
            if (key >= 0) cbor.Fail(UpdateError.ManifestUnknownField);
            else cbor.Skip();
        }

        // Keys are unique and those counted are 1 to last, so the count shows whether one is missing.
        private void RequireAll(int found, int last)
        {
            if (cbor.Good && found != last) cbor.Fail(UpdateError.ManifestMissingField);
        }
    }
}
