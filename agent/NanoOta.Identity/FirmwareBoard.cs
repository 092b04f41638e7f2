namespace NanoOta
{
    /// <summary>The properties of the board that this firmware was built for, from its board.json; written together with <see
    /// cref="FirmwareIdentity"/>. The board of the agent's own project has neither LED nor measured supply.</summary>
    public static class FirmwareBoard
    {
        /// <summary>Chip of the board, as named in its board.json; empty if unknown.</summary>
        public static string Chip() => "";

        /// <summary>GPIO number of a LED that the firmware may blink; −1 if there is none.</summary>
        public static int LedPin() => -1;

        /// <summary>Channel of nanoFramework's AdcController that measures the supply voltage; −1 if there is none.</summary>
        public static int SupplyChannel() => -1;

        /// <summary>Supply in millivolts at which that channel reads its largest value: range of the converter, divider and calibration of
        /// the board in one number. 0 if there is none.</summary>
        public static int SupplyFullScale() => 0;

        /// <summary>Minimum supply in millivolts to use the network for an update; 0: no limit.</summary>
        public static int SupplyDownload() => 0;

        /// <summary>Minimum supply in millivolts to write an update to flash; 0: no limit.</summary>
        public static int SupplyWrite() => 0;

        /// <summary>Minimum supply in millivolts to reset into a trial; 0: no limit.</summary>
        public static int SupplyActivate() => 0;
    }
}
