using System;
using System.Threading;
using nanoFramework.Networking;

namespace NanoOta.App
{
    /// <summary>The Wi-Fi network that is stored in the configuration of the device. SNTP starts with the first address.</summary>
    internal static class Wifi
    {
        private const int ConnectTimeoutMs = 60000;
        private const int CheckIntervalMs = 5000;

        /// <summary>Connects, and again whenever the address is lost. For ever, whatever is thrown; give it a thread.</summary>
        /// <param name="hasAddress">Whether the device has an address now.</param>
        public static void Run(NetworkProbe hasAddress)
        {
            while (true)
            {
                try
                {
                    Check(hasAddress);
                }
                catch (Exception)
                {
                    // Without memory even the handling of an exception may throw, and nothing else connects again.
                }

                // Not in the try: memory is freed only while all threads sleep.
                Thread.Sleep(CheckIntervalMs);
            }
        }

        private static void Check(NetworkProbe hasAddress)
        {
            try
            {
                if (!hasAddress()) Connect();
            }
            catch (Exception e)
            {
                Console.WriteLine("Wi-Fi failed: " + e.Message);
            }
        }

        private static void Connect()
        {
            using (var timeout = new CancellationTokenSource(ConnectTimeoutMs))
                if (!WifiNetworkHelper.Reconnect(false, 0, timeout.Token))
                    Console.WriteLine("no Wi-Fi within a minute, helper status " + ((int)WifiNetworkHelper.Status).ToString()
                        + "; is a network stored on the device?");
        }
    }
}
