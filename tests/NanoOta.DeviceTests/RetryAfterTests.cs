using nanoFramework.TestFramework;

namespace NanoOta.DeviceTests
{
    [TestClass]
    public class RetryAfterTests
    {
        private const string Now = "Mon, 23 Nov 2026 15:00:00 GMT";

        [TestMethod]
        public void Seconds_are_taken_up_to_a_day()
        {
            Assert.AreEqual(120, RetryAfter.Seconds("120", null));
            Assert.AreEqual(86399, RetryAfter.Seconds("86399", null));
            Assert.AreEqual(86400, RetryAfter.Seconds("86401", null));
            Assert.AreEqual(86400, RetryAfter.Seconds("4294967297", null));
            Assert.AreEqual(86400, RetryAfter.Seconds("99999999999999999999", null));
        }

        [TestMethod]
        public void Dates_are_compared_with_the_server_s_own_date()
        {
            Assert.AreEqual(630, RetryAfter.Seconds("Mon, 23 Nov 2026 15:10:30 GMT", Now));
            Assert.AreEqual(0, RetryAfter.Seconds("Mon, 23 Nov 2026 14:00:00 GMT", Now));
            Assert.AreEqual(60, RetryAfter.Seconds("Thu, 01 Mar 2040 00:00:30 GMT", "Wed, 29 Feb 2040 23:59:30 GMT"));
            Assert.AreEqual(86400, RetryAfter.Seconds("Fri, 31 Dec 9999 23:59:59 GMT", Now));
        }

        [TestMethod]
        public void An_invalid_Retry_After_is_ignored()
        {
            Assert.AreEqual(0, RetryAfter.Seconds(null, Now));
            Assert.AreEqual(0, RetryAfter.Seconds("", Now));
            Assert.AreEqual(0, RetryAfter.Seconds("-5", Now));
            Assert.AreEqual(0, RetryAfter.Seconds("+5", Now));
            Assert.AreEqual(5, RetryAfter.Seconds(" 5", Now));
            Assert.AreEqual(0, RetryAfter.Seconds("Mon, 23 Foo 2026 15:10:30 GMT", Now));
            Assert.AreEqual(0, RetryAfter.Seconds("Mon, 23 Nov 2026 15:10:30 GMT", null));
        }

        [TestMethod]
        public void An_exhausted_rate_limit_means_a_wait_until_its_reset()
        {
            const string Date = "Mon, 23 Nov 2026 15:00:00 GMT";
            Assert.AreEqual(600, RetryAfter.RateLimit("0", "1795446600", Date));
            Assert.AreEqual(600, RetryAfter.RateLimit("0", "600", null));
            Assert.AreEqual(86400, RetryAfter.RateLimit("0", "1895446600", Date));
            Assert.AreEqual(60, RetryAfter.RateLimit("0", "1795446600", null));
            Assert.AreEqual(60, RetryAfter.RateLimit("0", "1795440000", Date));
            Assert.AreEqual(60, RetryAfter.RateLimit("0", null, null));
            Assert.AreEqual(0, RetryAfter.RateLimit("1", "600", Date));
            Assert.AreEqual(0, RetryAfter.RateLimit(null, "600", Date));
        }
    }
}
