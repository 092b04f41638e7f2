namespace NanoOta
{
    /// <summary>Header lines in a body. The device's HTTP stops reading headers where one is malformed, or above 4 KB in all, and gives
    /// what is left of them as the beginning of the body, with a status and without an error.</summary>
    public static class HeaderText
    {
        /// <summary>Whether a file begins as headers do, or with the line end behind the last one. No file of a release does: a manifest
        /// begins with 0xD2, an index with <c>NOIX</c> and an image with <c>NFMRK</c>, each with no colon behind.</summary>
        public static bool Begins(byte[] buffer, int start, int count)
        {
            if (count > 0 && (buffer[start] == '\r' || buffer[start] == '\n')) return true;
            int i = 0;
            while (i < count && IsOfName(buffer[start + i])) i++;
            return i > 0 && i < count && buffer[start + i] == ':';
        }

        private static bool IsOfName(byte c) => (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9') || c == '-';
    }
}
