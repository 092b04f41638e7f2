using System.Net;
using System.Net.Sockets;

namespace NanoOta.Tests.Mqtt;

/// <summary>A wire between a device and its broker that counts bytes and can be cut.</summary>
internal sealed class Relay : IDisposable
{
    private readonly TcpListener listener = new(IPAddress.Loopback, 0);
    private readonly List<Socket> sockets = [];
    private readonly int target;
    private long up, down;

    public Relay(int target)
    {
        this.target = target;
        listener.Start();
        _ = AcceptAsync();
    }

    public int Port => ((IPEndPoint)listener.LocalEndpoint).Port;

    /// <summary>Bytes from the device, and to it.</summary>
    public (long Up, long Down) Bytes => (Interlocked.Read(ref up), Interlocked.Read(ref down));

    /// <summary>Cuts every connection that there is; new ones are taken.</summary>
    public void Cut()
    {
        lock (sockets)
        {
            foreach (var socket in sockets) socket.Close(timeout: 0);

            sockets.Clear();
        }
    }

    public void Dispose()
    {
        listener.Stop();
        Cut();
    }

    private async Task AcceptAsync()
    {
        try
        {
            while (true)
            {
                var device = await listener.AcceptSocketAsync();
                var broker = new Socket(SocketType.Stream, ProtocolType.Tcp);
                await broker.ConnectAsync(IPAddress.Loopback, target);
                lock (sockets) sockets.AddRange([device, broker]);
                _ = PumpAsync(device, broker, count => Interlocked.Add(ref up, count));
                _ = PumpAsync(broker, device, count => Interlocked.Add(ref down, count));
            }
        }
        catch (Exception e) when (e is SocketException or ObjectDisposedException)
        {
            // The relay is closed, or the broker is away; either way nothing is taken any more.
        }
    }

    private static async Task PumpAsync(Socket from, Socket to, Action<int> counted)
    {
        var buffer = new byte[8192];
        try
        {
            for (int count; (count = await from.ReceiveAsync(buffer)) > 0;)
            {
                counted(count);
                await to.SendAsync(buffer.AsMemory(0, count));
            }
        }
        catch (Exception e) when (e is SocketException or ObjectDisposedException)
        {
            // Cut.
        }

        from.Dispose();
        to.Dispose();
    }
}
