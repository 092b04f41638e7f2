namespace NanoOta
{
    /// <summary>
    /// The facts about the board that this firmware was built for, from its board.json. This default is a board without LED and
    /// supply measurement. <c>nano-ota identity</c> writes the file for a board, together with <see cref="FirmwareIdentity"/>.
    /// </summary>
    public static class FirmwareBoard
    {
        /// <summary>Chip of the board, as its board.json spells it; empty if it is not known.</summary>
        public static string Chip() => "";

        /// <summary>GPIO number of a LED that the firmware may blink; −1 if there is none.</summary>
        public static int LedPin() => -1;

        /// <summary>Channel of nanoFramework's AdcController that measures the supply voltage; −1 if none does.</summary>
        public static int SupplyChannel() => -1;

        /// <summary>
        /// Supply in millivolts at which that channel reads its largest value: range of the converter, divider and calibration of
        /// the board in one number. 0 if there is none.
        /// </summary>
        public static int SupplyFullScale() => 0;

        /// <summary>Least supply in millivolts to use the network for an update; 0: no limit.</summary>
        public static int SupplyDownload() => 0;

        /// <summary>Least supply in millivolts to write an update to flash; 0: no limit.</summary>
        public static int SupplyWrite() => 0;

        /// <summary>Least supply in millivolts to reset into a trial; 0: no limit.</summary>
        public static int SupplyActivate() => 0;
    }
}
