using System.Net.Sockets;
using System.Security.Authentication;
using NanoOta.Tests.Http;
using NanoOta.Tests.Simulation;
using NanoOta.Tests.Support;

namespace NanoOta.Tests.Errors;

/// <summary>1001 and on: a server on a real socket, asked by the product's HTTP source.</summary>
internal static class NetworkErrors
{
    private const string Manifest = "manifest.cose";

    private static readonly SimRelease First = SimRelease.Make("1.0.0", 1, 5);
    private static readonly SimRelease Second = SimRelease.Make("1.1.0", 2, 7);

    private static readonly TestAuthority Known = new(), Other = new("other authority");

    public static Dictionary<UpdateError, Func<UpdateError>> Scenarios { get; } = new()
    {
        { UpdateError.Unreachable, () => At("http://255.255.255.255/") },
        { UpdateError.ConnectionLost, () => Refusal((_, _, to) => FaultyServer.Send(to, "200 OK", "text/plain", [1], length: 2)) },
        { UpdateError.TimedOut, () => Refusal((server, _, _) => server.Never, timeoutMs: 200) },
        { UpdateError.FileNotFound, () => Refusal((server, request, stream) => server.Serve(request with { Path = "other" }, stream)) },
        { UpdateError.ServerFailed, () => Answer("503 Service Unavailable") },
        { UpdateError.UnexpectedStatus, () => Answer("204 No Content") },
        { UpdateError.Redirected, () => Answer("302 Found") },
        { UpdateError.RangeRefused, () => Answer("416 Range Not Satisfiable") },
        { UpdateError.WrongLength, () => Refusal(PageInsteadOfFiles) },
        { UpdateError.BadAddress, () => At("ftp://updates.example/") },
        { UpdateError.NotAuthorized, () => Answer("401 Unauthorized") },
        { UpdateError.NameNotFound, () => At("http://no-such-host.invalid/") },
        { UpdateError.ConnectionRefused, () => At("http://127.0.0.1:9/") },
        { UpdateError.TlsFailed, () => Secure(server => server, protocols: SslProtocols.Tls13) },
        { UpdateError.AnswerMalformed, () => Refusal((_, _, to) => to.WriteAsync("220 mail.example ESMTP\r\n"u8.ToArray()).AsTask()) },
        { UpdateError.CertificateUnknown, () => Secure(_ => Other) },
        { UpdateError.CertificateExpired, () => Secure(authority => authority, validDays: -1) },
        { UpdateError.CertificateOfOther, () => Secure(authority => authority, host: "127.0.0.2") },
        { UpdateError.EncodedBody, () => Refusal((_, _, to) =>
            FaultyServer.Send(to, "200 OK", "text/plain", [1], "Content-Encoding: gzip\r\n")) },
        { UpdateError.FileTooLong, () => Refusal((_, _, to) =>
            to.WriteAsync("HTTP/1.1 200 OK\r\nContent-Length: 4294967297\r\n\r\n"u8.ToArray()).AsTask()) },
    };

    private static UpdateError Secure(
        Func<TestAuthority, TestAuthority> by, string host = "127.0.0.1", int validDays = 1, SslProtocols protocols = SslProtocols.Tls12)
    {
        using var server = new TlsServer(by(Known).Server(host, validDays), protocols: protocols);
        return At(server.Address, new HttpReleaseSource(20_000) { CaCertificate = Known.Pem });
    }

    private static UpdateError At(string address, HttpReleaseSource? source = null) => ObservedError.Refusal(new SimDevice(First)
    {
        Address = address,
        Break = ports => ports.Source = source ?? new HttpReleaseSource(20_000),
    });

    private static Task PageInsteadOfFiles(FaultyServer server, Request request, NetworkStream stream) =>
        request.Path == Manifest ? server.Serve(request, stream) : FaultyServer.SendPage(stream, "<html>");

    private static UpdateError Answer(string status) => Refusal((_, _, stream) => FaultyServer.Send(stream, status, "text/plain", []));

    private static UpdateError Refusal(Func<FaultyServer, Request, NetworkStream, Task> answer, int timeoutMs = 20_000)
    {
        using var server = new FaultyServer(new() { [Manifest] = Second.Manifest, ["1.1.0/app.idx"] = TestImage.Index(Second.Image) });
        server.Answer = (request, stream) => answer(server, request, stream);
        return At(server.Address, new HttpReleaseSource(timeoutMs));
    }
}
