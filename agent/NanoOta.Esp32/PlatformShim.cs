#if NANOFRAMEWORK_1_0
using System.Net.NetworkInformation;
#endif

namespace NanoOta
{
    /// <summary>What only a device has: its memory, its supply, its radio. On .NET there is none of it, and always a network.</summary>
    internal static class PlatformShim
    {
        /// <summary>The device's memory; null on .NET.</summary>
        public static IMemory Memory()
        {
#if NANOFRAMEWORK_1_0
            return new DeviceMemory(null);
#else
            return null;
#endif
        }

        /// <summary>The supply as the board measures it; null on .NET.</summary>
        public static ISupply Supply()
        {
#if NANOFRAMEWORK_1_0
            return new SupplyVoltage(FirmwareBoard.SupplyChannel(), FirmwareBoard.SupplyFullScale());
#else
            return null;
#endif
        }

        /// <summary>The MAC address that the factory gave the radio, in hexadecimal; empty without a radio, and on .NET.</summary>
        public static string DeviceId()
        {
#if NANOFRAMEWORK_1_0
            foreach (NetworkInterface candidate in NetworkInterface.GetAllNetworkInterfaces())
                if (candidate.NetworkInterfaceType == NetworkInterfaceType.Wireless80211) return Bytes.Hex(candidate.PhysicalAddress);
#endif
            return "";
        }

        /// <summary>Whether the radio has an IPv4 address now; true on .NET.</summary>
        public static bool HasAddress()
        {
#if NANOFRAMEWORK_1_0
            foreach (NetworkInterface candidate in NetworkInterface.GetAllNetworkInterfaces())
                if (candidate.NetworkInterfaceType == NetworkInterfaceType.Wireless80211 && IsAddress(candidate.IPv4Address)) return true;
            return false;
#else
            return true;
#endif
        }

#if NANOFRAMEWORK_1_0
        private static bool IsAddress(string text) => text != null && text != "" && text != "0.0.0.0";
#endif
    }
}
