namespace NanoOta
{
    /// <summary>The status of a device (SPEC.md, section 8.3). For the agent's thread.</summary>
    public sealed class DeviceStatus
    {
        /// <summary>Version of the running firmware; empty when it is not known.</summary>
        public string Version = "";

        /// <summary>Its sequence number; 0 when it is not known.</summary>
        public long Sequence;

        /// <summary>The slot that runs, 0 or 1.</summary>
        public int Slot;

        /// <summary>State of the boot record.</summary>
        public BootState State = BootState.Confirmed;

        /// <summary>Phase of the agent.</summary>
        public Phase Phase;

        /// <summary>Version of the last offer that was read; empty when there was none.</summary>
        public string Offered = "";

        /// <summary>The last error, also one from before a reset; None when all is well.</summary>
        public UpdateError LastError;

        /// <summary>The condition that the update waits for, or None.</summary>
        public UpdateError WaitsFor;

        /// <summary>Whether updates are paused by command.</summary>
        public bool IsPaused;

        /// <summary>Millivolts; negative when they are not measured.</summary>
        public int SupplyMillivolts = -1;

        /// <summary>Whether the device runs from an external supply.</summary>
        public bool IsSupplyExternal;

        /// <summary>Free bytes; negative when not known.</summary>
        public int FreeMemory = -1;

        /// <summary>Reason of the last reset (ResetReasons.Text).</summary>
        public string ResetReason = "";

        /// <summary>Boots of the current trial, or 0.</summary>
        public int TrialBoots;

        /// <summary>Level of this agent (SPEC.md, section 2, key 12).</summary>
        public int AgentLevel;
    }
}
