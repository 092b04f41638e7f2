using nanoFramework.TestFramework;

namespace NanoOta.DeviceTests
{
    [TestClass]
    public class CborReaderTests
    {
        [TestMethod]
        public void Integers_of_every_length_are_read_up_to_their_largest()
        {
            Reads(23L, 0x17);
            Reads(24L, 0x18, 0x18);
            Reads(255L, 0x18, 0xFF);
            Reads(256L, 0x19, 0x01, 0x00);
            Reads(65535L, 0x19, 0xFF, 0xFF);
            Reads(0x7FFFFFFFL, 0x1A, 0x7F, 0xFF, 0xFF, 0xFF);
            Reads(0x80000000L, 0x1A, 0x80, 0x00, 0x00, 0x00);
            Reads(0xFFFFFFFFL, 0x1A, 0xFF, 0xFF, 0xFF, 0xFF);
            Reads(0x100000000L, 0x1B, 0x00, 0x00, 0x00, 0x01, 0x00, 0x00, 0x00, 0x00);
            Reads(0x180000000L, 0x1B, 0x00, 0x00, 0x00, 0x01, 0x80, 0x00, 0x00, 0x00);
            Reads(0x1FFFFFFFFFFFFFL, 0x1B, 0x00, 0x1F, 0xFF, 0xFF, 0xFF, 0xFF, 0xFF, 0xFF);
        }

        [TestMethod]
        public void Integers_above_the_range_are_refused()
        {
            Refuses(UpdateError.ManifestBadValue, 0x1B, 0x00, 0x20, 0x00, 0x00, 0x00, 0x00, 0x00, 0x00);
            Refuses(UpdateError.ManifestBadValue, 0x1B, 0x80, 0x00, 0x00, 0x00, 0x00, 0x00, 0x00, 0x00);
            Refuses(UpdateError.ManifestBadValue, 0x1B, 0xFF, 0xFF, 0xFF, 0xFF, 0xFF, 0xFF, 0xFF, 0xFF);
        }

        [TestMethod]
        public void Integers_in_a_longer_form_than_they_need_are_refused()
        {
            Refuses(UpdateError.ManifestNotShortest, 0x18, 0x17);
            Refuses(UpdateError.ManifestNotShortest, 0x19, 0x00, 0xFF);
            Refuses(UpdateError.ManifestNotShortest, 0x1A, 0x00, 0x00, 0xFF, 0xFF);
            Refuses(UpdateError.ManifestNotShortest, 0x1B, 0x00, 0x00, 0x00, 0x00, 0xFF, 0xFF, 0xFF, 0xFF);
        }

        [TestMethod]
        public void Keys_may_be_negative()
        {
            ReadsKey(-1L, 0x20);
            ReadsKey(-7L, 0x26);
            ReadsKey(-256L, 0x38, 0xFF);
            ReadsKey(-0x80000000L, 0x3A, 0x7F, 0xFF, 0xFF, 0xFF);
            ReadsKey(-0x100000000L, 0x3A, 0xFF, 0xFF, 0xFF, 0xFF);
        }

        [TestMethod]
        public void Lengths_beyond_every_file_are_refused()
        {
            Refuses(UpdateError.ManifestBadLength, 0x5A, 0x80, 0x00, 0x00, 0x00);
            Refuses(UpdateError.ManifestBadLength, 0x5A, 0xFF, 0xFF, 0xFF, 0xFF);
            Refuses(UpdateError.ManifestBadLength, 0x5B, 0x00, 0x00, 0x00, 0x01, 0x00, 0x00, 0x00, 0x01);
            Refuses(UpdateError.ManifestBadLength, 0x5B, 0xFF, 0xFF, 0xFF, 0xFF, 0xFF, 0xFF, 0xFF, 0xFF);
            Refuses(UpdateError.ManifestTruncated, 0x58, 0xFF, 0x00);
        }

        [TestMethod]
        public void Keys_of_a_map_are_ordered_by_their_bytes_as_unsigned_numbers()
        {
            Accepts(0xA2, 0x18, 0x7F, 0x00, 0x18, 0x80, 0x00);
            Accepts(0xA3, 0x01, 0x00, 0x18, 0xFF, 0x00, 0x20, 0x00);
            Refuses(UpdateError.ManifestKeyOrder, 0xA2, 0x18, 0x80, 0x00, 0x18, 0x7F, 0x00);
            Refuses(UpdateError.ManifestDuplicateKey, 0xA2, 0x18, 0xFF, 0x00, 0x18, 0xFF, 0x00);
        }

        private static CborReader Reader(byte[] file) => new CborReader(file, 0, file.Length);

        private static void Reads(long expected, params byte[] file)
        {
            CborReader reader = Reader(file);
            Assert.AreEqual(expected, reader.ReadUInt());
            Assert.IsTrue(reader.Good && reader.AtEnd, expected.ToString());
        }

        private static void ReadsKey(long expected, params byte[] file)
        {
            CborReader reader = Reader(file);
            Assert.AreEqual(expected, reader.ReadKey());
            Assert.IsTrue(reader.Good && reader.AtEnd, expected.ToString());
        }

        private static void Accepts(params byte[] file)
        {
            CborReader reader = Reader(file);
            reader.Validate();
            Assert.AreEqual((int)UpdateError.None, (int)reader.Error);
        }

        private static void Refuses(UpdateError expected, params byte[] file)
        {
            CborReader reader = Reader(file);
            reader.Validate();
            Assert.AreEqual((int)expected, (int)reader.Error);
        }
    }
}
