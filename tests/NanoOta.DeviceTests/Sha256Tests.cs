using nanoFramework.TestFramework;

namespace NanoOta.DeviceTests
{
    /// <summary>The longest run of unsigned arithmetic here; its result shows whether shifts and sums are those of C#.</summary>
    [TestClass]
    public class Sha256Tests
    {
        [TestMethod]
        public void Abc_has_the_published_digest()
        {
            byte[] abc = { 0x61, 0x62, 0x63 };
            Assert.AreEqual("ba7816bf", Digest(abc));
        }

        [TestMethod]
        public void High_bytes_over_two_blocks_have_the_reference_digest()
        {
            var bytes = new byte[100];
            for (int i = 0; i < bytes.Length; i++) bytes[i] = (byte)(0xFF - i);
            Assert.AreEqual("8fda30b3", Digest(bytes));
        }

        private static string Digest(byte[] bytes)
        {
            var sha = new Sha256();
            var digest = new byte[32];
            sha.Start();
            sha.Add(bytes, 0, bytes.Length);
            sha.Finish(digest);
            return Bytes.Hex(digest).Substring(0, 8);
        }
    }
}
