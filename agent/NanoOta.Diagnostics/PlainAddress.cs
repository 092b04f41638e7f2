namespace NanoOta
{
    /// <summary>An address without the parts that may be secret.</summary>
    internal static class PlainAddress
    {
        /// <summary>Scheme, host, port and path, without user and password, query and fragment. Null when that is uncertain: without http
        /// or https, or with an @ behind the host, which may be the end of a password that holds a separator.</summary>
        public static string Of(string address)
        {
            if (!address.StartsWith("http://") && !address.StartsWith("https://")) return null;
            int scheme = address.IndexOf("://");
            string rest = address.Substring(scheme + 3);
            int host = FirstOf(rest, "/?#\\");
            int user = rest.LastIndexOf('@');
            if (user > host) return null;
            int end = FirstOf(rest, "?#");
            return address.Substring(0, scheme + 3) + rest.Substring(user + 1, end - user - 1);
        }

        private static int FirstOf(string text, string characters)
        {
            for (int i = 0; i < text.Length; i++)
                if (characters.IndexOf(text[i]) >= 0) return i;
            return text.Length;
        }
    }
}
