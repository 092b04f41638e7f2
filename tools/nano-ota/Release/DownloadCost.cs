using System.Net;
using System.Net.Sockets;
using NanoOta.Releases;

namespace NanoOta.Cli.Release;

/// <summary>What a download costs beside the files themselves. Measured by a download: the release server gives the files, the device's
/// source of releases fetches them, and all bytes between the two are counted.</summary>
/// <param name="Requests">HTTP requests.</param>
/// <param name="Headers">Bytes of their headers and of the answers' headers.</param>
internal sealed record DownloadCost(int Requests, long Headers)
{
    /// <summary>Downloads files of a release folder.</summary>
    public static async Task<DownloadCost> MeasureAsync(string folder, IReadOnlyList<string> names, CancellationToken stop)
    {
        await using var server = await ReleaseServer.StartAsync(folder, IPAddress.Loopback, 0);
        using var relay = new CountingRelay(server.EndPoint);
        var source = new HttpReleaseSource();
        foreach (string name in names)
        {
            byte[] file = await File.ReadAllBytesAsync(Path.Combine(folder, name), stop);
            await Task.Run(() => Fetch(source, $"http://{relay.EndPoint}/{name}", file), stop);
        }

        long files = names.Sum(name => new FileInfo(Path.Combine(folder, name)).Length);
        return new DownloadCost(relay.Connections, await relay.EndAsync() - files);
    }

    private static void Fetch(HttpReleaseSource source, string address, byte[] file)
    {
        var read = new byte[file.Length + 1];
        int count = 0, got = 1;
        if (source.Open(address, 0, file.Length) is var error && error != UpdateError.None)
            throw new ReleaseException($"{address} cannot be fetched: {UpdateErrors.Text(error)}");
        while (count <= file.Length && got > 0)
        {
            got = source.Read(read, count, read.Length - count);
            count += Math.Max(0, got);
        }

        source.Close();
        if (!read.AsSpan(0, count).SequenceEqual(file)) throw new ReleaseException($"{address} was fetched with another content");
    }

    // A server on a port of its own that passes every connection on. The source opens one for each request.
    private sealed class CountingRelay : IDisposable
    {
        private readonly TcpListener listener = new(IPAddress.Loopback, 0);
        private readonly IPEndPoint server;
        private readonly List<Task> copies = [];
        private readonly Task accepting;
        private long bytes;

        public CountingRelay(IPEndPoint server)
        {
            this.server = server;
            listener.Start();
            accepting = AcceptAsync();
        }

        public IPEndPoint EndPoint => (IPEndPoint)listener.LocalEndpoint;

        public int Connections { get; private set; }

        public async Task<long> EndAsync()
        {
            listener.Stop();
            await accepting;
            await Task.WhenAll(copies);
            return Interlocked.Read(ref bytes);
        }

        public void Dispose() => listener.Dispose();

        private async Task AcceptAsync()
        {
            try
            {
                while (true)
                {
                    var client = await listener.AcceptTcpClientAsync();
                    Connections++;
                    copies.Add(PassAsync(client));
                }
            }
            catch (Exception e) when (e is SocketException or ObjectDisposedException)
            {
                // Stopped.
            }
        }

        private async Task PassAsync(TcpClient client)
        {
            using (client)
            using (var target = new TcpClient())
            {
                await target.ConnectAsync(server);
                await Task.WhenAll(CopyAsync(client.GetStream(), target), CopyAsync(target.GetStream(), client));
            }
        }

        private async Task CopyAsync(NetworkStream from, TcpClient to)
        {
            try
            {
                var buffer = new byte[65536];
                for (int count; (count = await from.ReadAsync(buffer)) > 0;)
                {
                    await to.GetStream().WriteAsync(buffer.AsMemory(0, count));
                    Interlocked.Add(ref bytes, count);
                }

                to.Client.Shutdown(SocketShutdown.Send);
            }
            catch (Exception e) when (e is IOException or SocketException or ObjectDisposedException)
            {
                // The other side has closed; what it took is counted.
            }
        }
    }
}
