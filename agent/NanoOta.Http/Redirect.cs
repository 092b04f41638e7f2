namespace NanoOta
{
    /// <summary>Where a redirect leads (RFC 9110, section 15.4), and whether a device goes there.</summary>
    public static class Redirect
    {
        /// <summary>Redirects in a row that are followed: a release host needs one or two, a loop ends here.</summary>
        public const int Max = 4;

        /// <summary>The address of the next request, or null: the status is no redirect that says where, the address is not http or https,
        /// or it would lead from https to http, where an attacker on the way could see and change the request.</summary>
        /// <param name="status">Status of the answer.</param>
        /// <param name="from">Address of the request.</param>
        /// <param name="location">Value of Location, or null: an address, or one that is relative to <paramref name="from"/>.</param>
        public static string Target(int status, string from, string location)
        {
            if (status != 301 && status != 302 && status != 303 && status != 307 && status != 308) return null;
            if (location == null || !IsAddress(location)) return null;
            int fragment = location.IndexOf('#');
            if (fragment >= 0) location = location.Substring(0, fragment);
            string target = Resolve(from, location);
            if (StartsWith(target, "https://")) return "https" + target.Substring(5);
            if (StartsWith(target, "http://") && !StartsWith(from, "https://")) return "http" + target.Substring(4);
            return null;
        }

        // Segments of dots are left as they are: servers resolve them. What has a scheme of another kind is kept, and refused above.
        private static string Resolve(string from, string location)
        {
            int host = from.IndexOf("://") + 3;
            int path = from.IndexOf('/', host);
            int query = from.IndexOf('?', host);
            if (query < 0) query = from.Length;
            if (path < 0 || path > query) path = query;
            if (HasScheme(location)) return location;
            if (location.StartsWith("//")) return from.Substring(0, host - 2) + location;
            if (location.StartsWith("/")) return from.Substring(0, path) + location;
            if (location.Length == 0 || location[0] == '?') return from.Substring(0, query) + location;
            return path == query ? from.Substring(0, path) + "/" + location : from.Substring(0, LastSlash(from, query) + 1) + location;
        }

        private static int LastSlash(string text, int end)
        {
            while (text[end - 1] != '/') end--;
            return end - 1;
        }

        private static bool HasScheme(string location)
        {
            for (int i = 0; i < location.Length; i++)
            {
                if (location[i] == ':') return true;
                if (location[i] == '/' || location[i] == '?') return false;
            }

            return false;
        }

        // A blank or a control character would end the request's first line.
        private static bool IsAddress(string text)
        {
            for (int i = 0; i < text.Length; i++)
                if (text[i] <= ' ' || text[i] > '~') return false;
            return true;
        }

        private static bool StartsWith(string text, string start) =>
            text.Length >= start.Length && text.Substring(0, start.Length).ToLower() == start;
    }
}
