using nanoFramework.TestFramework;

namespace NanoOta.DeviceTests
{
    [TestClass]
    public class BlockIndexTests
    {
        private const int LargestImage = 2147483647;

        [TestMethod]
        public void Blocks_are_counted_up_to_the_largest_image()
        {
            Assert.AreEqual(1, BlockIndex.BlockCount(1));
            Assert.AreEqual(1, BlockIndex.BlockCount(4096));
            Assert.AreEqual(2, BlockIndex.BlockCount(4097));
            Assert.AreEqual(524288, BlockIndex.BlockCount(LargestImage));
            Assert.AreEqual(16777232, BlockIndex.FileLength(LargestImage));
        }

        [TestMethod]
        public void Only_the_last_block_is_shorter()
        {
            Assert.AreEqual(4096, BlockIndex.BlockLength(8193, 1));
            Assert.AreEqual(1, BlockIndex.BlockLength(8193, 2));
            Assert.AreEqual(4096, BlockIndex.BlockLength(8192, 1));
            Assert.AreEqual(4096, BlockIndex.BlockLength(LargestImage, 524286));
            Assert.AreEqual(4095, BlockIndex.BlockLength(LargestImage, 524287));
        }

        [TestMethod]
        public void A_header_is_taken_for_its_own_image_only()
        {
            HeaderFits(1, 2);
            HeaderFits(0x8080, 0x80);
            HeaderFits(3125248, 3125249);
            HeaderFits(LargestImage, 1);
        }

        [TestMethod]
        public void A_size_with_its_highest_bit_set_is_corrupt()
        {
            byte[] header = IndexHeaderOf(LargestImage);
            header[11] |= 0x80;
            Assert.AreEqual((int)UpdateError.IndexCorrupt, (int)BlockIndex.CheckHeader(header, 0, LargestImage));
            Assert.AreEqual((int)UpdateError.IndexCorrupt, (int)BlockIndex.CheckHeader(header, 0, -1));
        }

        [TestMethod]
        public void An_unknown_block_size_is_refused_by_name()
        {
            byte[] header = IndexHeaderOf(4096);
            header[7] = 0x90;
            Assert.AreEqual((int)UpdateError.IndexUnknownFormat, (int)BlockIndex.CheckHeader(header, 0, 4096));
        }

        [TestMethod]
        public void The_largest_image_of_an_index_region_fills_it()
        {
            int room = FlashLayout.IndexRegionSize - SlotDescriptor.Length;
            Assert.IsTrue(BlockIndex.FileLength(3125248) <= room);
            Assert.IsTrue(BlockIndex.FileLength(3125249) > room);
            Assert.AreEqual(0x12000, FlashLayout.MinimumSize);
        }

        [TestMethod]
        public void An_assembly_header_is_read_back_and_every_size_out_of_range_is_refused()
        {
            byte[] header = AssemblyHeaderOf(0x00FF8084u);
            Assert.AreEqual(0x00FF8084, AssemblyHeader.ReadTotalSize(header, LargestImage));
            Assert.AreEqual(0, AssemblyHeader.ReadTotalSize(header, 0x00FF8083));
            Assert.AreEqual(0, AssemblyHeader.ReadTotalSize(AssemblyHeaderOf(123u), LargestImage));
            Assert.AreEqual(0, AssemblyHeader.ReadTotalSize(AssemblyHeaderOf(0x80000000u), LargestImage));
            Assert.AreEqual(0, AssemblyHeader.ReadTotalSize(AssemblyHeaderOf(0xFFFFFFFFu), LargestImage));
            header[50] ^= 0x80;
            Assert.AreEqual(0, AssemblyHeader.ReadTotalSize(header, LargestImage));
            Assert.AreEqual(0x00FF8088, AssemblyHeader.Align(0x00FF8085));
        }

        [TestMethod]
        public void A_header_of_another_generation_is_recognised()
        {
            byte[] header = AssemblyHeaderOf(124u);
            Assert.IsFalse(AssemblyHeader.IsOfOtherGeneration(header));
            header[5] = (byte)'2';
            Assert.IsTrue(AssemblyHeader.IsOfOtherGeneration(header));
        }

        private static void HeaderFits(int size, int otherSize)
        {
            var header = new byte[BlockIndex.HeaderLength + 1];
            System.Array.Copy(IndexHeaderOf(size), 0, header, 1, BlockIndex.HeaderLength);
            Assert.AreEqual((int)UpdateError.None, (int)BlockIndex.CheckHeader(header, 1, size));
            Assert.AreEqual((int)UpdateError.IndexCorrupt, (int)BlockIndex.CheckHeader(header, 1, otherSize));
        }

        private static byte[] IndexHeaderOf(int imageSize)
        {
            var header = new byte[BlockIndex.HeaderLength];
            Bytes.PutMagic(header, "NOIX");
            header[4] = header[5] = 1;
            Bytes.PutU16(header, 6, BlockIndex.BlockSize);
            Bytes.PutU32(header, 8, (uint)imageSize);
            Bytes.PutU32(header, 12, (uint)BlockIndex.BlockCount(imageSize));
            return header;
        }

        private static byte[] AssemblyHeaderOf(uint size)
        {
            var header = new byte[AssemblyHeader.Length];
            for (int i = 0; i < header.Length; i++) header[i] = (byte)(0xFF - i);
            for (int i = 0; i < 6; i++) header[i] = (byte)AssemblyHeader.Marker[i];
            header[6] = 0;
            header[7] = 0;
            Bytes.PutU32(header, AssemblyHeader.TotalSizeOffset, size);
            Bytes.PutU32(header, AssemblyHeader.HeaderCrcOffset, AssemblyHeader.ComputeHeaderCrc(header));
            return header;
        }
    }
}
