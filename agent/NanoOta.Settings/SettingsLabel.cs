using System.Text;

namespace NanoOta
{
    /// <summary>Describes the copies: the file <c>label</c> beside them (SPEC.md, section 5.5).</summary>
    internal sealed class SettingsLabel
    {
        /// <summary>Most files that can be registered.</summary>
        public const int MaxFiles = 16;

        /// <summary>Length of a file that was not there when the copy was made.</summary>
        public const int Absent = -1;

        // "NOSC"
        private const uint Magic = 0x43534F4E;
        private const byte Format = 1;
        private const int CountOffset = 5, SchemaOffset = 8, NextSchemaOffset = 12, ReleaseOffset = 16, EntriesOffset = 48;
        private const int LengthOffset = 0, FileCrcOffset = 4, NameOffset = 8, EntryLength = 40, CrcLength = 4;

        private readonly byte[] bytes;

        private SettingsLabel(byte[] bytes)
        {
            this.bytes = bytes;
        }

        /// <summary>Most bytes of a label.</summary>
        public static int MaxLength => EntriesOffset + MaxFiles * EntryLength + CrcLength;

        /// <summary>The whole file; not to be changed.</summary>
        public byte[] File => bytes;

        /// <summary>Files that were registered, 0 to 16.</summary>
        public int Count => bytes[CountOffset];

        /// <summary>Whether the settings had another schema than those of the release.</summary>
        public bool IsOfOtherSchema => !Bytes.Same(bytes, SchemaOffset, bytes, NextSchemaOffset, 4);

        /// <summary>A label without entries, which must all be set, and then sealed.</summary>
        public static SettingsLabel Create(byte[] release, int schema, int nextSchema, int count)
        {
            var bytes = new byte[EntriesOffset + count * EntryLength + CrcLength];
            Bytes.PutU32(bytes, 0, Magic);
            bytes[4] = Format;
            bytes[CountOffset] = (byte)count;
            Bytes.PutU32(bytes, SchemaOffset, (uint)schema);
            Bytes.PutU32(bytes, NextSchemaOffset, (uint)nextSchema);
            System.Array.Copy(release, 0, bytes, ReleaseOffset, 32);
            return new SettingsLabel(bytes);
        }

        /// <summary>The label in the first bytes of a buffer, which must be exactly one; else null.</summary>
        public static SettingsLabel Read(byte[] buffer, int length)
        {
            if (length < EntriesOffset + CrcLength || Bytes.GetU32(buffer, 0) != Magic || buffer[4] != Format) return null;
            if (buffer[CountOffset] > MaxFiles || length != EntriesOffset + buffer[CountOffset] * EntryLength + CrcLength) return null;
            if (Bytes.GetU32(buffer, length - CrcLength) != Checksum.Crc32(buffer, 0, length - CrcLength)) return null;
            var bytes = new byte[length];
            System.Array.Copy(buffer, 0, bytes, 0, length);
            var label = new SettingsLabel(bytes);
            for (int i = 0; i < label.Count; i++)
                if (!FileName.IsGood(label.Name(i))) return null;
            return label;
        }

        /// <summary>Sets an entry.</summary>
        /// <param name="index">Its number.</param>
        /// <param name="name">1 to 32 characters of one byte each.</param>
        /// <param name="length">Bytes of the file, or Absent.</param>
        /// <param name="crc">CRC-32 of the file; 0 if it is absent.</param>
        public void Set(int index, string name, int length, uint crc)
        {
            int entry = EntriesOffset + index * EntryLength;
            Bytes.PutU32(bytes, entry + LengthOffset, length < 0 ? 0xFFFFFFFFu : (uint)length);
            Bytes.PutU32(bytes, entry + FileCrcOffset, crc);
            for (int i = 0; i < name.Length; i++) bytes[entry + NameOffset + i] = (byte)name[i];
        }

        /// <summary>Ends the making of a label.</summary>
        public void Seal()
        {
            int end = bytes.Length - CrcLength;
            Bytes.PutU32(bytes, end, Checksum.Crc32(bytes, 0, end));
        }

        /// <summary>Name of a file.</summary>
        public string Name(int index)
        {
            int start = EntriesOffset + index * EntryLength + NameOffset, length = 0;
            while (length < FileName.MaxLength && bytes[start + length] != 0) length++;
            return Encoding.UTF8.GetString(bytes, start, length);
        }

        /// <summary>Bytes of a file, or Absent.</summary>
        public int Length(int index) => Bytes.GetSize(bytes, EntriesOffset + index * EntryLength + LengthOffset);

        /// <summary>CRC-32 of a file.</summary>
        public uint Crc(int index) => Bytes.GetU32(bytes, EntriesOffset + index * EntryLength + FileCrcOffset);

        /// <summary>Whether it is about a release.</summary>
        public bool IsFor(byte[] release) => Bytes.Same(bytes, ReleaseOffset, release, 0, 32);

        /// <summary>Whether another label, which may be null, is equal.</summary>
        public bool IsSame(SettingsLabel other)
        {
            return other != null && other.bytes.Length == bytes.Length && Bytes.Same(bytes, 0, other.bytes, 0, bytes.Length);
        }
    }
}
