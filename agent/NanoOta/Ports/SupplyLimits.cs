namespace NanoOta
{
    /// <summary>
    /// Voltages below which a step of an update is put off, in millivolts at the supply, as the board's board.json has them. A step
    /// that was put off waits until the voltage is above its limit by the hysteresis: under load a battery sags, and recovers
    /// when the load goes. With a limit of 0, the default, the supply is not checked for that step.
    /// </summary>
    public sealed class SupplyLimits
    {
        /// <summary>For using the network.</summary>
        public int Download;

        /// <summary>For writing flash.</summary>
        public int Write;

        /// <summary>For the reset into a trial: what is left must carry the boot, the network and the health check.</summary>
        public int Activate;

        /// <summary>How far above a limit it must be to go on. Default 100.</summary>
        public int Hysteresis = 100;
    }
}
