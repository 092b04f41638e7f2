using System;

namespace NanoOta.App
{
    /// <summary>What a person with a serial cable wants to know first.</summary>
    internal static class StartReport
    {
        /// <summary>Prints it once.</summary>
        public static void Print()
        {
            var reset = new NativeBootControl();
            var memory = new DeviceMemory(null);
            Console.WriteLine(FirmwareIdentity.Product() + " " + FirmwareIdentity.Version() + " on " + FirmwareIdentity.Board()
                + ", slot " + new NativeBootControl().RunningSlot.ToString() + ", after: " + ResetReasons.Text(reset.ResetReason));
            if (reset.TrialBoots > 0)
                Console.WriteLine("trial: boot " + reset.TrialBoots.ToString() + ", power blips " + reset.PowerBlips.ToString());
            if (reset.Crashes > 0) Console.WriteLine("crashes soon after a start: " + reset.Crashes.ToString());
            Console.WriteLine("supply: " + Supply());
            Console.WriteLine("free bytes: managed " + memory.FreeManaged.ToString() + ", internal " + memory.Free.ToString()
                + ", largest " + memory.LargestBlock.ToString());
        }

        private static string Supply()
        {
            int millivolts = new SupplyVoltage(FirmwareBoard.SupplyChannel(), FirmwareBoard.SupplyFullScale()).Millivolts;
            return millivolts == SupplyVoltage.NotMeasured ? "not measured" : millivolts.ToString() + " mV";
        }
    }
}
