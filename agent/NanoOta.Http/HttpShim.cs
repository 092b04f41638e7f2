using System;
using System.Net;
using System.Net.Sockets;

namespace NanoOta
{
    /// <summary>The differences between HttpWebRequest on the device and on .NET (docs/platform/http.md, "Differences from .NET").
    /// </summary>
    internal static class HttpShim
    {
        /// <summary>The response whatever its status is; transport faults throw.</summary>
        public static HttpWebResponse GetResponse(HttpWebRequest request)
        {
#if NANOFRAMEWORK_1_0
            return (HttpWebResponse)request.GetResponse();
#else
            try
            {
                return (HttpWebResponse)request.GetResponse();
            }
            catch (WebException e) when (e.Response != null)
            {
                return (HttpWebResponse)e.Response;
            }
#endif
        }

        /// <summary>No redirects: the device never follows one.</summary>
        public static void Prepare(HttpWebRequest request)
        {
#if !NANOFRAMEWORK_1_0
            request.AllowAutoRedirect = false;
#endif
        }

        /// <summary>After a failed connection: on the device its socket lives until the next collection (docs/platform/http.md, "Sockets").
        /// </summary>
        public static void Collect()
        {
#if NANOFRAMEWORK_1_0
            nanoFramework.Runtime.Native.GC.Run(false);
#endif
        }

        /// <summary>Whether a fault is that of a peer that keeps silent.</summary>
        public static bool IsTimeout(Exception fault)
        {
            for (Exception e = fault; e != null; e = e.InnerException)
            {
                var web = e as WebException;
                if (web != null && web.Status == WebExceptionStatus.Timeout) return true;
                var socket = e as SocketException;
                if (socket != null && IsTimeout(socket)) return true;
                if (e is TimeoutException) return true;
            }

            return false;
        }

        // ErrorCode is the number of the operating system on .NET, and a SocketError on the device.
        private static bool IsTimeout(SocketException fault)
        {
#if NANOFRAMEWORK_1_0
            return fault.ErrorCode == (int)SocketError.TimedOut;
#else
            return fault.SocketErrorCode == SocketError.TimedOut;
#endif
        }
    }
}
