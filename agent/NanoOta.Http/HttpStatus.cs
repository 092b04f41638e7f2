namespace NanoOta
{
    /// <summary>What a server that gives no file means by its status.</summary>
    public static class HttpStatus
    {
        /// <summary>The error that a status other than 200 and 206 is.</summary>
        /// <param name="status">Status of the answer.</param>
        /// <param name="asksToWait">Whether the server requests a pause.</param>
        public static UpdateError Error(int status, bool asksToWait)
        {
            // Some hosts send 403 after too many requests.
            if (status == 403 && asksToWait) return UpdateError.ServerFailed;
            if (status == 401 || status == 403) return UpdateError.NotAuthorized;
            if (status == 404 || status == 410) return UpdateError.FileNotFound;
            if (status == 416) return UpdateError.RangeRefused;
            if (status >= 300 && status < 400) return UpdateError.Redirected;
            // 408 too slow a request, 421 a connection for another host, 425 too early, 429 too often: the same again may succeed.
            if (status == 408 || status == 421 || status == 425 || status == 429 || status >= 500) return UpdateError.ServerFailed;
            return UpdateError.UnexpectedStatus;
        }
    }
}
