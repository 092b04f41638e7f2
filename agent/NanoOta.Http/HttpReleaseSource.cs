using System;
using System.IO;
using System.Net;

namespace NanoOta
{
    /// <summary>
    /// Files of a release from any web server. Asks for the rest of a file in one request and reads it as it comes; copes
    /// with servers that ignore ranges. Redirects are not followed: nothing vouches for where they lead.
    /// </summary>
    public sealed class HttpReleaseSource : IReleaseSource
    {
        private readonly int timeoutMs;
        private string caCertificate;
        private TlsShim tls = new TlsShim(null);
        private HttpWebResponse response;
        private Stream body;
        private long rest;

        /// <summary>A source that waits at most this long for an answer, and for each piece of it.</summary>
        /// <param name="timeoutMs">Milliseconds. On the device, name look-up and connecting are not bounded by it
        /// (docs/platform/http.md, "Connecting").</param>
        public HttpReleaseSource(int timeoutMs = 15000)
        {
            this.timeoutMs = timeoutMs;
        }

        /// <summary>
        /// PEM text of the authorities of which one must have signed the certificate of an https server: one, or several one behind
        /// the other, such as the next one before the present one expires. Null, the default: those in the device's own store.
        /// The device trusts those in its store beside the given ones; .NET trusts the given ones alone.
        /// </summary>
        /// <exception cref="ArgumentException">It is no such text. On the device one damaged certificate among good ones is found
        /// only when no connection succeeds.</exception>
        public string CaCertificate
        {
            get => caCertificate;
            set
            {
                tls = new TlsShim(value);
                caCertificate = value;
            }
        }

        /// <summary>What the server wants to see; null, the default: nothing.</summary>
        public HttpCredential Credential { get; set; }

        /// <inheritdoc/>
        public int Position { get; private set; }

        /// <inheritdoc/>
        public int RetryAfterSeconds { get; private set; }

        /// <inheritdoc/>
        public UpdateError Open(string address, int offset, int length)
        {
            Close();
            RetryAfterSeconds = 0;
            UpdateError error;
            try
            {
                response = HttpShim.GetResponse(Request(address, offset));
                error = Accept((int)response.StatusCode, offset, length);
            }
            catch (Exception e)
            {
                error = HttpShim.IsTimeout(e) ? UpdateError.TimedOut : UpdateError.Unreachable;
                HttpShim.Collect();
            }

            if (error != UpdateError.None) Close();
            return error;
        }

        /// <inheritdoc/>
        public int Read(byte[] buffer, int start, int count)
        {
            int read;
            try
            {
                if (body == null) body = response.GetResponseStream();
                read = body.Read(buffer, start, count);
            }
            catch (Exception e)
            {
                return -(int)(HttpShim.IsTimeout(e) ? UpdateError.TimedOut : UpdateError.ConnectionLost);
            }

            if (read == 0 && rest > 0) return -(int)UpdateError.ConnectionLost;
            Position += read;
            if (rest > 0) rest -= read;
            return read;
        }

        /// <inheritdoc/>
        public void Close()
        {
            Dispose(body);
            Dispose(response);
            body = null;
            response = null;
        }

        // A connection that broke may complain again when it is closed; it is closed all the same.
        private static void Dispose(IDisposable connection)
        {
            try
            {
                if (connection != null) connection.Dispose();
            }
            catch (Exception)
            {
            }
        }

        private HttpWebRequest Request(string address, int offset)
        {
            var request = (HttpWebRequest)WebRequest.Create(address);
            request.Method = "GET";
            // Persistent connections are not reliable on the device (docs/platform/http.md, "Persistent connections").
            request.KeepAlive = false;
            request.Timeout = timeoutMs;
            request.ReadWriteTimeout = timeoutMs;
            HttpShim.Prepare(request);
            tls.Prepare(request);
            if (Credential != null) Credential.AddTo(request);
            if (offset > 0) request.AddRange(offset);
            return request;
        }

        private UpdateError Accept(int status, int offset, int length)
        {
            if (status == 200)
            {
                Position = 0;
                rest = response.ContentLength;
                return length < 0 || rest < 0 || rest == length ? UpdateError.None : UpdateError.WrongLength;
            }

            if (status == 206 && offset > 0)
            {
                Position = offset;
                rest = response.ContentLength;
                return ContentRange.Fits(response.Headers["Content-Range"], offset, length) ? UpdateError.None : UpdateError.WrongLength;
            }

            if (status >= 300 && status < 400) return UpdateError.Redirected;
            if (status == 401 || status == 403) return UpdateError.NotAuthorized;
            if (status == 404 || status == 410) return UpdateError.FileNotFound;
            if (status == 416) return UpdateError.RangeRefused;
            if (status != 429 && status < 500) return UpdateError.UnexpectedStatus;
            RetryAfterSeconds = RetryAfter.Seconds(response.Headers["Retry-After"], response.Headers["Date"]);
            return UpdateError.ServerFailed;
        }
    }
}
