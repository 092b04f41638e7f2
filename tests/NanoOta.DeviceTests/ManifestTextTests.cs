using System.Text;
using nanoFramework.TestFramework;

namespace NanoOta.DeviceTests
{
    [TestClass]
    public class ManifestTextTests
    {
        [TestMethod]
        public void Only_the_bytes_of_the_specification_are_in_a_name()
        {
            const string Allowed = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789._-+ ";
            var buffer = new byte[3];
            for (int value = 0; value < 256; value++)
            {
                buffer[1] = (byte)value;
                bool isAllowed = value != 0 && value < 128 && Allowed.IndexOf((char)value) >= 0;
                Assert.AreEqual(isAllowed, ManifestText.IsName(buffer, 1, 1), value.ToString());
            }
        }

        [TestMethod]
        public void A_zero_or_a_broken_character_makes_no_name()
        {
            byte[] cut = { 0x61, 0x00, 0x62 };
            byte[] surrogate = { 0x61, 0xED, 0xA0, 0x80 };
            byte[] accented = { 0xC3, 0xA9 };
            Assert.IsFalse(ManifestText.IsName(cut, 0, 3));
            Assert.IsFalse(ManifestText.IsName(surrogate, 0, 4));
            Assert.IsFalse(ManifestText.IsName(accented, 0, 2));
            Assert.IsFalse(ManifestText.IsLocation(cut, 0, 3));
        }

        [TestMethod]
        public void Lengths_are_counted_in_bytes()
        {
            var buffer = new byte[100];
            for (int i = 0; i < buffer.Length; i++) buffer[i] = (byte)'a';
            Assert.IsFalse(ManifestText.IsName(buffer, 0, 0));
            Assert.IsTrue(ManifestText.IsName(buffer, 0, 32));
            Assert.IsFalse(ManifestText.IsName(buffer, 0, 33));
            Assert.IsTrue(ManifestText.IsLocation(buffer, 0, 96));
            Assert.IsFalse(ManifestText.IsLocation(buffer, 0, 97));
        }

        [TestMethod]
        public void A_location_stays_in_its_folder()
        {
            Assert.IsTrue(IsLocation("v1.1/.x/app.bin"));
            Assert.IsFalse(IsLocation("../app.bin"));
            Assert.IsFalse(IsLocation("a/..."));
            Assert.IsFalse(IsLocation("/app.bin"));
            Assert.IsFalse(IsLocation("a//b"));
            Assert.IsFalse(IsLocation("a/"));
            Assert.IsFalse(IsLocation("http://b"));
        }

        [TestMethod]
        public void Text_in_the_middle_of_a_buffer_becomes_a_string_of_its_length()
        {
            byte[] buffer = { 0xFF, 0x31, 0x2E, 0x30, 0xFF };
            string text = Encoding.UTF8.GetString(buffer, 1, 3);
            Assert.AreEqual(3, text.Length);
            Assert.AreEqual("1.0", text);
        }

        private static bool IsLocation(string text)
        {
            byte[] buffer = Encoding.UTF8.GetBytes(text);
            return ManifestText.IsLocation(buffer, 0, buffer.Length);
        }
    }
}
