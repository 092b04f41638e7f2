using System;
using nanoFramework.TestFramework;

namespace NanoOta.DeviceTests
{
    [TestClass]
    public class ManifestReaderTests
    {
        [TestMethod]
        public void A_published_release_is_read_whole()
        {
            Manifest manifest;
            Assert.AreEqual((int)UpdateError.None, (int)Read(PublishedRelease.Manifest(), false, out manifest));
            Assert.AreEqual("default", manifest.Product);
            Assert.AreEqual("esp32-devkitc-4mb", manifest.Board);
            Assert.AreEqual("2.0.0-rc.1", manifest.Version);
            Assert.AreEqual(0x1FFFFFFFFFFFFFL, manifest.Sequence);
            Assert.AreEqual(77544, manifest.App.Size);
            Assert.AreEqual("ffccc580", Bytes.Hex(manifest.App.Digest).Substring(0, 8));
            Assert.AreEqual((byte)0x7B, manifest.App.Digest[31]);
            Assert.AreEqual("80a2cb81", Bytes.Hex(manifest.App.IndexDigest).Substring(0, 8));
            Assert.AreEqual("app-ffccc580c5ae6ec0.idx", manifest.App.IndexLocation);
            Assert.AreEqual("app-ffccc580c5ae6ec0.bin", manifest.App.Location);
        }

        [TestMethod]
        public void A_change_of_what_is_signed_is_a_bad_signature()
        {
            // A byte of the product, and the highest of the signature.
            RefusesChange(UpdateError.BadSignature, PublishedRelease.PayloadStart + 6);
            RefusesChange(UpdateError.BadSignature, PublishedRelease.Manifest().Length - PublishedRelease.SignatureLength);
        }

        [TestMethod]
        public void A_manifest_cut_anywhere_is_not_taken()
        {
            byte[] whole = PublishedRelease.Manifest();
            for (int length = 0; length < whole.Length; length += 9)
            {
                var cut = new byte[length];
                Array.Copy(whole, 0, cut, 0, length);
                Manifest manifest;
                Assert.AreNotEqual((int)UpdateError.None, (int)Read(cut, false, out manifest));
                Assert.IsNull(manifest);
            }
        }

        [TestMethod]
        public void An_optional_field_with_any_negative_key_is_skipped()
        {
            Answers(UpdateError.None, 0x20, 0x01);
            Answers(UpdateError.None, 0x38, 0xFF, 0x01);
            Answers(UpdateError.None, 0x3A, 0xFF, 0xFF, 0xFF, 0xFF, 0x01);
        }

        [TestMethod]
        public void A_key_above_2_32_is_not_mistaken_for_a_known_key()
        {
            Answers(UpdateError.ManifestUnknownField, 0x10, 0x01);
            Answers(UpdateError.ManifestUnknownField, 0x1A, 0x80, 0x00, 0x00, 0x01, 0x01);
            Answers(UpdateError.ManifestUnknownField, 0x1A, 0xFF, 0xFF, 0xFF, 0xFF, 0x01);
            Answers(UpdateError.ManifestUnknownField, 0x1B, 0x00, 0x00, 0x00, 0x01, 0x00, 0x00, 0x00, 0x01, 0x01);
        }

        [TestMethod]
        public void A_size_of_2_31_or_more_is_refused()
        {
            Assert.AreEqual((int)UpdateError.None, (int)ReadWithSize(0x7F, 0xFF));
            Assert.AreEqual((int)UpdateError.ManifestBadValue, (int)ReadWithSize(0x80, 0x00));
            Assert.AreEqual((int)UpdateError.ManifestBadValue, (int)ReadWithSize(0xFF, 0xFF));
        }

        private static UpdateError ReadWithSize(byte highest, byte others)
        {
            // The size of the image is the one number of five bytes that begins with 0x1A 0x00 0x01 0x2E.
            byte[] file = PublishedRelease.Manifest();
            int at = PublishedRelease.PayloadStart;
            while (file[at] != 0x1A || file[at + 1] != 0x00 || file[at + 2] != 0x01 || file[at + 3] != 0x2E) at++;
            file[at + 1] = highest;
            for (int i = 2; i < 5; i++) file[at + i] = others;
            Manifest manifest;
            UpdateError error = Read(file, true, out manifest);
            if (error == UpdateError.None) Assert.AreEqual(2147483647, manifest.App.Size);
            return error;
        }

        private static void RefusesChange(UpdateError expected, int offset)
        {
            byte[] file = PublishedRelease.Manifest();
            file[offset] ^= 0x01;
            Manifest manifest;
            Assert.AreEqual((int)expected, (int)Read(file, false, out manifest));
            Assert.IsNull(manifest);
        }

        [TestMethod]
        public void A_runtime_is_read_with_its_native_checksums()
        {
            Manifest manifest;
            Assert.AreEqual((int)UpdateError.None, (int)Read(Runtime(0x07, 0x44, 0x0D, 0x0C, 0x0B, 0x8A), true, out manifest));
            Assert.IsNull(manifest.App);
            Assert.AreEqual(77544, manifest.Runtime.Size);
            Assert.AreEqual(4, manifest.Runtime.Natives.Length);
            Assert.AreEqual((byte)0x8A, manifest.Runtime.Natives[3]);
            Assert.AreEqual("ffccc580", Bytes.Hex(manifest.Identity).Substring(0, 8));
            Assert.AreEqual((int)UpdateError.ManifestBadValue, (int)Read(Runtime(0x07, 0x43, 0x0D, 0x0C, 0x0B), true, out manifest));
            Assert.AreEqual((int)UpdateError.ManifestBadValue, (int)Read(Runtime(0x07, 0x40), true, out manifest));
        }

        [TestMethod]
        public void The_identity_of_two_images_is_the_XOR_of_their_digests()
        {
            byte[] identity = Bytes.Xor(new byte[] { 0xFF, 0x80, 0x0F }, new byte[] { 0xFF, 0x7F, 0xF1 });
            Assert.AreEqual("00fffe", Bytes.Hex(identity));
        }

        // The published release as one of a runtime: one more entry in the map of its image.
        private static byte[] Runtime(params byte[] natives)
        {
            byte[] file = Append(natives);
            file[PublishedRelease.ImageStart] = 0xA7;
            file[PublishedRelease.ImageStart + 2] = 0x01;
            return file;
        }

        // The published payload with one more entry at the end of its map.
        private static void Answers(UpdateError expected, params byte[] entry)
        {
            byte[] file = Append(entry);
            file[PublishedRelease.PayloadStart] = 0xA7;
            Manifest manifest;
            Assert.AreEqual((int)expected, (int)Read(file, true, out manifest));
        }

        private static byte[] Append(byte[] entry)
        {
            byte[] published = PublishedRelease.Manifest();
            int length = PublishedRelease.PayloadLength + entry.Length;
            var file = new byte[published.Length + entry.Length];
            int payloadEnd = PublishedRelease.PayloadStart + PublishedRelease.PayloadLength;
            Array.Copy(published, 0, file, 0, payloadEnd);
            Array.Copy(entry, 0, file, payloadEnd, entry.Length);
            Array.Copy(published, payloadEnd, file, payloadEnd + entry.Length, published.Length - payloadEnd);
            file[PublishedRelease.PayloadStart - 1] = (byte)length;
            return file;
        }

        private static UpdateError Read(byte[] file, bool takesAnySignature, out Manifest manifest)
        {
            var crypto = new RecordedCrypto { TakesAnySignature = takesAnySignature };
            var reader = new ManifestReader(new TrustedKeys(new[] { PublishedRelease.Key }, crypto), crypto, null);
            return reader.Read(file, file.Length, out manifest);
        }
    }
}
