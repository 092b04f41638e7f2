using System;
using System.Net;
using System.Net.Security;
#if !NANOFRAMEWORK_1_0
using System.Security.Cryptography;
#endif
using System.Security.Cryptography.X509Certificates;

namespace NanoOta
{
    /// <summary>The checks of an https server, on the device and on .NET: TLS 1.2, the name of the host, and one of a few
    /// authorities.</summary>
    internal sealed class TlsShim
    {
        private const string Begin = "-----BEGIN CERTIFICATE-----";

#if NANOFRAMEWORK_1_0
        // One object for all of the text: the device's TLS reads every certificate in it.
        private readonly X509Certificate authorities;
#else
        private readonly X509Certificate2Collection authorities;
        private UpdateError refusal;
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

        /// <summary>Before the request is sent. Nothing of it is the device's default: that verifies nothing unless it is told exactly
        /// CertificateRequired, and speaks TLS 1.3 alone (docs/platform/http.md, "TLS").</summary>
        public void Prepare(HttpWebRequest request)
        {
#if NANOFRAMEWORK_1_0
            request.SslProtocols = SslProtocols.Tls12;
            request.SslVerification = SslVerification.CertificateRequired;
            if (authorities != null) request.HttpsAuthentCert = authorities;
#else
            // For every HttpWebRequest of the process: it has no setting of its own.
            ServicePointManager.SecurityProtocol = SecurityProtocolType.Tls12;
            refusal = UpdateError.TlsFailed;
            request.ServerCertificateValidationCallback = IsVouchedFor;
#endif
        }

        /// <summary>
        /// Why TLS failed in the last connection that it failed in. On the device always TlsFailed: what its TLS says of a certificate
        /// is in an exception of a type that is not in the class libraries, or in one number for unknown, expired and of another host.
        /// </summary>
        public UpdateError Refusal =>
#if NANOFRAMEWORK_1_0
            UpdateError.TlsFailed;
#else
            refusal == UpdateError.None ? UpdateError.TlsFailed : refusal;
#endif

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

        // With authorities of one's own, the verdict by the system's store counts for nothing but the name of the host.
        private bool IsVouchedFor(object sender, X509Certificate certificate, X509Chain sent, SslPolicyErrors errors)
        {
            if (certificate == null) return false;
            refusal = authorities != null ? Judge(certificate, sent)
                : (errors & SslPolicyErrors.RemoteCertificateChainErrors) != 0 ? Judge(sent.ChainStatus) : UpdateError.None;
            bool isOfHost = (errors & SslPolicyErrors.RemoteCertificateNameMismatch) == 0;
            if (refusal == UpdateError.None && !isOfHost) refusal = UpdateError.CertificateOfOther;
            return refusal == UpdateError.None;
        }

        private UpdateError Judge(X509Certificate certificate, X509Chain sent)
        {
            using var chain = new X509Chain();
            chain.ChainPolicy.TrustMode = X509ChainTrustMode.CustomRootTrust;
            chain.ChainPolicy.CustomTrustStore.AddRange(authorities);
            chain.ChainPolicy.ExtraStore.AddRange(sent.ChainPolicy.ExtraStore);
            chain.ChainPolicy.RevocationMode = X509RevocationMode.NoCheck;
            chain.ChainPolicy.DisableCertificateDownloads = true;
            chain.ChainPolicy.ApplicationPolicy.Add(new Oid(ServerAuthentication));
            using var leaf = new X509Certificate2(certificate);
            return chain.Build(leaf) ? UpdateError.None : Judge(chain.ChainStatus);
        }

        // Of a chain that is not good. What is out of date is said only of a chain that is good otherwise.
        private static UpdateError Judge(X509ChainStatus[] faults)
        {
            foreach (X509ChainStatus fault in faults)
                if (fault.Status != X509ChainStatusFlags.NotTimeValid) return UpdateError.CertificateUnknown;
            return UpdateError.CertificateExpired;
        }
#endif
    }
}
