namespace NanoOta
{
    /// <summary>Reads files of a release, one at a time, from any offset. Every call should end within a bounded time; on the device a
    /// peer that accepts a connection and stays silent in the TLS handshake can stall it (docs/platform/http.md, "Connecting").</summary>
    public interface IReleaseSource
    {
        /// <summary>
        /// Offset in the file of the next byte that Read gives. After Open it is the offset asked for, or 0 when the server
        /// does not give parts of files; the caller then reads on to where it wants to be.
        /// </summary>
        int Position { get; }

        /// <summary>Opens a file at or before <paramref name="offset"/>. Anything open before is closed.</summary>
        /// <param name="address">An absolute http or https address.</param>
        /// <param name="offset">First byte wanted, from 0.</param>
        /// <param name="length">Length that the whole file must have, or −1 when that is not known.</param>
        UpdateError Open(string address, int offset, int length);

        /// <summary>
        /// Seconds that the server asked to be left alone for when the last Open ended in ServerFailed (RFC 9110, section
        /// 10.2.3); 0 when it did not say.
        /// </summary>
        int RetryAfterSeconds { get; }

        /// <summary>
        /// Reads up to <paramref name="count"/> bytes: the number read, 0 at the end of the file, or an
        /// <see cref="UpdateError"/> as a negative number.
        /// </summary>
        int Read(byte[] buffer, int start, int count);

        /// <summary>Closes what is open, if anything is.</summary>
        void Close();
    }
}
