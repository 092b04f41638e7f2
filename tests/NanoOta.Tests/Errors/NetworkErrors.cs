using System.Net.Sockets;
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

    public static Dictionary<UpdateError, Func<UpdateError>> Scenarios { get; } = new()
    {
        { UpdateError.Unreachable, () => Refusal((_, _, _) => Task.CompletedTask) },
        { UpdateError.ConnectionLost, () => Refusal((_, _, to) => FaultyServer.Send(to, "200 OK", "text/plain", [1], length: 2)) },
        { UpdateError.TimedOut, () => Refusal((server, _, _) => server.Never, timeoutMs: 200) },
        { UpdateError.FileNotFound, () => Refusal((server, request, stream) => server.Serve(request with { Path = "other" }, stream)) },
        { UpdateError.ServerFailed, () => Answer("503 Service Unavailable") },
        { UpdateError.UnexpectedStatus, () => Answer("204 No Content") },
        { UpdateError.Redirected, () => Answer("302 Found") },
        { UpdateError.RangeRefused, () => Answer("416 Range Not Satisfiable") },
        { UpdateError.WrongLength, () => Refusal(PageInsteadOfFiles) },
        { UpdateError.BadAddress, () => Seen.Refusal(new SimDevice(First) { Address = "ftp://updates.example/" }) },
        { UpdateError.NotAuthorized, () => Answer("401 Unauthorized") },
    };

    private static Task PageInsteadOfFiles(FaultyServer server, Request request, NetworkStream stream) =>
        request.Path == Manifest ? server.Serve(request, stream) : FaultyServer.SendPage(stream, "<html>");

    private static UpdateError Answer(string status) => Refusal((_, _, stream) => FaultyServer.Send(stream, status, "text/plain", []));

    private static UpdateError Refusal(Func<FaultyServer, Request, NetworkStream, Task> answer, int timeoutMs = 20_000)
    {
        using var server = new FaultyServer(new() { [Manifest] = Second.Manifest, ["1.1.0/app.idx"] = Some.Index(Second.Image) });
        server.Answer = (request, stream) => answer(server, request, stream);
        return Seen.Refusal(new SimDevice(First)
        {
            Address = server.Address,
            Break = ports => ports.Source = new HttpReleaseSource(timeoutMs),
        });
    }
}
