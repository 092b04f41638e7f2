using nanoFramework.TestFramework;

namespace NanoOta.DeviceTests
{
    [TestClass]
    public class MaintenanceWindowTests
    {
        // 2026-11-23 00:00 UTC.
        private const long Midnight = 1795392000;

        [TestMethod]
        public void A_window_is_open_from_its_first_second_to_its_last()
        {
            var window = new MaintenanceWindow { StartMinute = 60, Minutes = 30 };
            IsOpen(false, window, 3599);
            IsOpen(true, window, 3600);
            IsOpen(true, window, 3600 + 1799);
            IsOpen(false, window, 3600 + 1800);
        }

        [TestMethod]
        public void A_window_may_go_past_midnight()
        {
            var window = new MaintenanceWindow { StartMinute = 1410, Minutes = 60 };
            IsOpen(false, window, 84599);
            IsOpen(true, window, 84600);
            IsOpen(true, window, 0);
            IsOpen(true, window, 1799);
            IsOpen(false, window, 1800);
        }

        [TestMethod]
        public void Local_time_counts_to_either_side_of_Greenwich()
        {
            var east = new MaintenanceWindow { StartMinute = 120, Minutes = 60, UtcOffsetMinutes = 345 };
            IsOpen(true, east, (1440 + 120 - 345) * 60);
            IsOpen(false, east, (1440 + 119 - 345) * 60);
            var west = new MaintenanceWindow { StartMinute = 120, Minutes = 60, UtcOffsetMinutes = -480 };
            IsOpen(true, west, (120 + 480) * 60);
            IsOpen(false, west, (180 + 480) * 60);
        }

        [TestMethod]
        public void A_window_of_a_day_is_always_open_also_after_2038()
        {
            var window = new MaintenanceWindow { StartMinute = 1439, Minutes = 1440 };
            for (int hour = 0; hour < 24; hour++) IsOpen(true, window, hour * 3600);
            var night = new MaintenanceWindow { StartMinute = 0, Minutes = 60 };
            Assert.IsTrue(night.IsOpen(7258118400));
            Assert.IsFalse(night.IsOpen(7258118400 - 1));
        }

        [TestMethod]
        public void The_next_opening_is_computed_to_the_second()
        {
            var night = new MaintenanceWindow { StartMinute = 60, Minutes = 30 };
            Assert.AreEqual(3600, night.SecondsUntilStart(Midnight));
            Assert.AreEqual(1, night.SecondsUntilStart(Midnight + 3599));
            Assert.AreEqual(86400, night.SecondsUntilStart(Midnight + 3600));
            Assert.AreEqual(86399, night.SecondsUntilStart(Midnight + 3601));
            var west = new MaintenanceWindow { StartMinute = 120, UtcOffsetMinutes = -480 };
            Assert.AreEqual(10 * 3600, west.SecondsUntilStart(Midnight));
        }

        private static void IsOpen(bool expected, MaintenanceWindow window, int secondOfDay)
        {
            Assert.AreEqual(expected, window.IsOpen(Midnight + secondOfDay));
        }
    }
}
