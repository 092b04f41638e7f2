using NanoOta.Native;

namespace NanoOta
{
    /// <summary>What the native module knows of the last reset and of the trial that it belongs to, as of the last boot or call.</summary>
    public sealed class LastReset
    {
        /// <summary>Why the chip was reset, numbered as ESP-IDF's esp_reset_reason_t.</summary>
        public int Reason => NativeModule.GetValue(NativeModule.ValueResetReason);

        /// <summary>The same in a few words.</summary>
        public string Text => TextOf(Reason);

        /// <summary>Boots of the trial so far, this one included; 0 when there is none.</summary>
        public int TrialBoots => NativeModule.GetValue(NativeModule.ValueTrialBoots);

        /// <summary>Boots of the trial that followed a loss of power or the like and are not held against the firmware.</summary>
        public int PowerBlips => NativeModule.GetValue(NativeModule.ValuePowerBlips);

        /// <summary>Crashes and hangs of this firmware soon after its start, one after the other; the fifth has consequences (SPEC, section
        /// 5.1).</summary>
        public int Crashes => NativeModule.GetValue(NativeModule.ValueCrashes);

        /// <summary>A reset reason in a few words; for a number that is not known here, the number.</summary>
        public static string TextOf(int reason)
        {
            switch (reason)
            {
                case 0: return "unknown";
                case 1: return "power on";
                case 2: return "reset pin";
                case 3: return "software";
                case 4: return "panic";
                case 5: return "interrupt watchdog";
                case 6: return "task watchdog";
                case 7: return "another watchdog";
                case 8: return "deep sleep";
                case 9: return "brown-out";
                case 10: return "SDIO";
                case 11: return "USB";
                case 12: return "JTAG";
                case 13: return "eFuse error";
                case 14: return "power glitch";
                case 15: return "CPU lock-up";
                default: return "reset reason " + reason.ToString();
            }
        }
    }
}
