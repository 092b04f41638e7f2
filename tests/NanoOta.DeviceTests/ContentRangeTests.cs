using nanoFramework.TestFramework;

namespace NanoOta.DeviceTests
{
    [TestClass]
    public class ContentRangeTests
    {
        [TestMethod]
        public void The_requested_range_is_accepted()
        {
            Assert.AreEqual("4096 5904", Part("bytes 4096-9999/10000", 4096, 10000));
            Assert.AreEqual("1 2147483646", Part("bytes 1-2147483646/2147483647", 1, 2147483647));
        }

        [TestMethod]
        public void A_range_that_begins_earlier_or_ends_earlier_is_accepted()
        {
            Assert.AreEqual("0 10000", Part("bytes 0-9999/10000", 4096, 10000));
            Assert.AreEqual("4000 97", Part("bytes 4000-4096/10000", 4096, 10000));
        }

        [TestMethod]
        public void The_unit_is_read_in_any_case_and_blanks_do_not_matter()
        {
            Assert.AreEqual("4096 5904", Part("Bytes 4096-9999/10000", 4096, 10000));
            Assert.AreEqual("4096 5904", Part("BYTES  4096-9999/10000 ", 4096, 10000));
        }

        [TestMethod]
        public void A_total_that_one_side_lacks_is_not_compared()
        {
            Assert.AreEqual("4096 5904", Part("bytes 4096-9999/10000", 4096, -1));
            Assert.AreEqual("4096 5904", Part("bytes 4096-9999/*", 4096, 10000));
        }

        [TestMethod]
        public void Another_range_or_another_file_is_rejected()
        {
            Assert.AreEqual("", Part("bytes 4097-9999/10000", 4096, 10000));
            Assert.AreEqual("", Part("bytes 0-4095/10000", 4096, 10000));
            Assert.AreEqual("", Part("bytes 4096-9999/10001", 4096, 10000));
            Assert.AreEqual("", Part("bytes 4096-10000/10000", 4096, 10000));
            Assert.AreEqual("", Part("bytes 4096-10000/*", 4096, 10000));
            Assert.AreEqual("", Part("bytes 4096-4095/10000", 4096, 10000));
        }

        [TestMethod]
        public void Numbers_that_fit_only_when_cut_to_32_bits_are_rejected()
        {
            Assert.AreEqual("", Part("bytes 4294971392-9999/10000", 4096, 10000));
            Assert.AreEqual("", Part("bytes 4096-9999/4294977296", 4096, 10000));
            Assert.AreEqual("", Part("bytes 4096-4294977295/*", 4096, -1));
            Assert.AreEqual("", Part("bytes 18446744073709555712-9999/10000", 4096, 10000));
        }

        [TestMethod]
        public void Text_that_is_not_a_number_is_rejected()
        {
            Assert.AreEqual("", Part("bytes +4096-9999/10000", 4096, 10000));
            Assert.AreEqual("", Part("bytes 4096x-9999/10000", 4096, 10000));
            Assert.AreEqual("", Part("bytes -9999/10000", 4096, 10000));
            Assert.AreEqual("", Part("bytes 4096-/10000", 4096, 10000));
            Assert.AreEqual("", Part("bytes 4096-9999", 4096, 10000));
            Assert.AreEqual("", Part("bytes 4096/9999-10000", 4096, 10000));
            Assert.AreEqual("", Part("bytes */10000", 4096, 10000));
            Assert.AreEqual("", Part("items 4096-9999/10000", 4096, 10000));
            Assert.AreEqual("", Part("bytes", 4096, 10000));
            Assert.AreEqual("", Part("", 4096, 10000));
            Assert.AreEqual("", Part(null!, 4096, 10000));
        }

        private static string Part(string header, int offset, int length)
        {
            int first = ContentRange.First(header, offset, length, out int count);
            return first < 0 ? "" : first.ToString() + " " + count.ToString();
        }
    }
}
