using nanoFramework.TestFramework;

namespace NanoOta.DeviceTests
{
    [TestClass]
    public class ContentRangeTests
    {
        [TestMethod]
        public void The_part_that_was_asked_for_is_taken()
        {
            Assert.IsTrue(ContentRange.Fits("bytes 4096-9999/10000", 4096, 10000));
            Assert.IsTrue(ContentRange.Fits("bytes 1-2147483646/2147483647", 1, 2147483647));
        }

        [TestMethod]
        public void A_total_that_is_not_known_here_or_there_is_not_compared()
        {
            Assert.IsTrue(ContentRange.Fits("bytes 4096-9999/10000", 4096, -1));
            Assert.IsTrue(ContentRange.Fits("bytes 4096-9999/*", 4096, 10000));
        }

        [TestMethod]
        public void Another_part_or_another_file_is_not_taken()
        {
            Assert.IsFalse(ContentRange.Fits("bytes 4095-9999/10000", 4096, 10000));
            Assert.IsFalse(ContentRange.Fits("bytes 4096-9999/10001", 4096, 10000));
        }

        [TestMethod]
        public void Numbers_that_only_fit_when_cut_to_32_bits_are_not_taken()
        {
            Assert.IsFalse(ContentRange.Fits("bytes 4294971392-9999/10000", 4096, 10000));
            Assert.IsFalse(ContentRange.Fits("bytes 4096-9999/4294977296", 4096, 10000));
            Assert.IsFalse(ContentRange.Fits("bytes 18446744073709555712-9/10000", 4096, 10000));
        }

        [TestMethod]
        public void What_is_no_number_is_not_taken()
        {
            Assert.IsFalse(ContentRange.Fits("bytes +4096-9999/10000", 4096, 10000));
            Assert.IsFalse(ContentRange.Fits("bytes  4096-9999/10000", 4096, 10000));
            Assert.IsFalse(ContentRange.Fits("bytes 4096x-9999/10000", 4096, 10000));
            Assert.IsFalse(ContentRange.Fits("bytes -9999/10000", 4096, 10000));
            Assert.IsFalse(ContentRange.Fits("bytes 4096-9999", 4096, 10000));
            Assert.IsFalse(ContentRange.Fits("bytes */10000", 4096, 10000));
            Assert.IsFalse(ContentRange.Fits("items 4096-9999/10000", 4096, 10000));
            Assert.IsFalse(ContentRange.Fits("", 4096, 10000));
        }
    }
}
