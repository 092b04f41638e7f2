namespace NanoOta.Native
{
    /// <content>
    /// The numbers of the surface, for device and virtual device alike. Those of the C code are in nanoota_area.h and nanoota_boot.h; a
    /// test compares them.
    /// </content>
    public static partial class NativeModule
    {
        /// <summary>Version of this surface.</summary>
        public const int Surface = 3;

        /// <summary>The call succeeded.</summary>
        public const int Ok = 0;

        /// <summary>The arguments or the boot state do not allow the call; nothing was changed.</summary>
        public const int Refused = -1;

        /// <summary>The flash failed.</summary>
        public const int Failed = -2;

        /// <summary>Area: the slot that runs; can only be read.</summary>
        public const int RunningSlot = 0;

        /// <summary>Area: the other slot; can be written only while the boot state is confirmed.</summary>
        public const int InactiveSlot = 1;

        /// <summary>Area: the index region of the running slot; can only be read.</summary>
        public const int RunningIndex = 2;

        /// <summary>Area: the index region of the other slot; written under the same rule as that slot.</summary>
        public const int InactiveIndex = 3;

        /// <summary>Area: the two journal sectors.</summary>
        public const int Journal = 4;

        /// <summary>Area: the two sectors of the history.</summary>
        public const int History = 5;

        /// <summary>Area: the runtime slot that runs; can only be read. The areas of runtime slots exist on boards with two; elsewhere every
        /// call refuses them.</summary>
        public const int RunningRuntime = 6;

        /// <summary>Area: the other runtime slot; can be written only while the boot state is confirmed and nothing reverts to that slot
        /// (<see cref="ReleaseRuntime"/>).</summary>
        public const int InactiveRuntime = 7;

        /// <summary>Area: the index region of the running runtime slot; can only be read.</summary>
        public const int RunningRuntimeIndex = 8;

        /// <summary>Area: the index region of the other runtime slot; written under the same rule as that slot.</summary>
        public const int InactiveRuntimeIndex = 9;

        /// <summary>Value: number of the running slot, 0 or 1.</summary>
        public const int ValueRunningSlot = 0;

        /// <summary>Value: boot state of the running slot: 1 confirmed, 2 trial, 3 reverted (SPEC.md, section 5.1); 4 when the
        /// other slot boots next.</summary>
        public const int ValueBootState = 1;

        /// <summary>Value: error number of the last revert, 0 if there was none.</summary>
        public const int ValueRevertReason = 2;

        /// <summary>Value: reset reason, numbered as ESP-IDF's esp_reset_reason_t.</summary>
        public const int ValueResetReason = 3;

        /// <summary>Value: boots of this trial so far.</summary>
        public const int ValueTrialBoots = 4;

        /// <summary>Value: power blips of this trial so far.</summary>
        public const int ValuePowerBlips = 5;

        /// <summary>Value: 1 when only network and agent should run (SPEC.md, section 5.1), else 0.</summary>
        public const int ValueSafeMode = 6;

        /// <summary>Value: crashes and hangs of firmware that is not on trial, soon after its start, up to this boot.</summary>
        public const int ValueCrashes = 7;

        /// <summary>Value: the number passed to <see cref="Sleep"/>, if this boot is the wake from that sleep; else 0.</summary>
        public const int ValueKept = 8;

        /// <summary>Value: seconds that a trial has until its verdict (SPEC.md, section 5.1); Refused by older firmware.</summary>
        public const int ValueTrialSeconds = 9;

        /// <summary>Value: crashes and hangs at which a boot reacts (SPEC.md, section 5.1), 0 = never; Refused by older firmware.</summary>
        public const int ValueCrashLimit = 10;
    }
}
