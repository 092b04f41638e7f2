using System.Text;
using nanoFramework.TestFramework;

namespace NanoOta.DeviceTests
{
    [TestClass]
    public class MqttTests
    {
        [TestMethod]
        public void Numbers_and_texts_are_written_digit_by_digit()
        {
            var buffer = new byte[512];
            var json = new JsonWriter(buffer);
            json.Begin(512);
            json.Number("a", 0);
            json.Number("b", 4294967295);
            json.Number("c", 9223372036854775807);
            json.Text("d", "\"\\\u0007\u00e9\u20ac");
            json.Known("e", -1);
            Assert.AreEqual("{\"a\":0,\"b\":4294967295,\"c\":9223372036854775807,\"d\":\"\\\"\\\\\\u0007\\u00e9\\u20ac\"}", Written(json, buffer));
        }

        [TestMethod]
        public void A_field_that_does_not_fit_is_left_out_whole()
        {
            var buffer = new byte[512];
            var json = new JsonWriter(buffer);
            json.Begin(16);
            json.Text("a", "much too long a text");
            json.Text("b", "\u00e9");
            json.Number("c", 1);
            Assert.AreEqual("{\"b\":\"\\u00e9\"}", Written(json, buffer));
            Assert.IsTrue(json.IsCut);
        }

        [TestMethod]
        public void A_topic_level_contains_no_byte_with_a_special_meaning()
        {
            Assert.AreEqual("24:6F:28", Topics.Segment("24:6F:28"));
            Assert.AreEqual("a%2Fb%2B%23%25%20%C3%A9%7F", Topics.Segment("a/b+#% \u00e9\u007f"));
        }

        // RFC 4231, test case 2.
        [TestMethod]
        public void The_MAC_is_that_of_the_standard()
        {
            byte[] expected =
            {
                0x5b, 0xdc, 0xc1, 0x46, 0xbf, 0x60, 0x75, 0x4e, 0x6a, 0x04, 0x24, 0x26, 0x08, 0x95, 0x75, 0xc7,
                0x5a, 0x00, 0x3f, 0x08, 0x9d, 0x27, 0x39, 0x83, 0x9d, 0xec, 0x58, 0xb9, 0x64, 0xec, 0x38, 0x43,
            };
            var crypto = new RecordedCrypto();
            var mac = new HmacSha256("Jefe", crypto);
            byte[] data = Encoding.UTF8.GetBytes("what do ya want for nothing?");
            mac.Start();
            crypto.HashBytes(data, 0, data.Length);
            Assert.AreEqual((int)UpdateError.None, (int)mac.Finish(expected, 0));
            expected[31] ^= 1;
            mac.Start();
            crypto.HashBytes(data, 0, data.Length);
            Assert.AreEqual((int)UpdateError.CommandBadSignature, (int)mac.Finish(expected, 0));
        }

        [TestMethod]
        public void The_rate_is_that_of_the_last_ten_seconds()
        {
            var meter = new RateMeter();
            long total = 0;
            for (int second = 0; second < 40; second++)
            {
                meter.Note(3000000000 + second * 1000, total);
                total += second < 25 ? 100 : 5000;
            }

            Assert.IsTrue(meter.Rate(3000000000 + 40000, total) == 5000);
            Assert.IsTrue(meter.Rate(3000000000 + 90000, total) == RateMeter.Unknown);
        }

        [TestMethod]
        public void A_full_queue_drops_the_oldest_message()
        {
            var ring = new MessageRing(2);
            for (byte i = 1; i <= 5; i++) ring.Put(new byte[] { i }, 1);
            Assert.AreEqual(3, ring.Dropped);
            Assert.AreEqual(1, ring.Peek().Length);
            Assert.AreEqual(4, (int)ring.Peek()[0]);
            ring.Remove(0);
            Assert.AreEqual(2, ring.Count);
            ring.Remove(ring.FirstNumber);
            Assert.AreEqual(5, (int)ring.Peek()[0]);
        }

        private static string Written(JsonWriter json, byte[] buffer)
        {
            int length = json.End();
            return Encoding.UTF8.GetString(buffer, 0, length);
        }
    }
}
