using System;
using System.IO;
using System.Net;

namespace NanoOta
{
    /// <summary>
    /// Files of a release from any web server. Asks for the rest of a file in one request and reads it as it comes; copes with servers that
    /// ignore ranges. Redirects are followed (<see cref="Redirect"/>); what they lead to is checked like everything else.
    /// </summary>
    public sealed class HttpReleaseSource : IReleaseSource
    {
        // By which the limit for all headers is longer than that of the socket, so that the socket's, which names the fault, comes first.
        private const int MarginMs = 250;

        private readonly int timeoutMs;
        private string caCertificate;
        private TlsShim tls = new TlsShim(null);
        private HttpWebResponse response;
        private Stream body;
        private int rest;
        private string asked, answering, described;

        /// <summary>A source that waits at most this long for an answer, and for each piece of it.</summary>
        /// <param name="timeoutMs">Milliseconds. On the device, name look-up and connecting are not bounded by it
        /// (docs/platform/http.md, "Connecting"). A file behind redirects takes a request for each.</param>
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

        /// <summary>The credential that the server requires; null, the default: none. No other origin receives it.</summary>
        public HttpCredential Credential { get; set; }

        /// <summary>
        /// The memory that an https connection must fit into: before each one 45000 bytes of the native heap must be free, 17000 of them in
        /// one block, else the application is asked for memory and, if that does not help, Open returns MemoryLow. Null, the default: not
        /// checked.
        /// </summary>
        public IMemory Memory { get; set; }

        /// <inheritdoc/>
        public int Position { get; private set; }

        /// <inheritdoc/>
        public int RetryAfterSeconds { get; private set; }

        /// <summary>Whether an address begins with <c>http://</c> or <c>https://</c>.</summary>
        public bool CanOpen(string address) => address.StartsWith("http://") || address.StartsWith("https://");

        /// <inheritdoc/>
        public UpdateError Open(string address, int offset, int length)
        {
            // The rest of a file is asked for where its beginning came from: in between a redirect may lead to another file. The
            // address of a storage is often signed and expires; then the way to it begins again.
            bool isRest = offset > 0 && address == asked && answering != null && answering != address;
            RetryAfterSeconds = 0;
            UpdateError error = TryOpen(isRest ? answering : address, offset, length);
            if (isRest && error != UpdateError.None && response != null) error = TryOpen(address, offset, length);
            asked = address;
            if (error == UpdateError.None) return error;
            answering = null;
            Close();
            return error;
        }

        /// <inheritdoc/>
        public int Read(byte[] buffer, int start, int count)
        {
            if (rest >= 0 && rest < count) count = rest;
            if (count == 0) return 0;
            int read;
            try
            {
                if (body == null) body = response.GetResponseStream();
                read = body.Read(buffer, start, count);
            }
            catch (Exception e)
            {
                UpdateError error = FaultShim.Of(e);
                return -(int)(error == UpdateError.TimedOut || error == UpdateError.MemoryLow ? error : UpdateError.ConnectionLost);
            }

            if (read == 0 && rest > 0) return -(int)UpdateError.ConnectionLost;
            if (Position == 0 && HeaderText.Begins(buffer, start, read)) return -(int)UpdateError.AnswerMalformed;
            Position += read;
            if (rest > 0) rest -= read;
            return read;
        }

        /// <inheritdoc/>
        public void Close()
        {
            if (response == null) return;
            Dispose(body);
            Dispose(response);
            body = null;
            response = null;
            HttpShim.Collect();
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

        private UpdateError TryOpen(string address, int offset, int length)
        {
            try
            {
                return Follow(address, offset, length);
            }
            catch (Exception e)
            {
                Close();
                UpdateError error = Judge(e);
                HttpShim.Collect();
                return error;
            }
        }

        private UpdateError Follow(string address, int offset, int length)
        {
            for (int redirects = 0; ; redirects++)
            {
                Close();
                answering = address;
                if (!TlsMemory.IsEnough(Memory, address)) return UpdateError.MemoryLow;
                response = HttpShim.GetResponse(Request(address, offset));
                if (response == null || response.Headers == null) return UpdateError.AnswerMalformed;
                string target = Redirect.Target((int)response.StatusCode, address, response.Headers["Location"]);
                if (target == null || redirects == Redirect.Max) break;
                address = target;
            }

            if ((int)response.StatusCode != 206 || HasPart(offset, length)) return Accept(length);
            // A part that is of no use: the whole file, once.
            return offset > 0 ? Follow(address, 0, length) : UpdateError.UnexpectedStatus;
        }

        private bool HasPart(int offset, int length)
        {
            Position = ContentRange.First(response.Headers["Content-Range"], offset, length, out rest);
            return Position >= 0;
        }

        private UpdateError Accept(int length)
        {
            int status = (int)response.StatusCode;
            if (status != 200 && status != 206) return Refuse(status);
            string encoding = response.Headers["Content-Encoding"];
            if (encoding != null && encoding.Length > 0 && encoding.ToLower() != "identity") return UpdateError.EncodedBody;
            int part = rest;
            UpdateError error = Measure();
            if (error != UpdateError.None) return error;
            if (status == 206)
            {
                // Whichever ends first: what is behind it is not of this file.
                if (rest < 0 || rest > part) rest = part;
                return UpdateError.None;
            }

            Position = 0;
            return length < 0 || rest < 0 || rest == length ? UpdateError.None : UpdateError.WrongLength;
        }

        // Of the text, for the device goes on without a length where it cannot read one.
        private UpdateError Measure()
        {
            rest = -1;
            string header = response.Headers["Content-Length"];
            if (header == null || response.Headers["Transfer-Encoding"] != null) return UpdateError.None;
            long size = Digits.Parse(header);
            if (size < 0) return UpdateError.AnswerMalformed;
            if (size > 2147483647) return UpdateError.FileTooLong;
            rest = (int)size;
            return UpdateError.None;
        }

        private UpdateError Refuse(int status)
        {
            WebHeaderCollection headers = response.Headers;
            int wait = RetryAfter.Seconds(headers["Retry-After"], headers["Date"]);
            if (wait == 0) wait = RetryAfter.RateLimit(headers["x-ratelimit-remaining"], headers["x-ratelimit-reset"], headers["Date"]);
            UpdateError error = HttpStatus.Error(status, wait > 0);
            if (error == UpdateError.ServerFailed) RetryAfterSeconds = wait;
            return error;
        }

        private UpdateError Judge(Exception fault)
        {
            UpdateError error = FaultShim.Of(fault);
            if (error == UpdateError.None) error = answering.StartsWith("https://") ? UpdateError.TlsFailed : UpdateError.Unreachable;
            if (error == UpdateError.TlsFailed) error = tls.Refusal;
            if (error == UpdateError.Unreachable || error == UpdateError.TlsFailed) ReportOnce(FaultShim.Describe(fault));
            return error;
        }

        // These two numbers stand for many faults; the type of a fault is printed once, for a developer with a cable.
        private void ReportOnce(string fault)
        {
            if (fault == described) return;
            described = fault;
            Console.WriteLine("http: " + fault);
        }

        private HttpWebRequest Request(string address, int offset)
        {
            var request = (HttpWebRequest)WebRequest.Create(address);
            request.Method = "GET";
            // Persistent connections are not reliable on the device (docs/platform/http.md, "Persistent connections").
            request.KeepAlive = false;
            request.Timeout = timeoutMs + MarginMs;
            request.ReadWriteTimeout = timeoutMs;
            HttpShim.Prepare(request);
            tls.Prepare(request);
            if (Credential != null) Credential.AddTo(request);
            if (offset > 0) request.AddRange(offset);
            return request;
        }
    }
}
