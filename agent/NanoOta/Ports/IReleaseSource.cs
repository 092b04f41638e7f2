namespace NanoOta
{
    /// <summary>Reads files of a release, one at a time, from any offset. Every call should end within a bounded time; on the device a
    /// peer that accepts a connection and stays silent in the TLS handshake can stall it (docs/platform/http.md, "Connecting").</summary>
    public interface IReleaseSource
    {
        /// <summary>Offset in the file of the next byte that Read gives. After Open it is the requested offset, or an earlier one, such as
        /// 0 when the server does not give parts of files; the caller then reads on to the requested one.</summary>
        int Position { get; }

        /// <summary>Whether this source opens such addresses, by their scheme; a mirror that it does not open makes a manifest invalid.
        /// </summary>
        /// <param name="address">An absolute address.</param>
        bool CanOpen(string address);

        /// <summary>Opens a file at or before <paramref name="offset"/>. Anything open before is closed.</summary>
        /// <param name="address">An absolute address.</param>
        /// <param name="offset">First byte to read, from 0.</param>
        /// <param name="length">Length that the whole file must have, or −1 when that is not known.</param>
        /// <returns>None, or 1001 to 1999; or MemoryLow, when there is too little memory for the connection.</returns>
        UpdateError Open(string address, int offset, int length);

        /// <summary>Pause in seconds that the server requested when the last Open ended in ServerFailed (RFC 9110, section 10.2.3); 0 when
        /// it requested none.</summary>
        int RetryAfterSeconds { get; }

        /// <summary>Reads up to <paramref name="count"/> bytes: the number read, 0 at the end of the file, or an <see cref="UpdateError"/>
        /// as a negative number.</summary>
        int Read(byte[] buffer, int start, int count);

        /// <summary>Closes what is open, if anything is.</summary>
        void Close();
    }
}
