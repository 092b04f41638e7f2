namespace NanoOta
{
    /// <summary>The state that must survive a planned sleep, in one number of 31 bits; 0 for none. Bit 30 tells a trial from the rest,
    /// because firmware may be activated in one boot and wake in the next.</summary>
    /// <remarks>Trial: bits 0 to 7 the probes that were Good, 8 to 29 tenths of a second awake so far. Else: bits 0 to 21 seconds until the
    /// next check, and 1; bits 22 to 29 quarters of a minute until a refusal may be written to the journal again.</remarks>
    internal static class SleepState
    {
        private const int Trial = 0x40000000;
        private const int MaxTenths = 0x3FFFFF, MaxSeconds = 0x3FFFFE, MaxQuarters = 0xFF, ProbeRoom = 0x100, SecondRoom = 0x400000;
        private const int QuarterMs = 15000;

        public static int OfTrial(long awakeMs, int goodProbes)
        {
            // Rounded up, so that no trial is endless, however short each wake.
            return Trial + Limited(awakeMs, 100, MaxTenths) * ProbeRoom + goodProbes;
        }

        // The check rounded up: a server that requested a pause gets it in full. The refusal down: a device that wakes every few
        // seconds would otherwise never come to its end, and never write one again.
        public static int OfRest(long untilCheckMs, long untilSaveMs)
        {
            int quarters = Limited(untilSaveMs - QuarterMs + 1, QuarterMs, MaxQuarters);
            return quarters * SecondRoom + Limited(untilCheckMs, 1000, MaxSeconds) + 1;
        }

        public static bool IsTrial(int kept) => kept >= Trial;

        public static bool IsRest(int kept) => kept > 0 && kept < Trial;

        public static int AwakeMs(int kept) => (kept - Trial) / ProbeRoom * 100;

        public static int GoodProbes(int kept) => kept % ProbeRoom;

        public static long UntilCheckMs(int kept) => (kept % SecondRoom - 1) * 1000L;

        public static int UntilSaveMs(int kept) => kept / SecondRoom * QuarterMs;

        private static int Limited(long milliseconds, int unit, int most)
        {
            if (milliseconds <= 0) return 0;
            long units = (milliseconds + unit - 1) / unit;
            return units < most ? (int)units : most;
        }
    }
}
