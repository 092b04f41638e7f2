using System.IO;

namespace NanoOta
{
    /// <summary>Copies and compares files through one small buffer. Errors throw.</summary>
    internal sealed class FileCopy
    {
        // littlefs writes through no buffer of its own: fewer, larger writes wear less (docs/platform/runtime.md, "Files").
        private const int BufferLength = 1024;

        private readonly byte[] buffer = new byte[BufferLength];

        /// <summary>CRC-32 of the file that was measured last.</summary>
        public uint Crc;

        /// <summary>Reads a file to its end, for its length in bytes and its <see cref="Crc"/>.</summary>
        public int Measure(IFolder folder, string name)
        {
            int length = 0;
            uint crc = 0;
            using (Stream file = folder.OpenRead(name))
            {
                for (int count = Read(file); count > 0; count = Read(file))
                {
                    crc = Checksum.Crc32(crc, buffer, 0, count);
                    length += count;
                }
            }

            Crc = crc;
            return length;
        }

        /// <summary>Gives a file the content of another.</summary>
        public void Copy(IFolder from, string name, IFolder to, string newName)
        {
            using (Stream source = from.OpenRead(name))
            using (Stream target = to.OpenWrite(newName))
            {
                for (int count = Read(source); count > 0; count = Read(source)) target.Write(buffer, 0, count);
            }
        }

        /// <summary>Whether two files hold the same bytes.</summary>
        public bool AreSame(IFolder a, string aName, IFolder b, string bName)
        {
            using (Stream first = a.OpenRead(aName))
            using (Stream second = b.OpenRead(bName))
            {
                var other = new byte[BufferLength];
                while (true)
                {
                    int count = Read(first);
                    if (Fill(second, other) != count || !Bytes.Same(buffer, 0, other, 0, count)) return false;
                    if (count == 0) return true;
                }
            }
        }

        /// <summary>Reads until a buffer is full or the file ends; a stream may give less at once.</summary>
        public static int Fill(Stream file, byte[] buffer)
        {
            int filled = 0;
            while (filled < buffer.Length)
            {
                int count = file.Read(buffer, filled, buffer.Length - filled);
                if (count <= 0) break;
                filled += count;
            }

            return filled;
        }

        private int Read(Stream file) => Fill(file, buffer);
    }
}
