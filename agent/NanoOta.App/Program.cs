using System;
using System.Threading;

namespace NanoOta.App
{
    /// <summary>
    /// The reference firmware: keeps itself up to date and blinks. Each part has a thread of its own, so that none can end another; the
    /// network has that of Main. In safe mode only agent and network run: the parts that crash again and again must not block the release
    /// that repairs them.
    /// </summary>
    public static partial class Program
    {
        /// <summary>Never ends: a program that ends waits in the debugger loop until the next reset.</summary>
        public static void Main()
        {
            var ota = new OtaAgent(Settings.Address) { CaCertificate = Settings.CaCertificate, Credential = Settings.Credential() };
            ota.UseDiagnostics();
            UseBroker(ota);
            UseRuntimes(ota);
            ota.Start();
            if (ota.IsSafeMode) Console.WriteLine("safe mode: only network and agent run");
            else StartApplication(ota);
            Wifi.Run(ota.HasAddress);
        }

        /// <summary>Does nothing, unless the project has <c>WithBroker</c>: then Broker.cs implements it.</summary>
        static partial void UseBroker(OtaAgent ota);

        /// <summary>The same with <c>WithRuntimeUpdates</c> and Runtimes.cs.</summary>
        static partial void UseRuntimes(OtaAgent ota);

        private static void StartApplication(OtaAgent ota)
        {
            new Thread(new StartReport(ota.Ports).Print).Start();
            new Thread(new Led(ota).Run).Start();
        }
    }
}
