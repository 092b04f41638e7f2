using nanoFramework.TestFramework;

namespace NanoOta.DeviceTests
{
    [TestClass]
    public class SleepStateTests
    {
        [TestMethod]
        public void A_trial_keeps_its_time_and_its_probes()
        {
            Trial(0, 0, 0, 0);
            Trial(1, 255, 100, 255);
            Trial(29999, 1, 30000, 1);
            Trial(30000, 128, 30000, 128);
            Trial(4194303L * 100, 85, 419430300, 85);
            Trial(1L << 40, 255, 419430300, 255);
        }

        [TestMethod]
        public void A_rest_keeps_both_its_times()
        {
            Rest(0, 0, 0, 0);
            Rest(-5000, -1, 0, 0);
            Rest(1, 1, 1000, 0);
            Rest(1001, 14999, 2000, 0);
            Rest(2000, 15000, 2000, 15000);
            Rest(3600000, 3600000, 3600000, 3600000);
            Rest(4194302000L, 0, 4194302000L, 0);
            Rest(1L << 40, 1L << 40, 4194302000L, 3825000);
        }

        [TestMethod]
        public void An_empty_sleep_state_is_neither_a_trial_nor_a_rest()
        {
            Assert.IsFalse(SleepState.IsTrial(0));
            Assert.IsFalse(SleepState.IsRest(0));
        }

        private static void Trial(long awakeMs, int probes, int expectedMs, int expectedProbes)
        {
            int kept = SleepState.OfTrial(awakeMs, probes);
            Assert.IsTrue(kept > 0);
            Assert.IsTrue(SleepState.IsTrial(kept));
            Assert.IsFalse(SleepState.IsRest(kept));
            Assert.AreEqual(expectedMs, SleepState.AwakeMs(kept));
            Assert.AreEqual(expectedProbes, SleepState.GoodProbes(kept));
        }

        private static void Rest(long untilCheck, long untilSave, long expectedCheck, int expectedSave)
        {
            int kept = SleepState.OfRest(untilCheck, untilSave);
            Assert.IsTrue(kept > 0);
            Assert.IsTrue(SleepState.IsRest(kept));
            Assert.IsFalse(SleepState.IsTrial(kept));
            Assert.AreEqual(expectedCheck, SleepState.UntilCheckMs(kept));
            Assert.AreEqual(expectedSave, SleepState.UntilSaveMs(kept));
        }
    }
}
