using System;
using System.Net.NetworkInformation;
using System.Threading;
using nanoFramework.Networking;

namespace NanoOta.App
{
    /// <summary>The Wi-Fi network that is stored in the configuration of the device. SNTP starts with the first address.</summary>
    internal static class Wifi
    {
        private const int ConnectTimeoutMs = 60000;
        private const int LookAgainMs = 5000;

        /// <summary>Whether the device has an address now.</summary>
        public static bool HasAddress()
        {
            foreach (NetworkInterface candidate in NetworkInterface.GetAllNetworkInterfaces())
                if (candidate.NetworkInterfaceType == NetworkInterfaceType.Wireless80211 && IsAddress(candidate.IPv4Address))
                    return true;
            return false;
        }

        /// <summary>The address that the factory gave the device's radio, in hexadecimal; empty when there is no radio.</summary>
        public static string MacAddress()
        {
            foreach (NetworkInterface candidate in NetworkInterface.GetAllNetworkInterfaces())
                if (candidate.NetworkInterfaceType == NetworkInterfaceType.Wireless80211) return Bytes.Hex(candidate.PhysicalAddress);
            return "";
        }

        /// <summary>Connects, and again whenever the address is lost. For ever, whatever is thrown; give it a thread.</summary>
        public static void Run()
        {
            while (true)
            {
                try
                {
                    Look();
                }
                catch (Exception)
                {
                    // Without memory even the handling of an exception may throw, and nobody else would connect again.
                }

                // Not in the try: memory is given back only while all threads sleep.
                Thread.Sleep(LookAgainMs);
            }
        }

        private static void Look()
        {
            try
            {
                if (!HasAddress()) Connect();
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

        private static bool IsAddress(string text) => text != null && text != "" && text != "0.0.0.0";
    }
}
