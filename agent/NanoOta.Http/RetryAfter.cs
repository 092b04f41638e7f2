namespace NanoOta
{
    /// <summary>The Retry-After header (RFC 9110, section 10.2.3): seconds, or a date of the form <c>Sun, 06 Nov 1994 08:49:37 GMT</c>,
    /// which is taken against the server's own Date, so that the device's clock does not matter.</summary>
    public static class RetryAfter
    {
        private const int MaxSeconds = 86400;

        // September 2001: no wait is as long, and no date of today as small.
        private const long FirstDate = 1000000000;
        private const string Months = "JanFebMarAprMayJunJulAugSepOctNovDec";

        /// <summary>Seconds to wait, 0 to a day; 0 when the headers have none, or are malformed.</summary>
        /// <param name="header">Value of Retry-After, or null.</param>
        /// <param name="date">Value of Date, or null.</param>
        public static int Seconds(string header, string date)
        {
            if (header == null) return 0;
            long seconds = Digits.Parse(header);
            if (seconds >= 0) return Clamp(seconds);
            long until = Parse(header);
            long now = date == null ? -1 : Parse(date);
            return until < 0 || now < 0 ? 0 : Clamp(until - now);
        }

        /// <summary>
        /// Seconds until a server counts requests anew, as hosts of code and of releases send it (<c>x-ratelimit-remaining: 0</c> and
        /// <c>x-ratelimit-reset</c>, seconds since 1970 or from now), 1 to a day; 0 when requests are left, or the headers have none. A
        /// minute when the end is missing.
        /// </summary>
        /// <param name="remaining">Value of x-ratelimit-remaining, or null.</param>
        /// <param name="reset">Value of x-ratelimit-reset, or null.</param>
        /// <param name="date">Value of Date, or null.</param>
        public static int RateLimit(string remaining, string reset, string date)
        {
            if (Digits.Parse(remaining) != 0) return 0;
            long until = Digits.Parse(reset);
            long now = date == null ? -1 : Parse(date);
            if (until >= FirstDate) until = now < 0 ? 0 : until - now;
            return until > 0 ? Clamp(until) : 60;
        }

        private static int Clamp(long seconds) => seconds < 0 ? 0 : seconds < MaxSeconds ? (int)seconds : MaxSeconds;

        // Seconds since 1970; -1 when it is not of that form. Days by the civil calendar: years are counted from March.
        private static long Parse(string text)
        {
            if (text.Length != 29 || text.Substring(25) != " GMT") return -1;
            int name = Months.IndexOf(text.Substring(8, 3));
            int day = Number(text, 5, 2), year = Number(text, 12, 4);
            int hour = Number(text, 17, 2), minute = Number(text, 20, 2), second = Number(text, 23, 2);
            if (name < 0 || name % 3 != 0 || day < 1 || year < 1970 || hour < 0 || minute < 0 || second < 0) return -1;
            int month = name / 3 + 1;
            if (month < 3) year--;
            int sinceMarch = month < 3 ? month + 9 : month - 3;
            long days = 365L * year + year / 4 - year / 100 + year / 400 + (153 * sinceMarch + 2) / 5 + day - 719469;
            return ((days * 24 + hour) * 60 + minute) * 60 + second;
        }

        private static int Number(string text, int start, int count) => (int)Digits.Parse(text, start, count);
    }
}
