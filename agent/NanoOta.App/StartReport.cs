using System;

namespace NanoOta.App
{
    /// <summary>The facts that a person with a serial cable needs first.</summary>
    internal sealed class StartReport
    {
        private readonly UpdatePorts ports;

        /// <summary>A report about what these ports measure.</summary>
        public StartReport(UpdatePorts ports)
        {
            this.ports = ports;
        }

        /// <summary>Prints it once.</summary>
        public void Print()
        {
            IBootControl boot = ports.Boot;
            IMemory memory = ports.Memory;
            Console.WriteLine(FirmwareIdentity.Product() + " " + FirmwareIdentity.Version() + " on " + FirmwareIdentity.Board()
                + ", slot " + boot.RunningSlot.ToString() + ", after: " + ResetReasons.Text(boot.ResetReason));
            if (boot.TrialBoots > 0)
                Console.WriteLine("trial: boot " + boot.TrialBoots.ToString() + ", power blips " + boot.PowerBlips.ToString());
            if (boot.Crashes > 0) Console.WriteLine("crashes soon after a start: " + boot.Crashes.ToString());
            Console.WriteLine("supply: " + Supply());
            Console.WriteLine("free bytes: managed " + memory.FreeManaged.ToString() + ", internal " + memory.Free.ToString()
                + ", largest " + memory.LargestBlock.ToString());
        }

        // Not the agent's: it is for one thread.
        private static string Supply()
        {
            int millivolts = new SupplyVoltage(FirmwareBoard.SupplyChannel(), FirmwareBoard.SupplyFullScale()).Millivolts;
            return millivolts == SupplyVoltage.NotMeasured ? "not measured" : millivolts.ToString() + " mV";
        }
    }
}
