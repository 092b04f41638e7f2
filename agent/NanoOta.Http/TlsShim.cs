using System;
using System.Net;
using System.Net.Security;
#if !NANOFRAMEWORK_1_0
using System.Security.Cryptography;
#endif
using System.Security.Cryptography.X509Certificates;

namespace NanoOta
{
    /// <summary>
    /// Whom an https server must be vouched for by, on the device and on .NET: TLS 1.2, the name of the host, and one of a few
    /// authorities.
    /// </summary>
    internal sealed class TlsShim
    {
        private const string Begin = "-----BEGIN CERTIFICATE-----";

#if NANOFRAMEWORK_1_0
        // One object for all of the text: the device's TLS reads every certificate in it.
        private readonly X509Certificate authorities;
#else
        private readonly X509Certificate2Collection authorities;
#endif

        /// <summary>Reads the authorities.</summary>
        /// <param name="pem">One or more certificates; null: those in the store of the device, or of the system.</param>
        /// <exception cref="ArgumentException">It is something else.</exception>
        public TlsShim(string pem)
        {
            if (pem == null) return;
            if (pem.IndexOf(Begin) < 0) throw new ArgumentException("no certificate in PEM form");
#if NANOFRAMEWORK_1_0
            authorities = new X509Certificate(pem);
#else
            authorities = Read(pem);
#endif
        }

        /// <summary>
        /// Before the request is sent. Nothing of it is the device's default: that verifies nothing unless it is told exactly
        /// CertificateRequired, and speaks TLS 1.3 alone (docs/platform/http.md, "TLS").
        /// </summary>
        public void Prepare(HttpWebRequest request)
        {
#if NANOFRAMEWORK_1_0
            request.SslProtocols = SslProtocols.Tls12;
            request.SslVerification = SslVerification.CertificateRequired;
            if (authorities != null) request.HttpsAuthentCert = authorities;
#else
            // For every HttpWebRequest of the process: it has no setting of its own.
            ServicePointManager.SecurityProtocol = SecurityProtocolType.Tls12;
            if (authorities != null) request.ServerCertificateValidationCallback = IsVouchedFor;
#endif
        }

#if !NANOFRAMEWORK_1_0
        private const string ServerAuthentication = "1.3.6.1.5.5.7.3.1";

        private static X509Certificate2Collection Read(string pem)
        {
            var read = new X509Certificate2Collection();
            try
            {
                read.ImportFromPem(pem);
            }
            catch (CryptographicException e)
            {
                throw new ArgumentException("a certificate that cannot be read", e);
            }

            // What is not even base64 is passed over; the device's TLS would refuse every connection for it.
            if (read.Count != pem.Split(Begin).Length - 1) throw new ArgumentException("a certificate that cannot be read");
            return read;
        }

        // The verdict by the system's store counts for nothing but the name of the host.
        private bool IsVouchedFor(object sender, X509Certificate certificate, X509Chain sent, SslPolicyErrors errors)
        {
            if (certificate == null || (errors & ~SslPolicyErrors.RemoteCertificateChainErrors) != SslPolicyErrors.None) return false;
            using var chain = new X509Chain();
            chain.ChainPolicy.TrustMode = X509ChainTrustMode.CustomRootTrust;
            chain.ChainPolicy.CustomTrustStore.AddRange(authorities);
            chain.ChainPolicy.ExtraStore.AddRange(sent.ChainPolicy.ExtraStore);
            chain.ChainPolicy.RevocationMode = X509RevocationMode.NoCheck;
            chain.ChainPolicy.DisableCertificateDownloads = true;
            chain.ChainPolicy.ApplicationPolicy.Add(new Oid(ServerAuthentication));
            using var leaf = new X509Certificate2(certificate);
            return chain.Build(leaf);
        }
#endif
    }
}
