using System;
using nanoFramework.TestFramework;

namespace NanoOta.DeviceTests
{
    [TestClass]
    public class TrustedKeysTests
    {
        [TestMethod]
        public void A_key_is_found_by_the_id_that_a_manifest_names()
        {
            var keys = new TrustedKeys(new[] { KeyOf(0x80), PublishedRelease.Key }, new RecordedCrypto());
            Assert.AreEqual(2, keys.Count);
            byte[] manifest = PublishedRelease.Manifest();
            byte[] found = keys.Find(manifest, PublishedRelease.KeyIdStart);
            Assert.IsNotNull(found);
            Assert.IsTrue(Bytes.Same(Convert.FromBase64String(PublishedRelease.Key), 0, found, 0, TrustedKeys.KeyLength));
            Assert.IsNull(keys.Find(manifest, PublishedRelease.KeyIdStart + 1));
        }

        [TestMethod]
        public void A_key_that_is_no_base64_of_64_bytes_is_a_programmer_error()
        {
            IsRefused("");
            IsRefused("AAAA");
            IsRefused("not base64!");
            IsRefused(PublishedRelease.Key.Substring(1));
        }

        private static void IsRefused(string key)
        {
            bool isRefused = false;
            try
            {
                new TrustedKeys(new[] { key }, new RecordedCrypto());
            }
            catch (ArgumentException)
            {
                isRefused = true;
            }

            Assert.IsTrue(isRefused, key);
        }

        private static string KeyOf(byte first)
        {
            var point = new byte[TrustedKeys.KeyLength];
            for (int i = 0; i < point.Length; i++) point[i] = (byte)(first + i);
            return Convert.ToBase64String(point);
        }
    }
}
