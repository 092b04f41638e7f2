using System.Net;

namespace NanoOta
{
    /// <summary>The differences between HttpWebRequest on the device and on .NET (docs/platform/http.md, "Differences from .NET").
    /// </summary>
    internal static class HttpShim
    {
#if NANOFRAMEWORK_1_0
        // One tick of FreeRTOS, as AgentLoop.TickMs.
        private const int TickMs = 10;

#endif
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

        /// <summary>No redirects: the device never follows one by itself. No proxy: the device has none, whatever its host is set
        /// to.</summary>
        public static void Prepare(HttpWebRequest request)
        {
#if !NANOFRAMEWORK_1_0
            request.AllowAutoRedirect = false;
            request.Proxy = null;
#endif
        }

        /// <summary>
        /// After a connection: on the device its request, response and socket live until a collection found them, their finalizers ran,
        /// which they do while all threads sleep, and the next collection freed them (docs/platform/memory.md, "Want of memory").
        /// </summary>
        public static void Collect()
        {
#if NANOFRAMEWORK_1_0
            nanoFramework.Runtime.Native.GC.Run(false);
            System.Threading.Thread.Sleep(TickMs);
#endif
        }
    }
}
