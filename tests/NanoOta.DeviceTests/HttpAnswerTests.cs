using System.Text;
using nanoFramework.TestFramework;

namespace NanoOta.DeviceTests
{
    [TestClass]
    public class HttpAnswerTests
    {
        [TestMethod]
        public void Numbers_of_headers_are_digits_alone()
        {
            Assert.AreEqual(5000L, Digits.Parse("5000"));
            Assert.AreEqual(5000L, Digits.Parse(" 5000 "));
            Assert.AreEqual(4294972296L, Digits.Parse("4294972296"));
            Assert.IsTrue(Digits.Parse("99999999999999999999") > 2147483647);
            string[] wrong = { "", " ", "-1", "+1", "1 2", "5000,5000", "0x10", "1e3" };
            for (int i = 0; i < wrong.Length; i++) Assert.AreEqual(-1L, Digits.Parse(wrong[i]));
            Assert.AreEqual(-1L, Digits.Parse(null));
        }

        [TestMethod]
        public void Headers_in_a_body_are_recognised_at_its_beginning()
        {
            Assert.IsTrue(Begins("X-Cache: hit\r\n"));
            Assert.IsTrue(Begins("a:"));
            Assert.IsTrue(Begins("\r\n"));
            Assert.IsTrue(Begins("\n"));
            Assert.IsFalse(Begins("NOIX\u0001\u0001"));
            Assert.IsFalse(Begins("NFMRK1"));
            Assert.IsFalse(Begins("<html>"));
            Assert.IsFalse(Begins("here"));
            Assert.IsFalse(Begins(""));
            Assert.IsFalse(HeaderText.Begins(new byte[] { 0xD2, (byte)':' }, 0, 2));
        }

        [TestMethod]
        public void A_transient_status_is_a_server_failure_and_other_statuses_are_not()
        {
            int[] passing = { 408, 421, 425, 429, 500, 502, 503, 504, 599 };
            for (int i = 0; i < passing.Length; i++) Assert.IsTrue(HttpStatus.Error(passing[i], false) == UpdateError.ServerFailed);
            Assert.IsTrue(HttpStatus.Error(403, true) == UpdateError.ServerFailed);
            Assert.IsTrue(HttpStatus.Error(403, false) == UpdateError.NotAuthorized);
            Assert.IsTrue(HttpStatus.Error(401, true) == UpdateError.NotAuthorized);
            Assert.IsTrue(HttpStatus.Error(410, false) == UpdateError.FileNotFound);
            Assert.IsTrue(HttpStatus.Error(416, false) == UpdateError.RangeRefused);
            Assert.IsTrue(HttpStatus.Error(304, false) == UpdateError.Redirected);
            Assert.IsTrue(HttpStatus.Error(204, false) == UpdateError.UnexpectedStatus);
            Assert.IsTrue(HttpStatus.Error(103, false) == UpdateError.UnexpectedStatus);
        }

        [TestMethod]
        public void Socket_and_TLS_error_numbers_are_distinguished()
        {
            Assert.IsTrue(SocketFault.Error(10060) == UpdateError.TimedOut);
            Assert.IsTrue(SocketFault.Error(10061) == UpdateError.ConnectionRefused);
            Assert.IsTrue(SocketFault.Error(10054) == UpdateError.ConnectionLost);
            Assert.IsTrue(SocketFault.Error(11001) == UpdateError.NameNotFound);
            Assert.IsTrue(SocketFault.Error(10022) == UpdateError.NameNotFound);
            Assert.IsTrue(SocketFault.Error(-0x2700) == UpdateError.TlsFailed);
            Assert.IsTrue(SocketFault.Error(10051) == UpdateError.Unreachable);
            Assert.IsTrue(SocketFault.Error(-1) == UpdateError.Unreachable);
        }

        private static bool Begins(string text)
        {
            byte[] bytes = Encoding.UTF8.GetBytes("?" + text);
            return HeaderText.Begins(bytes, 1, bytes.Length - 1);
        }
    }
}
