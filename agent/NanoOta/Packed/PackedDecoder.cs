namespace NanoOta
{
    /// <summary>
    /// Decodes a segment of a packed file (docs/PACKED.md) block by block. Base is the running slot, earlier output is read from the
    /// inactive slot: each block must be there before the next step. Allocates in its constructor only: 7,508 bytes and five objects.
    /// </summary>
    public sealed class PackedDecoder
    {
        private const int IsRun = 256;
        private const int Malformed = -1;

        private readonly IFlash flash;
        private readonly FlashArea baseArea, output;
        private readonly BitDecoder bits = new BitDecoder();
        private readonly DifferenceDecoder differences;
        private int imageSize, baseSize, index, end, blockCount;
        private int displacement, distance, left, afterRun;
        private bool isRaw, isBase, isAdded;

        /// <param name="flash">Base and output.</param>
        /// <param name="kind">What is decoded.</param>
        public PackedDecoder(IFlash flash, ImageKind kind = ImageKind.App)
        {
            baseArea = ImageAreas.Running(kind);
            output = ImageAreas.Inactive(kind);
            this.flash = flash;
            differences = new DifferenceDecoder(bits);
        }

        /// <summary>4096 bytes: the code of a segment is put here before <see cref="Begin"/>, and checked there by its SHA-256.</summary>
        public byte[] Code => bits.Code;

        /// <summary>Whether all blocks of the segment are decoded.</summary>
        public bool IsDone => index == end;

        /// <summary>The number in the image of the block that the next step decodes.</summary>
        public int Block => index + 1 == blockCount ? 0 : index + 1;

        /// <summary>Starts the segment that a table stands on: None or BlockCorrupt.</summary>
        public UpdateError Begin(PackedTable table)
        {
            imageSize = table.ImageSize;
            baseSize = table.BaseSize;
            blockCount = BlockIndex.BlockCount(imageSize);
            index = table.First;
            end = index + table.Blocks;
            isRaw = table.IsRaw;
            isBase = baseSize > 0;
            displacement = 0;
            distance = PackedModel.FirstDistance;
            left = 0;
            afterRun = 0;
            differences.Reset();
            return isRaw || bits.Begin(table.CodeLength) ? UpdateError.None : Refuse(UpdateError.BlockCorrupt);
        }

        /// <summary>
        /// Decodes the next block into the first bytes of a buffer of 4096: None, BlockCorrupt or FlashReadFailed. After an error, and
        /// behind the last block, every step is refused.
        /// </summary>
        public UpdateError Step(byte[] block)
        {
            if (index >= end) return UpdateError.BlockCorrupt;
            int length = BlockIndex.BlockLength(imageSize, Block);
            UpdateError error = UpdateError.None;
            if (isRaw) System.Array.Copy(bits.Code, 0, block, 0, length);
            else error = Decode(block, length);
            if (error != UpdateError.None) return Refuse(error);
            index++;
            if (index == end && !isRaw && (left != 0 || !bits.IsUsedUp)) return Refuse(UpdateError.BlockCorrupt);
            return UpdateError.None;
        }

        private UpdateError Refuse(UpdateError error)
        {
            end = 0;
            index = 1;
            return error;
        }

        private UpdateError Decode(byte[] block, int length)
        {
            int filled = 0;
            while (filled < length)
            {
                if (left == 0)
                {
                    int symbol = ReadSymbol(filled);
                    if (symbol == Malformed) return UpdateError.BlockCorrupt;
                    if (symbol != IsRun)
                    {
                        block[filled++] = (byte)symbol;
                        continue;
                    }
                }

                int count = length - filled;
                if (count > left) count = left;
                count = isBase ? CopyBase(block, filled, count) : CopyOwn(block, filled, count);
                if (count <= 0) return count == 0 ? UpdateError.BlockCorrupt : UpdateError.FlashReadFailed;
                if (isAdded) differences.Apply(block, filled, count);
                filled += count;
                left -= count;
            }

            return UpdateError.None;
        }

        // A literal, IsRun or Malformed.
        private int ReadSymbol(int filled)
        {
            if (bits.Bit(PackedModel.Run + afterRun) == 0)
            {
                afterRun = 0;
                return bits.Tree(PackedModel.Literal, 8);
            }

            bool isNew = bits.Bit(PackedModel.Again + afterRun) != 0;
            afterRun = 1;
            if (isNew) isBase = baseSize > 0 && bits.Bit(PackedModel.Kind) == 0;
            int mode = isNew ? 0 : 2;
            if (isBase) mode++;
            isAdded = bits.Bit(PackedModel.Mode + mode) != 0;
            int set = isAdded ? 2 : mode != 0 ? 1 : 0;
            left = bits.Number(PackedModel.Length + set * 32, 4) + 1;
            if (isAdded) differences.BeginRun();
            if (isNew && !ReadSource(filled)) return Malformed;
            return IsRun;
        }

        // Beyond the bounds a displacement could leave the range of numbers; the bytes of the run are checked when they are copied.
        private bool ReadSource(int filled)
        {
            if (!isBase)
            {
                distance = bits.Number(PackedModel.Distance, 5) + 1;
                return distance > 0;
            }

            int change = bits.Number(PackedModel.Displacement, 5);
            if (change < 0) return false;
            if (change > 0 && bits.Bit(PackedModel.Sign) != 0) change = -change;
            displacement += change;
            int source = Block * BlockIndex.BlockSize + filled + displacement;
            return source >= 0 && source < baseSize;
        }

        // How many bytes were copied; 0: they are outside the base; −1: flash cannot be read.
        private int CopyBase(byte[] block, int filled, int count)
        {
            int source = Block * BlockIndex.BlockSize + filled + displacement;
            if (source < 0 || source > baseSize - count) return 0;
            return flash.Read(baseArea, source, block, filled, count) ? count : -1;
        }

        // The same for earlier output: on flash, behind block 0, or in this block.
        private int CopyOwn(byte[] block, int filled, int count)
        {
            int before = distance - filled;
            if (before > 0)
            {
                int source = StreamStart() + BlockIndex.BlockSize - before;
                if (source < BlockIndex.BlockSize) return 0;
                if (count > before) count = before;
                return flash.Read(output, source, block, filled, count) ? count : -1;
            }

            if (isAdded && count > distance) count = distance;
            if (count <= distance) System.Array.Copy(block, filled - distance, block, filled, count);
            else for (int i = filled; i < filled + count; i++) block[i] = block[i - distance];
            return count;
        }

        // Bytes of the stream before this block: block 0 comes last, behind a block that may be short.
        private int StreamStart() => index + 1 == blockCount && index > 0 ? imageSize - BlockIndex.BlockSize : index * BlockIndex.BlockSize;
    }
}
