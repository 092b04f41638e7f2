namespace NanoOta
{
    /// <summary>The Content-Range header (RFC 9110, section 14.4): <c>bytes FIRST-LAST/TOTAL</c>.</summary>
    public static class ContentRange
    {
        /// <summary>
        /// Offset in the file of the body's first byte; −1 when the body is of no use: the byte at <paramref name="offset"/> is not
        /// in it, the header is missing or malformed, or the file is another one. A server may send more than was requested, so
        /// the body may begin before <paramref name="offset"/>.
        /// </summary>
        /// <param name="header">Value of Content-Range, or null.</param>
        /// <param name="offset">First byte to read.</param>
        /// <param name="length">Length that the whole file must have, or −1 when that is not known.</param>
        /// <param name="count">Bytes of the body.</param>
        public static int First(string header, int offset, int length, out int count)
        {
            count = 0;
            if (header == null || !header.ToLower().StartsWith("bytes ")) return -1;
            int dash = header.IndexOf('-');
            int slash = header.IndexOf('/');
            if (dash < 0 || slash < dash) return -1;
            long first = Digits.Parse(header.Substring(6, dash - 6));
            long last = Digits.Parse(header.Substring(dash + 1, slash - dash - 1));
            if (first < 0 || first > offset || last < offset || last > 2147483646) return -1;
            string total = header.Substring(slash + 1).Trim();
            if (total != "*")
            {
                long size = Digits.Parse(total);
                if (size <= last || (length >= 0 && size != length)) return -1;
            }
            else if (length >= 0 && last >= length) return -1;

            count = (int)(last - first) + 1;
            return (int)first;
        }
    }
}
