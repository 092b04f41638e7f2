namespace NanoOta
{
    /// <summary>The Content-Range header (RFC 9110, section 14.4): <c>bytes FIRST-LAST/TOTAL</c>.</summary>
    public static class ContentRange
    {
        /// <summary>
        /// Whether a header says that the body begins at <paramref name="offset"/> and, when <paramref name="length"/> is not
        /// −1 and the server tells, that the whole file has that length.
        /// </summary>
        // Texts are compared, not numbers: what TryParse takes (signs, spaces, too large a number) differs between the compilers.
        public static bool Fits(string header, int offset, int length)
        {
            if (header == null || !header.StartsWith("bytes ")) return false;
            int dash = header.IndexOf('-');
            int slash = header.IndexOf('/');
            if (dash < 0 || slash < dash) return false;
            if (header.Substring(6, dash - 6) != offset.ToString()) return false;
            string total = header.Substring(slash + 1);
            return length < 0 || total == "*" || total == length.ToString();
        }
    }
}
