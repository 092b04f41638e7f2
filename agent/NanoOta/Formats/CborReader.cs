namespace NanoOta
{
    /// <summary>Reads the deterministic CBOR of manifests (RFC 8949, section 4.2.1) from a buffer, within bounds. The first error sticks;
    /// after it every read gives zero or null, so a reader checks once at the end of a step.</summary>
    internal sealed class CborReader
    {
        public const int UnsignedInteger = 0, NegativeInteger = 1, ByteString = 2, TextString = 3, Array = 4, Map = 5, Tag = 6;

        /// <summary>Containers within containers that are followed.</summary>
        private const int MaxDepth = 5;

        // No file is longer than a sector, so a larger length is wrong rather than cut off.
        private const long MaxLength = FlashLayout.SectorSize;
        private const long MaxInteger = 0x1FFFFFFFFFFFFF;

        private readonly byte[] buffer;
        private readonly int end;
        private int position;

        public CborReader(byte[] buffer, int start, int count)
        {
            this.buffer = buffer;
            position = start;
            end = start + count;
        }

        /// <summary>The first error, or None.</summary>
        public UpdateError Error;

        public bool Good => Error == UpdateError.None;

        /// <summary>Offset of the next item in the buffer.</summary>
        public int Position => position;

        public bool AtEnd => position == end;

        /// <summary>Whether the next item is of one major type.</summary>
        public bool NextIs(int major) => Good && position < end && buffer[position] >> 5 == major;

        /// <summary>Walks over the next item and everything in it, and checks that all of it is deterministic CBOR of the types that
        /// manifests use; the position stays where it is.</summary>
        public void Validate()
        {
            int start = position;
            Skip(0);
            position = start;
        }

        /// <summary>Passes over the next item.</summary>
        public void Skip() => Skip(0);

        /// <summary>The unsigned integer that comes next.</summary>
        public long ReadUInt() => ReadHead(UnsignedInteger);

        /// <summary>The integer, of either sign, that comes next: a map key.</summary>
        public long ReadKey()
        {
            if (!NextIs(NegativeInteger)) return ReadHead(UnsignedInteger);
            long value = ReadHead(NegativeInteger);
            return -1 - value;
        }

        /// <summary>Entries of the array or map that comes next.</summary>
        public int ReadCount(int major) => ReadLength(major);

        /// <summary>Passes over the string that comes next; its bytes then stand at Position − result in the buffer.</summary>
        public int ReadString(int major)
        {
            int length = ReadLength(major);
            if (length > end - position) Fail(UpdateError.ManifestTruncated);
            if (!Good) return 0;
            position += length;
            return length;
        }

        /// <summary>A copy of the byte string that comes next, which must have <paramref name="length"/> bytes.</summary>
        public byte[] ReadBytes(int length) => ReadBytes(length, length);

        /// <summary>The same, of so many bytes at least and at most.</summary>
        public byte[] ReadBytes(int least, int most)
        {
            int length = ReadString(ByteString);
            if (Good && (length < least || length > most)) Fail(UpdateError.ManifestBadValue);
            if (!Good) return null;
            var bytes = new byte[length];
            System.Array.Copy(buffer, position - length, bytes, 0, length);
            return bytes;
        }

        public void Fail(UpdateError error)
        {
            if (Good) Error = error;
        }

        private void Skip(int depth)
        {
            if (depth > MaxDepth) Fail(UpdateError.ManifestTooDeep);
            else if (position >= end) Fail(UpdateError.ManifestTruncated);
            if (!Good) return;
            int major = buffer[position] >> 5;
            switch (major)
            {
                case UnsignedInteger:
                case NegativeInteger: ReadHead(major); break;
                case ByteString:
                case TextString: ReadString(major); break;
                case Array: SkipEntries(ReadLength(Array), depth); break;
                case Map: SkipMap(ReadLength(Map), depth); break;
                default: Fail(UpdateError.ManifestWrongType); break;
            }
        }

        private void SkipEntries(int count, int depth)
        {
            for (int i = 0; i < count && Good; i++) Skip(depth + 1);
        }

        private void SkipMap(int count, int depth)
        {
            int first = position;
            int previous = -1, previousEnd = -1;
            for (int i = 0; i < count && Good; i++)
            {
                int key = position;
                Skip(depth + 1);
                if (Good && previous >= 0 && Compare(previous, previousEnd, key, position) >= 0)
                    Fail(IsAmong(first, i, key, position) ? UpdateError.ManifestDuplicateKey : UpdateError.ManifestKeyOrder);
                previous = key;
                previousEnd = position;
                Skip(depth + 1);
            }
        }

        // Only called for a map that is already bad: which error it is.
        private bool IsAmong(int first, int count, int key, int keyEnd)
        {
            int saved = position;
            bool found = false;
            position = first;
            for (int i = 0; i < count && Good && !found; i++)
            {
                int start = position;
                Skip(MaxDepth);
                found = Compare(start, position, key, keyEnd) == 0;
                Skip(1);
            }

            position = saved;
            return found;
        }

        private int Compare(int a, int aEnd, int b, int bEnd)
        {
            while (a < aEnd && b < bEnd)
            {
                if (buffer[a] != buffer[b]) return buffer[a] - buffer[b];
                a++;
                b++;
            }

            return (aEnd - a) - (bEnd - b);
        }

        private int ReadLength(int major)
        {
            long length = ReadHead(major);
            if (length > MaxLength) Fail(UpdateError.ManifestBadLength);
            return Good ? (int)length : 0;
        }

        /// <summary>The number in the head of the next item, which must be of one major type.</summary>
        private long ReadHead(int major)
        {
            if (!Good) return 0;
            if (position >= end) return Fail0(UpdateError.ManifestTruncated);
            int initial = buffer[position];
            if (initial >> 5 != major) return Fail0(UpdateError.ManifestWrongType);
            int info = initial & 31;
            position++;
            if (info < 24) return info;
            if (info == 31) return Fail0(UpdateError.ManifestIndefiniteLength);
            if (info > 27) return Fail0(UpdateError.ManifestBadValue);
            int size = info == 24 ? 1 : info == 25 ? 2 : info == 26 ? 4 : 8;
            if (end - position < size) return Fail0(UpdateError.ManifestTruncated);
            return ReadNumber(size, major);
        }

        private long ReadNumber(int size, int major)
        {
            UpdateError tooLarge = major <= NegativeInteger ? UpdateError.ManifestBadValue : UpdateError.ManifestBadLength;
            if (size == 8 && buffer[position] != 0) return Fail0(tooLarge);
            long value = 0;
            for (int i = 0; i < size; i++) value = value * 256 + buffer[position + i];
            long shortest = size == 1 ? 24 : size == 2 ? 0x100 : size == 4 ? 0x10000 : 0x100000000;
            if (value < shortest) return Fail0(UpdateError.ManifestNotShortest);
            if (value > MaxInteger) return Fail0(tooLarge);
            position += size;
            return value;
        }

        private long Fail0(UpdateError error)
        {
            Fail(error);
            return 0;
        }
    }
}
