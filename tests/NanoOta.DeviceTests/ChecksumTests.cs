using nanoFramework.TestFramework;

namespace NanoOta.DeviceTests
{
    /// <summary>Check values come from another implementation (zlib, and a bit-by-bit one in another language).</summary>
    [TestClass]
    public class ChecksumTests
    {
        [TestMethod]
        public void Crc_32_has_the_published_check_value()
        {
            Assert.AreEqual(0xCBF43926u, Checksum.Crc32(Digits(), 0, 9));
            Assert.AreEqual(0u, Checksum.Crc32(Digits(), 0, 0));
        }

        [TestMethod]
        public void Crc_32_of_high_bytes_is_that_of_zlib()
        {
            Assert.AreEqual(0xFF6CAB0Bu, Checksum.Crc32(Repeated(0xFF, 32), 0, 32));
            Assert.AreEqual(0x4649F09Du, Checksum.Crc32(UpperHalf(), 0, 128));
        }

        [TestMethod]
        public void The_crc_of_assemblies_has_its_check_values()
        {
            Assert.AreEqual(0x89A1897Fu, Checksum.AssemblyCrc(0u, Digits(), 0, 9));
            Assert.AreEqual(0x657F6667u, Checksum.AssemblyCrc(0u, Repeated(0xFF, 32), 0, 32));
            Assert.AreEqual(0x0CC83F10u, Checksum.AssemblyCrc(0u, UpperHalf(), 0, 128));
        }

        [TestMethod]
        public void The_crc_of_assemblies_goes_on_where_it_stopped()
        {
            byte[] bytes = UpperHalf();
            for (int cut = 0; cut <= 128; cut += 16)
            {
                uint first = Checksum.AssemblyCrc(0u, bytes, 0, cut);
                Assert.AreEqual(0x0CC83F10u, Checksum.AssemblyCrc(first, bytes, cut, 128 - cut));
            }
        }

        [TestMethod]
        public void A_crc_with_the_highest_bit_set_is_found_again_in_its_record()
        {
            var record = new byte[36];
            for (int i = 0; i < 32; i++) record[i] = 0xFF;
            Bytes.PutU32(record, 32, Checksum.Crc32(record, 0, 32));
            Assert.IsTrue(Bytes.GetU32(record, 32) == Checksum.Crc32(record, 0, 32));
            record[35] ^= 0x80;
            Assert.IsFalse(Bytes.GetU32(record, 32) == Checksum.Crc32(record, 0, 32));
        }

        private static byte[] Digits()
        {
            return new byte[] { 0x31, 0x32, 0x33, 0x34, 0x35, 0x36, 0x37, 0x38, 0x39 };
        }

        private static byte[] Repeated(byte value, int count)
        {
            var bytes = new byte[count];
            for (int i = 0; i < count; i++) bytes[i] = value;
            return bytes;
        }

        private static byte[] UpperHalf()
        {
            var bytes = new byte[128];
            for (int i = 0; i < 128; i++) bytes[i] = (byte)(128 + i);
            return bytes;
        }
    }
}
