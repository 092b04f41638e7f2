namespace NanoOta
{
    /// <summary>Where a device stands, as its status says it (SPEC.md, section 8.3). For the agent's thread.</summary>
    public sealed class DeviceStatus
    {
        /// <summary>Version of the running firmware; empty when it is not known.</summary>
        public string Version = "";

        /// <summary>Its sequence number; 0 when it is not known.</summary>
        public long Sequence;

        /// <summary>The slot that runs, 0 or 1.</summary>
        public int Slot;

        /// <summary>What the boot record says.</summary>
        public BootState State = BootState.Confirmed;

        /// <summary>What the agent is doing.</summary>
        public Phase Phase;

        /// <summary>Version of the last offer that was read; empty when there was none.</summary>
        public string Offered = "";

        /// <summary>The last error, also one from before a reset; None when all is well.</summary>
        public UpdateError LastError;

        /// <summary>What the update waits for, or None.</summary>
        public UpdateError WaitsFor;

        /// <summary>Whether updates are paused by command.</summary>
        public bool IsPaused;

        /// <summary>Millivolts; negative when they are not measured.</summary>
        public int SupplyMillivolts = -1;

        /// <summary>Whether the device runs from something that does not run empty.</summary>
        public bool IsSupplyExternal;

        /// <summary>Bytes that are free; negative when that is not known.</summary>
        public int FreeMemory = -1;

        /// <summary>What reset the device last, in a few words; empty when that is not known.</summary>
        public string ResetReason = "";

        /// <summary>Boots of the trial in work, or 0.</summary>
        public int TrialBoots;

        /// <summary>What this agent can do (SPEC.md, section 2, key 12).</summary>
        public int AgentLevel;
    }
}
