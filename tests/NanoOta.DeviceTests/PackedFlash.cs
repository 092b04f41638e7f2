using System;

namespace NanoOta.DeviceTests
{
    /// <summary>A base and a packed file in RAM, and the image that is decoded from them.</summary>
    internal sealed class PackedFlash : IFlash
    {
        public const int BaseSize = 5000;
        public const int ImageSize = 9003;

        /// <summary>What <see cref="File"/> decodes to.</summary>
        public const string ImageDigest = "35cfe85e3b5e97466c1d8bfb7b8012b11d658299705fbb644d7541237f003f6c";

        /// <summary>Bytes of header and table.</summary>
        public const int TableLength = 32;

        private readonly byte[] source = new byte[BaseSize];

        public PackedFlash()
        {
            uint state = 12345u;
            for (int i = 0; i < BaseSize; i++)
            {
                state = state * 1103515245u + 12345u;
                uint mask = i % 3 == 0 ? 255u : 31u;
                source[i] = (byte)((state >> 16) & mask);
            }
        }

        /// <summary>The inactive slot.</summary>
        public byte[] Output { get; } = new byte[3 * FlashLayout.SectorSize];

        /// <summary>As the packer wrote it: literals, copies of the base and of own output, differences of both signs.</summary>
        public byte[] File { get; } =
        {
            0x4E, 0x4F, 0x44, 0x50, 0x01, 0x00, 0x01, 0x00, 0x2B, 0x23, 0x00, 0x00, 0x88, 0x13, 0x00, 0x00,
            0x67, 0x00, 0x03, 0x00, 0xBF, 0x88, 0x70, 0x2D, 0x86, 0x00, 0x03, 0x34, 0x0F, 0x69, 0x95, 0x7B,
            0x64, 0x5E, 0x18, 0x14, 0x33, 0xCF, 0x42, 0x43, 0xC5, 0x00, 0x30, 0xAB, 0x16, 0x02, 0x9E, 0x9B,
            0x78, 0xAC, 0xA3, 0xAC, 0x44, 0x18, 0x0A, 0xD3, 0xB7, 0x01, 0x30, 0x60, 0xE8, 0xCC, 0x34, 0x2C,
            0x92, 0x48, 0xA6, 0xB0, 0x65, 0x84, 0x63, 0x75, 0x89, 0x89, 0x41, 0xA4, 0x14, 0x60, 0xA9, 0x58,
            0x3D, 0xFC, 0x5A, 0xDB, 0x74, 0x42, 0xA7, 0xEF, 0xA0, 0x70, 0xCD, 0x6F, 0x8C, 0x78, 0xD9, 0xF3,
            0x08, 0xDC, 0x7D, 0x27, 0xB2, 0xF7, 0x78, 0x7B, 0xA4, 0x65, 0x65, 0x03, 0xA7, 0x06, 0xD9, 0xAD,
            0xAF, 0x42, 0xBF, 0x66, 0x33, 0x59, 0x63, 0x45, 0x73, 0x17, 0xE5, 0xBD, 0x2E, 0xAB, 0xDA, 0x58,
            0xFE, 0x62, 0x3D, 0xC5, 0x22, 0xAB, 0x30,
        };

        public int GetSize(FlashArea area)
        {
            if (area == FlashArea.RunningSlot) return BaseSize;
            return area == FlashArea.InactiveSlot ? Output.Length : File.Length;
        }

        public bool Read(FlashArea area, int offset, byte[] buffer, int start, int count)
        {
            byte[] from = area == FlashArea.RunningSlot ? source : area == FlashArea.InactiveSlot ? Output : File;
            if (offset < 0 || offset > from.Length - count) return false;
            Array.Copy(from, offset, buffer, start, count);
            return true;
        }

        public bool Erase(FlashArea area, int offset) => false;

        public bool Write(FlashArea area, int offset, byte[] buffer, int start, int count) => false;
    }
}
