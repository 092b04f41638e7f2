namespace NanoOta
{
    /// <summary>Decimal numbers in header fields.</summary>
    // Not TryParse: what it takes (signs, spaces, too large a number) differs between the compilers.
    public static class Digits
    {
        private const long Limit = 1000000000000;

        /// <summary>The number that a part of a text is: exact below 10^12, some number that is larger for all others; −1 when the part is
        /// empty or has anything but the digits 0 to 9.</summary>
        public static long Parse(string text, int start, int count)
        {
            long value = count > 0 ? 0 : -1;
            for (int i = start; i < start + count; i++)
            {
                if (text[i] < '0' || text[i] > '9') return -1;
                if (value < Limit) value = value * 10 + (text[i] - '0');
            }

            return value;
        }

        /// <summary>The same of a whole text, with blanks before and behind it; −1 for null.</summary>
        public static long Parse(string text)
        {
            if (text == null) return -1;
            text = text.Trim();
            return Parse(text, 0, text.Length);
        }
    }
}
