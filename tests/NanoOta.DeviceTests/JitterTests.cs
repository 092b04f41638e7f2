using nanoFramework.TestFramework;

namespace NanoOta.DeviceTests
{
    [TestClass]
    public class JitterTests
    {
        // Computed with whole numbers of any length.
        [TestMethod]
        public void Both_compilers_compute_the_same_jitter()
        {
            var spread = new Jitter("24:6f:28:00:00:01", 1795392000123);
            Assert.AreEqual(34721, spread.Next(60000));
            Assert.AreEqual(1370259, spread.Next(1800001));
            Assert.AreEqual(2054852852, spread.Next(2147483647));
            Assert.AreEqual(0, spread.Next(1));
            Assert.AreEqual(0, spread.Next(0));
            Assert.AreEqual(31526, spread.Next(60000));
            Assert.AreEqual(1287875596, spread.Next(2147483647));
            Assert.AreEqual(86, spread.Next(100));
        }

        [TestMethod]
        public void Another_device_has_other_jitter()
        {
            var spread = new Jitter("24:6f:28:00:00:02", 1795392000123);
            Assert.AreEqual(26618, spread.Next(60000));
            Assert.AreEqual(1319484, spread.Next(1800001));
            Assert.AreEqual(1625285047, new Jitter("", 0).Next(2147483647));
        }

        [TestMethod]
        public void Jitter_stays_within_its_range()
        {
            var spread = new Jitter("lamp", 1);
            for (int i = 0; i < 500; i++)
            {
                int moment = spread.Next(1000);
                Assert.IsTrue(moment >= 0 && moment < 1000);
            }

            Assert.AreEqual(0, spread.Next(-5));
        }
    }
}
