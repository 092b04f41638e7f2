namespace NanoOta
{
    /// <summary>Why the chip was reset; the numbers are those of ESP-IDF's <c>esp_reset_reason_t</c>.</summary>
    public enum ResetReason
    {
        /// <summary>Not known.</summary>
        Unknown = 0,
        /// <summary>Power came on.</summary>
        PowerOn = 1,
        /// <summary>The reset pin.</summary>
        Ext = 2,
        /// <summary>Software asked for it.</summary>
        Sw = 3,
        /// <summary>A panic of the native code.</summary>
        Panic = 4,
        /// <summary>The interrupt watchdog.</summary>
        IntWdt = 5,
        /// <summary>The task watchdog.</summary>
        TaskWdt = 6,
        /// <summary>Another watchdog.</summary>
        Wdt = 7,
        /// <summary>Wake from deep sleep.</summary>
        DeepSleep = 8,
        /// <summary>The supply was too low.</summary>
        Brownout = 9,
        /// <summary>SDIO.</summary>
        Sdio = 10,
        /// <summary>The USB peripheral.</summary>
        Usb = 11,
        /// <summary>JTAG.</summary>
        Jtag = 12,
        /// <summary>An eFuse error.</summary>
        Efuse = 13,
        /// <summary>A glitch on the supply.</summary>
        PwrGlitch = 14,
        /// <summary>The CPU locked up (a double exception).</summary>
        CpuLockup = 15,
    }
}
