using nanoFramework.TestFramework;

namespace NanoOta.DeviceTests
{
    [TestClass]
    public class BytesTests
    {
        [TestMethod]
        public void A_32_bit_field_keeps_its_highest_bit()
        {
            var buffer = new byte[6];
            Bytes.PutU32(buffer, 1, 0xFEDCBA98u);
            Assert.AreEqual((byte)0x98, buffer[1]);
            Assert.AreEqual((byte)0xFE, buffer[4]);
            uint value = Bytes.GetU32(buffer, 1);
            Assert.AreEqual(0xFEDCBA98u, value);
            Assert.IsTrue(value > 0x7FFFFFFFu, "compared as a signed number");
            Assert.AreEqual(1u, value >> 31, "shifted as a signed number");
            Assert.AreEqual(8u, value % 16u, "divided as a signed number");
            Assert.AreEqual((byte)0, buffer[0]);
            Assert.AreEqual((byte)0, buffer[5]);
        }

        [TestMethod]
        public void A_field_read_from_bytes_equals_the_same_number_from_a_field_of_a_class()
        {
            var buffer = new byte[4];
            var holder = new Holder { Value = 0xFFFFFFFEu };
            Bytes.PutU32(buffer, 0, holder.Value);
            Assert.IsTrue(Bytes.GetU32(buffer, 0) == holder.Value);
            Assert.IsFalse(Bytes.GetU32(buffer, 0) > holder.Value);
            Assert.IsTrue(Bytes.GetU32(buffer, 0) + 1u > holder.Value);
            Assert.IsTrue(Bytes.GetU32(buffer, 0) + 2u == 0u, "no wrap at 2^32");
        }

        [TestMethod]
        public void A_size_of_2_31_or_more_is_distinct_from_every_valid_size()
        {
            var buffer = new byte[4];
            Bytes.PutU32(buffer, 0, 0x7FFFFFFFu);
            Assert.AreEqual(2147483647, Bytes.GetSize(buffer, 0));
            Bytes.PutU32(buffer, 0, 0x80000000u);
            Assert.AreEqual(-1, Bytes.GetSize(buffer, 0));
            Bytes.PutU32(buffer, 0, 0xFFFFFFFFu);
            Assert.AreEqual(-1, Bytes.GetSize(buffer, 0));
            Bytes.PutU32(buffer, 0, 0x00FF80FFu);
            Assert.AreEqual(16744703, Bytes.GetSize(buffer, 0));
        }

        [TestMethod]
        public void Numbers_over_2_31_and_over_2_32_come_back_as_they_were()
        {
            RoundTrip(0L);
            RoundTrip(0x7FFFFFFFL);
            RoundTrip(0x80000000L);
            RoundTrip(0xFFFFFFFFL);
            RoundTrip(0x100000000L);
            RoundTrip(0x1FFFFFFFFFFFFFL);
            RoundTrip(0x7FFFFFFFFFFFFFFFL);
        }

        [TestMethod]
        public void A_number_of_2_63_or_more_is_distinct_from_every_valid_number()
        {
            var buffer = new byte[8];
            buffer[7] = 0x80;
            Assert.AreEqual(-1L, Bytes.GetLong(buffer, 0));
            for (int i = 0; i < 8; i++) buffer[i] = 0xFF;
            Assert.AreEqual(-1L, Bytes.GetLong(buffer, 0));
        }

        [TestMethod]
        public void A_16_bit_field_goes_up_to_65535()
        {
            var buffer = new byte[2];
            Bytes.PutU16(buffer, 0, 65535);
            Assert.AreEqual(65535, Bytes.GetU16(buffer, 0));
            Bytes.PutU16(buffer, 0, 0x80FF);
            Assert.AreEqual((byte)0xFF, buffer[0]);
            Assert.AreEqual((byte)0x80, buffer[1]);
            Assert.AreEqual(33023, Bytes.GetU16(buffer, 0));
        }

        [TestMethod]
        public void Ranges_of_high_bytes_are_compared_byte_by_byte()
        {
            byte[] a = { 0x00, 0xFF, 0x80, 0x7F };
            byte[] b = { 0xFF, 0x80, 0x7F, 0x81 };
            Assert.IsTrue(Bytes.Same(a, 1, b, 0, 3));
            Assert.IsFalse(Bytes.Same(a, 0, b, 0, 1));
            Assert.IsFalse(Bytes.Same(a, 3, b, 3, 1));
            byte[] blank = { 0xFF, 0xFF, 0x7F };
            Assert.IsTrue(Bytes.All(blank, 0, 2, 0xFF));
            Assert.IsFalse(Bytes.All(blank, 0, 3, 0xFF));
        }

        [TestMethod]
        public void A_short_digest_has_two_digits_for_each_byte()
        {
            byte[] digest = { 0xFF, 0x80, 0x0A, 0x00, 0x55 };
            Assert.AreEqual("ff800a00", Bytes.Hex(digest).Substring(0, 8));
        }

        private static void RoundTrip(long value)
        {
            var buffer = new byte[8];
            Bytes.PutLong(buffer, 0, value);
            Assert.AreEqual(value, Bytes.GetLong(buffer, 0));
        }

        private sealed class Holder
        {
            public uint Value;
        }
    }
}
