using System.Net;
using System.Net.Sockets;
using System.Text;

namespace NanoOta.Tests.Http;

/// <summary>The content of a request.</summary>
internal sealed record Request(string Path, int? From)
{
    /// <summary>The path without its query.</summary>
    public string File => Path.Split('?')[0];

    /// <summary>All header lines.</summary>
    public List<string> Headers { get; init; } = [];
}

/// <summary>
/// A web server on a loopback port whose responses a test defines byte by byte, because real servers do not fail on command.
/// </summary>
internal sealed class FaultyServer : IDisposable
{
    private readonly TcpListener listener = new(IPAddress.Loopback, 0);
    private readonly CancellationTokenSource stop = new();

    public FaultyServer(Dictionary<string, byte[]> files)
    {
        Files = files;
        Answer = Serve;
        listener.Start();
        _ = AcceptAll();
    }

    public Dictionary<string, byte[]> Files { get; }

    /// <summary>Answers a request; when it returns, the connection is closed.</summary>
    public Func<Request, NetworkStream, Task> Answer { get; set; }

    public string Address => $"http://127.0.0.1:{((IPEndPoint)listener.LocalEndpoint).Port}/";

    public int Requests { get; private set; }

    /// <summary>Completes when the server is disposed of: for answers that never come.</summary>
    public Task Never => Task.Delay(Timeout.Infinite, stop.Token);

    /// <summary>What an honest server does.</summary>
    public Task Serve(Request request, NetworkStream stream)
    {
        if (!Files.TryGetValue(request.File, out var file)) return Send(stream, "404 Not Found", "text/plain", "no such file"u8.ToArray());
        if (request.From is not { } from) return Send(stream, "200 OK", "application/octet-stream", file);
        if (from >= file.Length) return Send(stream, "416 Range Not Satisfiable", "text/plain", []);
        return Send(stream, "206 Partial Content", "application/octet-stream", file[from..],
            $"Content-Range: bytes {from}-{file.Length - 1}/{file.Length}\r\n");
    }

    public static async Task Send(NetworkStream stream, string status, string type, byte[] body, string headers = "", int? length = null)
    {
        var head = $"HTTP/1.1 {status}\r\nContent-Type: {type}\r\nContent-Length: {length ?? body.Length}\r\n"
            + $"Connection: close\r\n{headers}\r\n";
        await stream.WriteAsync(Encoding.ASCII.GetBytes(head));
        await stream.WriteAsync(body);
    }

    public static Task SendPage(NetworkStream stream, string page) => Send(stream, "200 OK", "text/html", Encoding.ASCII.GetBytes(page));

    public void Dispose()
    {
        stop.Cancel();
        listener.Stop();
    }

    private async Task AcceptAll()
    {
        try
        {
            while (true) _ = Handle(await listener.AcceptTcpClientAsync(stop.Token));
        }
        catch (Exception e) when (e is OperationCanceledException or SocketException)
        {
        }
    }

    private async Task Handle(TcpClient client)
    {
        using var _ = client;
        try
        {
            var stream = client.GetStream();
            var request = await ReadRequest(stream);
            Requests++;
            await Answer(request, stream);
        }
        catch (Exception e) when (e is OperationCanceledException or IOException)
        {
        }
    }

    private async Task<Request> ReadRequest(NetworkStream stream)
    {
        using var reader = new StreamReader(stream, Encoding.ASCII, leaveOpen: true);
        var path = (await reader.ReadLineAsync(stop.Token) ?? throw new IOException("no request")).Split(' ')[1];
        int? from = null;
        List<string> headers = [];
        while (await reader.ReadLineAsync(stop.Token) is { Length: > 0 } line)
        {
            headers.Add(line);
            if (line.StartsWith("Range: bytes=", StringComparison.OrdinalIgnoreCase)) from = int.Parse(line[13..].Split('-')[0]);
        }

        return new Request(path[1..], from) { Headers = headers };
    }
}
