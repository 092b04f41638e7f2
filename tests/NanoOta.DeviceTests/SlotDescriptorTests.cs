using nanoFramework.TestFramework;

namespace NanoOta.DeviceTests
{
    [TestClass]
    public class SlotDescriptorTests
    {
        private const int VersionLengthOffset = 6, VersionOffset = 88, CrcOffset = 124;

        [TestMethod]
        public void A_descriptor_comes_back_with_its_largest_values()
        {
            SlotDescriptor read = SlotDescriptor.Read(Written());
            Assert.AreEqual("12.0.0-rc.1+build.20261123.f0f0f", read.Version);
            Assert.AreEqual(0x1FFFFFFFFFFFFFL, read.Sequence);
            Assert.AreEqual(2147483647, read.ImageSize);
            Assert.AreEqual(2147483647, read.SettingsSchema);
            for (int i = 0; i < 32; i++)
            {
                Assert.AreEqual((byte)(0xFF - i), read.ImageDigest[i]);
                Assert.AreEqual((byte)(0x80 + i), read.IndexDigest[i]);
            }
        }

        [TestMethod]
        public void A_descriptor_with_any_byte_changed_is_invalid()
        {
            byte[] region = Written();
            for (int i = 0; i < SlotDescriptor.Length; i++)
            {
                region[i] ^= 0x80;
                Assert.IsNull(SlotDescriptor.Read(region));
                region[i] ^= 0x80;
            }

            Assert.IsNotNull(SlotDescriptor.Read(region));
        }

        [TestMethod]
        public void Erased_flash_holds_no_descriptor()
        {
            var region = new byte[SlotDescriptor.Length];
            for (int i = 0; i < region.Length; i++) region[i] = 0xFF;
            Assert.IsNull(SlotDescriptor.Read(region));
        }

        [TestMethod]
        public void An_impossible_size_or_sequence_makes_a_descriptor_invalid()
        {
            byte[] region = Written();
            region[11] = 0xFF;
            region[23] = 0xFF;
            SlotDescriptor read = SlotDescriptor.Read(Sealed(region));
            Assert.AreEqual(-1, read.ImageSize);
            Assert.AreEqual(-1L, read.Sequence);
        }

        [TestMethod]
        public void A_version_with_an_invalid_byte_makes_a_descriptor_invalid()
        {
            byte[] region = Written();
            region[VersionOffset + 2] = 0;
            Assert.IsNull(SlotDescriptor.Read(Sealed(region)));
            region[VersionOffset + 2] = 0xED;
            Assert.IsNull(SlotDescriptor.Read(Sealed(region)));
            region[VersionOffset + 2] = (byte)'"';
            Assert.IsNull(SlotDescriptor.Read(Sealed(region)));
            region[VersionOffset + 2] = (byte)'.';
            region[VersionLengthOffset] = 0;
            Assert.IsNull(SlotDescriptor.Read(Sealed(region)));
            region[VersionLengthOffset] = 0xFF;
            Assert.IsNull(SlotDescriptor.Read(Sealed(region)));
            region[VersionLengthOffset] = 3;
            Assert.AreEqual("12.", SlotDescriptor.Read(Sealed(region)).Version);
        }

        private static byte[] Written()
        {
            var descriptor = new SlotDescriptor
            {
                Version = "12.0.0-rc.1+build.20261123.f0f0f",
                Sequence = 0x1FFFFFFFFFFFFFL,
                ImageSize = 2147483647,
                SettingsSchema = 2147483647,
                ImageDigest = new byte[32],
                IndexDigest = new byte[32],
            };
            for (int i = 0; i < 32; i++)
            {
                descriptor.ImageDigest[i] = (byte)(0xFF - i);
                descriptor.IndexDigest[i] = (byte)(0x80 + i);
            }

            var region = new byte[SlotDescriptor.Length];
            descriptor.WriteTo(region);
            return region;
        }

        private static byte[] Sealed(byte[] region)
        {
            Bytes.PutU32(region, CrcOffset, Checksum.Crc32(region, 0, CrcOffset));
            return region;
        }
    }
}
