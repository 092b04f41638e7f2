using System;
using System.Net;
#if !NANOFRAMEWORK_1_0
using System.Net.Http;
#endif
using System.Net.Sockets;
#if !NANOFRAMEWORK_1_0
using System.Security.Authentication;
#endif

namespace NanoOta
{
    /// <summary>Which error an exception of a connection is.</summary>
    internal static class FaultShim
    {
#if NANOFRAMEWORK_1_0
        // What the end of HttpWebRequest.Timeout looks like: it closes the socket under the reader's hands (CLR_E_OBJECT_DISPOSED).
        private const int Disposed = -1728053248;
#endif

        /// <summary>The error that a fault, or what caused it, stands for; None for what is not known.</summary>
        public static UpdateError Of(Exception fault)
        {
            for (Exception e = fault; e != null; e = e.InnerException)
            {
                UpdateError error = OfOne(e);
                if (error != UpdateError.None) return error;
            }

            return UpdateError.None;
        }

        /// <summary>Type of the innermost fault, and the number of a socket's: for a developer, where no error says more.</summary>
        public static string Describe(Exception fault)
        {
            while (fault.InnerException != null) fault = fault.InnerException;
            var socket = fault as SocketException;
            return fault.GetType().FullName + (socket == null ? "" : " " + Code(socket).ToString());
        }

        private static UpdateError OfOne(Exception e)
        {
            if (e is OutOfMemoryException) return UpdateError.MemoryLow;
            if (e is TimeoutException) return UpdateError.TimedOut;
            if (e is ArgumentException || e is FormatException) return UpdateError.BadAddress;
            var socket = e as SocketException;
            if (socket != null) return OfSocket(socket);
            var web = e as WebException;
            if (web == null) return OfPlatform(e);
            if (web.Status == WebExceptionStatus.Timeout) return UpdateError.TimedOut;
            if (web.Status == WebExceptionStatus.NameResolutionFailure) return UpdateError.NameNotFound;
            return web.Status == WebExceptionStatus.ServerProtocolViolation ? UpdateError.AnswerMalformed : UpdateError.None;
        }

        private static UpdateError OfSocket(SocketException fault)
        {
            int code = Code(fault);
#if NANOFRAMEWORK_1_0
            if (code == Disposed) return UpdateError.TimedOut;
#endif
            return SocketFault.Error(code);
        }

        // A number of SocketError on both, and on the device that of TLS as well.
        private static int Code(SocketException fault)
        {
#if NANOFRAMEWORK_1_0
            return fault.ErrorCode;
#else
            return (int)fault.SocketErrorCode;
#endif
        }

        private static UpdateError OfPlatform(Exception e)
        {
#if !NANOFRAMEWORK_1_0
            if (e is AuthenticationException) return UpdateError.TlsFailed;
            switch ((e as HttpIOException)?.HttpRequestError ?? (e as HttpRequestException)?.HttpRequestError)
            {
                case HttpRequestError.InvalidResponse:
                case HttpRequestError.ConfigurationLimitExceeded: return UpdateError.AnswerMalformed;
                case HttpRequestError.ResponseEnded: return UpdateError.ConnectionLost;
                case HttpRequestError.SecureConnectionError: return UpdateError.TlsFailed;
            }
#endif
            return UpdateError.None;
        }
    }
}
