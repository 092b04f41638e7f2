namespace NanoOta
{
    /// <summary>The one table of reset reasons.</summary>
    public static class ResetReasons
    {
        /// <summary>Whether firmware or supply failed: panic, watchdog, CPU lock-up, brown-out or power glitch.</summary>
        public static bool IsFailure(ResetReason reason) => (reason >= ResetReason.Panic && reason <= ResetReason.Wdt)
            || reason == ResetReason.Brownout || reason == ResetReason.PwrGlitch || reason == ResetReason.CpuLockup;

        /// <summary>A reset reason in a few words; an unknown one as its number.</summary>
        public static string Text(ResetReason reason)
        {
            switch (reason)
            {
                case ResetReason.Unknown: return "unknown";
                case ResetReason.PowerOn: return "power on";
                case ResetReason.Ext: return "reset pin";
                case ResetReason.Sw: return "software";
                case ResetReason.Panic: return "panic";
                case ResetReason.IntWdt: return "interrupt watchdog";
                case ResetReason.TaskWdt: return "task watchdog";
                case ResetReason.Wdt: return "watchdog";
                case ResetReason.DeepSleep: return "deep sleep";
                case ResetReason.Brownout: return "brown-out";
                case ResetReason.Sdio: return "SDIO";
                case ResetReason.Usb: return "USB";
                case ResetReason.Jtag: return "JTAG";
                case ResetReason.Efuse: return "eFuse error";
                case ResetReason.PwrGlitch: return "power glitch";
                case ResetReason.CpuLockup: return "CPU lock-up";
                default: return "reset reason " + ((int)reason).ToString();
            }
        }
    }
}
