using System;
using System.Net;
using System.Text;

namespace NanoOta
{
    /// <summary>The credential of a private server: one request header. It is sent to the origin (scheme, host and port) that it was made
    /// for and to no other: not to mirrors elsewhere, and not over http when it was made for https.</summary>
    /// <remarks>Anyone with the firmware's image can read it: use one per product that can only read releases.</remarks>
    public sealed class HttpCredential
    {
        private readonly Uri origin;
        private readonly string name, value;

        /// <summary>A header of one's own, such as a token.</summary>
        /// <param name="address">An http or https address of the server; its path does not matter.</param>
        /// <param name="name">Letters, digits, <c>-</c> and <c>_</c>; no header that a request sets itself, such as Range.</param>
        /// <param name="value">Visible ASCII characters, at least one, and blanks between them.</param>
        /// <exception cref="ArgumentException">One of them is not so.</exception>
        public HttpCredential(string address, string name, string value)
        {
            if (address == null || (!address.StartsWith("http://") && !address.StartsWith("https://")))
                throw new ArgumentException("the address must begin with http:// or https://");
            if (!IsToken(name)) throw new ArgumentException("the header's name must be letters, digits, - and _");
            if (WebHeaderCollection.IsRestricted(name)) throw new ArgumentException("the header is one that requests set");
            if (!IsText(value)) throw new ArgumentException("the header's value must be visible ASCII, without line breaks");
            origin = new Uri(address);
            this.name = name;
            this.value = value;
        }

        /// <summary>User and password (Basic, RFC 7617), as UTF-8.</summary>
        /// <param name="address">An http or https address of the server; its path does not matter.</param>
        /// <param name="user">No control characters and no colon, which ends it.</param>
        /// <param name="password">No control characters.</param>
        /// <exception cref="ArgumentException">One of them is not so.</exception>
        public static HttpCredential Basic(string address, string user, string password)
        {
            if (user == null || user.IndexOf(':') >= 0) throw new ArgumentException("the user's name must not have a colon");
            if (password == null || HasControl(user) || HasControl(password))
                throw new ArgumentException("user and password must not have control characters");
            byte[] both = Encoding.UTF8.GetBytes(user + ":" + password);
            return new HttpCredential(address, "Authorization", "Basic " + Convert.ToBase64String(both));
        }

        // Compared is what the request connects to, as it has read its address: no second parser can be of another opinion.
        internal void AddTo(HttpWebRequest request)
        {
            Uri target = request.RequestUri;
            if (target.Scheme != origin.Scheme || target.Port != origin.Port || target.Host.ToLower() != origin.Host.ToLower()) return;
            request.Headers.Set(name, value);
        }

        private static bool IsToken(string text)
        {
            if (text == null) return false;
            for (int i = 0; i < text.Length; i++)
            {
                char c = text[i];
                bool isAlphanumeric = (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9');
                if (!isAlphanumeric && c != '-' && c != '_') return false;
            }

            return text.Length > 0;
        }

        private static bool IsText(string text)
        {
            if (text == null) return false;
            for (int i = 0; i < text.Length; i++)
                if (text[i] < ' ' || text[i] > '~') return false;
            return text.Length > 0 && text[0] != ' ' && text[text.Length - 1] != ' ';
        }

        private static bool HasControl(string text)
        {
            for (int i = 0; i < text.Length; i++)
                if (text[i] < ' ' || text[i] == 127) return true;
            return false;
        }
    }
}
