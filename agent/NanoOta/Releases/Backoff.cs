namespace NanoOta
{
    /// <summary>The delay before a retry, which doubles with each failure in a row.</summary>
    internal static class Backoff
    {
        /// <summary>Milliseconds to wait.</summary>
        /// <param name="firstMs">The delay without an earlier failure.</param>
        /// <param name="failures">Failures in a row before this one, from 0.</param>
        /// <param name="mostMs">The longest delay.</param>
        public static int Delay(int firstMs, int failures, int mostMs)
        {
            int delay = firstMs;
            for (int i = 0; i < failures && delay < mostMs; i++) delay *= 2;
            return delay < mostMs ? delay : mostMs;
        }
    }
}
