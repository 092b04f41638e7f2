namespace NanoOta
{
    /// <summary>What the numbers of SocketException mean.</summary>
    public static class SocketFault
    {
        /// <summary>The error that a number of SocketError stands for; on the device a negative one comes from TLS (mbedTLS).</summary>
        public static UpdateError Error(int code)
        {
            switch (code)
            {
                case 10060: return UpdateError.TimedOut;
                case 10061: return UpdateError.ConnectionRefused;
                case 10053: // aborted, reset, not connected, shut down
                case 10054:
                case 10057:
                case 10058: return UpdateError.ConnectionLost;
                case 10022: // the device's number for a name that no name server has
                case 11001:
                case 11002:
                case 11003:
                case 11004: return UpdateError.NameNotFound;
                default: return code < -1 ? UpdateError.TlsFailed : UpdateError.Unreachable;
            }
        }
    }
}
