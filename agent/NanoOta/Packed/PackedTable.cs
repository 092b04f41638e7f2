namespace NanoOta
{
    /// <summary>
    /// Header and table of a packed file (docs/PACKED.md), read from flash: a cursor over its segments. Nothing of an entry is used
    /// before <see cref="Open"/> has checked all of them.
    /// </summary>
    public sealed class PackedTable
    {
        /// <summary>Bytes of the header.</summary>
        public const int HeaderLength = 16;

        /// <summary>Bytes of the entry of a segment.</summary>
        public const int EntryLength = 16;

        private const string Magic = "NODP";
        private const byte Format = 1;

        private readonly IFlash flash;
        private readonly FlashArea area;
        private readonly int start;
        private readonly ImageKind kind;
        private readonly byte[] entry = new byte[EntryLength];
        private int segment;

        /// <param name="flash">Where the table is kept.</param>
        /// <param name="area">The area.</param>
        /// <param name="start">Offset of the header in the area.</param>
        /// <param name="kind">What the file is packed from, and its base.</param>
        public PackedTable(IFlash flash, FlashArea area, int start, ImageKind kind = ImageKind.App)
        {
            this.kind = kind;
            this.flash = flash;
            this.area = area;
            this.start = start;
        }

        /// <summary>Bytes of the image.</summary>
        public int ImageSize { get; private set; }

        /// <summary>Bytes of the base; 0 without one.</summary>
        public int BaseSize { get; private set; }

        /// <summary>Segments of the file.</summary>
        public int Segments { get; private set; }

        /// <summary>Where the code of the segment starts, in bytes from the start of the file.</summary>
        public int CodeOffset { get; private set; }

        /// <summary>Bytes of its code, 1 to 4096.</summary>
        public int CodeLength { get; private set; }

        /// <summary>Its first block, counted in the order of the stream.</summary>
        public int First { get; private set; }

        /// <summary>Its blocks, 1 to 128.</summary>
        public int Blocks { get; private set; }

        /// <summary>Whether its code is the one block itself.</summary>
        public bool IsRaw => Blocks == 1 && CodeLength == BlockIndex.BlockLength(ImageSize, BlockAt(First));

        /// <summary>
        /// Checks 16 bytes as the header of a packed file for an image and a base of these sizes: None, IndexCorrupt or
        /// IndexUnknownFormat.
        /// </summary>
        public static UpdateError CheckHeader(byte[] buffer, int offset, int imageSize, int baseSize)
        {
            if (!Bytes.HasMagic(buffer, offset, Magic)) return UpdateError.IndexCorrupt;
            if (buffer[offset + 4] != Format || buffer[offset + 5] != 0) return UpdateError.IndexUnknownFormat;
            if (imageSize < 1 || imageSize > PackedModel.MaxImage || Bytes.GetSize(buffer, offset + 8) != imageSize)
                return UpdateError.IndexCorrupt;
            if (baseSize < 0 || baseSize > PackedModel.MaxImage || Bytes.GetSize(buffer, offset + 12) != baseSize)
                return UpdateError.IndexCorrupt;
            int segments = Bytes.GetU16(buffer, offset + 6);
            return segments >= 1 && segments <= BlockIndex.BlockCount(imageSize) ? UpdateError.None : UpdateError.IndexCorrupt;
        }

        /// <summary>Bytes of header and table together, from a checked header: 32 to 16,400.</summary>
        public static int LengthOf(byte[] header, int offset) => HeaderLength + EntryLength * Bytes.GetU16(header, offset + 6);

        /// <summary>
        /// Reads and checks header and all entries: None, IndexCorrupt, IndexUnknownFormat or FlashReadFailed. The cursor stands
        /// before the first segment.
        /// </summary>
        public UpdateError Open(int imageSize, int baseSize)
        {
            if (!flash.Read(area, start, entry, 0, HeaderLength)) return UpdateError.FlashReadFailed;
            UpdateError error = CheckHeader(entry, 0, imageSize, baseSize);
            if (error != UpdateError.None) return error;
            if (imageSize > flash.GetSize(ImageAreas.Inactive(kind)) || baseSize > flash.GetSize(ImageAreas.Running(kind)))
                return UpdateError.IndexCorrupt;
            if (LengthOf(entry, 0) > flash.GetSize(area) - start) return UpdateError.IndexCorrupt;
            ImageSize = imageSize;
            BaseSize = baseSize;
            Segments = Bytes.GetU16(entry, 6);
            Rewind();
            for (int i = 0; i < Segments; i++)
            {
                error = Next();
                if (error != UpdateError.None) return error;
            }

            bool isWhole = First + Blocks == BlockIndex.BlockCount(imageSize);
            Rewind();
            return isWhole ? UpdateError.None : UpdateError.IndexCorrupt;
        }

        /// <summary>Puts the cursor before the first segment.</summary>
        public void Rewind()
        {
            segment = 0;
            CodeOffset = HeaderLength + EntryLength * Segments;
            CodeLength = 0;
            First = 0;
            Blocks = 0;
        }

        /// <summary>Whether the cursor stands on the last segment.</summary>
        public bool IsAtEnd => segment == Segments;

        /// <summary>Goes to the next segment: None, FlashReadFailed or IndexCorrupt, which is also the answer behind the last one.</summary>
        public UpdateError Next()
        {
            if (segment >= Segments) return UpdateError.IndexCorrupt;
            if (!flash.Read(area, start + HeaderLength + EntryLength * segment, entry, 0, EntryLength)) return UpdateError.FlashReadFailed;
            int code = Bytes.GetU16(entry, 0), blocks = Bytes.GetU16(entry, 2);
            if (code < 1 || code > PackedModel.MaxCode || blocks < 1 || blocks > PackedModel.MaxBlocks) return UpdateError.IndexCorrupt;
            if (blocks > BlockIndex.BlockCount(ImageSize) - First - Blocks) return UpdateError.IndexCorrupt;
            segment++;
            CodeOffset += CodeLength;
            First += Blocks;
            CodeLength = code;
            Blocks = blocks;
            return UpdateError.None;
        }

        /// <summary>The number in the image of a block of the stream: 1, 2 … last, 0.</summary>
        public int BlockAt(int index) => index + 1 == BlockIndex.BlockCount(ImageSize) ? 0 : index + 1;

        /// <summary>Whether the output of the segment, in the order of the stream, has this SHA-256.</summary>
        public bool HasOutput(byte[] digest) => Bytes.Same(digest, 0, entry, 4, 4);

        /// <summary>Whether the code of the segment has this SHA-256.</summary>
        public bool HasCode(byte[] digest) => Bytes.Same(digest, 0, entry, 8, 8);
    }
}
