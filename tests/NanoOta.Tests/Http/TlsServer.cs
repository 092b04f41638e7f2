using System.Net;
using System.Net.Security;
using System.Net.Sockets;
using System.Security.Authentication;
using System.Security.Cryptography.X509Certificates;
using System.Text;

namespace NanoOta.Tests.Http;

/// <summary>An https server on a loopback port that answers every request in the same way.</summary>
internal sealed class TlsServer : IDisposable
{
    private readonly TcpListener listener = new(IPAddress.Loopback, 0);
    private readonly X509Certificate2 certificate;
    private readonly SslProtocols protocols;
    private readonly string answer;

    public TlsServer((string Chain, string Key) server, string answer = "HTTP/1.1 200 OK\r\nContent-Length: 4\r\n\r\nhere",
        SslProtocols protocols = SslProtocols.Tls12)
    {
        this.answer = answer;
        this.protocols = protocols;
        using var pem = X509Certificate2.CreateFromPem(server.Chain, server.Key);
        certificate = X509CertificateLoader.LoadPkcs12(pem.Export(X509ContentType.Pkcs12), null);
        listener.Start();
        _ = AcceptAll();
    }

    public string Address => $"https://127.0.0.1:{((IPEndPoint)listener.LocalEndpoint).Port}/";

    /// <summary>Requests that were read, each with its headers.</summary>
    public List<string> Requests { get; } = [];

    public void Dispose()
    {
        listener.Stop();
        certificate.Dispose();
    }

    private async Task AcceptAll()
    {
        try
        {
            while (true) await Handle(await listener.AcceptTcpClientAsync());
        }
        catch (SocketException)
        {
        }
    }

    private async Task Handle(TcpClient client)
    {
        using var _ = client;
        try
        {
            await using var stream = new SslStream(client.GetStream());
            await stream.AuthenticateAsServerAsync(certificate, false, protocols, false);
            var request = new byte[4096];
            int read = await stream.ReadAsync(request);
            if (read == 0) return;
            Requests.Add(Encoding.ASCII.GetString(request, 0, read));
            await stream.WriteAsync(Encoding.ASCII.GetBytes(answer));
        }
        catch (Exception e) when (e is IOException or AuthenticationException)
        {
        }
    }
}
