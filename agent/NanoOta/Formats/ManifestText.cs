namespace NanoOta
{
    /// <summary>Which texts a manifest may hold; checked on the bytes, before there is a string.</summary>
    public static class ManifestText
    {
        /// <summary>Whether bytes are a product, board or version: 1 to 32 of <c>A–Z a–z 0–9 . _ - +</c> and space.</summary>
        public static bool IsName(byte[] buffer, int start, int count)
        {
            if (count < 1 || count > Manifest.MaxTextLength) return false;
            for (int i = start; i < start + count; i++)
                if (!IsWordByte(buffer[i]) && buffer[i] != (byte)' ' && buffer[i] != (byte)'+') return false;
            return true;
        }

        /// <summary>Whether bytes are the name of an assembly: 1 to 64 of <c>A–Z a–z 0–9 . _ -</c>.</summary>
        public static bool IsAssembly(byte[] buffer, int start, int count)
        {
            if (count < 1 || count > Manifest.MaxAssemblyLength) return false;
            for (int i = start; i < start + count; i++)
                if (!IsWordByte(buffer[i])) return false;
            return true;
        }

        /// <summary>Whether bytes are a location that stays in the manifest's folder: 1 to 96 of <c>A–Z a–z 0–9 . _ - /</c>, no empty
        /// segment and none of dots alone. What is not allowed cannot be a scheme, a host, a root or a way up.</summary>
        public static bool IsLocation(byte[] buffer, int start, int count)
        {
            if (count < 1 || count > Manifest.MaxLocationLength) return false;
            bool onlyDots = true;
            for (int i = start; i <= start + count; i++)
            {
                if (i == start + count || buffer[i] == (byte)'/')
                {
                    if (onlyDots) return false;
                    onlyDots = true;
                }
                else if (!IsWordByte(buffer[i])) return false;
                else if (buffer[i] != (byte)'.') onlyDots = false;
            }

            return true;
        }

        /// <summary>
        /// Whether bytes are the address of a mirror: a scheme of <c>a–z</c>, <c>://</c>, then <c>A–Z a–z 0–9 . _ - / : [ ]</c>, a
        /// slash at the end, 128 characters at most. No user, no query, no fragment can be in it. Which schemes are good, the source of
        /// releases decides (<see cref="IReleaseSource.CanOpen"/>).
        /// </summary>
        public static bool IsMirror(byte[] buffer, int start, int count)
        {
            if (count > Manifest.MaxMirrorLength) return false;
            int scheme = 0;
            while (scheme < count && buffer[start + scheme] >= (byte)'a' && buffer[start + scheme] <= (byte)'z') scheme++;
            int host = scheme + 3;
            if (scheme == 0 || count < host + 2 || !Bytes.HasMagic(buffer, start + scheme, "://") || buffer[start + host] == (byte)'/' || buffer[start + count - 1] != (byte)'/') return false;
            for (int i = start + host; i < start + count; i++)
                if (!IsWordByte(buffer[i]) && !IsAddressByte(buffer[i])) return false;
            return true;
        }

        private static bool IsAddressByte(byte b)
        {
            return b == (byte)'/' || b == (byte)':' || b == (byte)'[' || b == (byte)']';
        }

        private static bool IsWordByte(byte b)
        {
            return (b >= (byte)'a' && b <= (byte)'z') || (b >= (byte)'A' && b <= (byte)'Z')
                || (b >= (byte)'0' && b <= (byte)'9') || b == (byte)'.' || b == (byte)'_' || b == (byte)'-';
        }
    }
}
