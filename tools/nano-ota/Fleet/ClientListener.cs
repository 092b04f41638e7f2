using System.Net;
using System.Net.Sockets;
using MQTTnet.Adapter;
using MQTTnet.Diagnostics.Logger;
using MQTTnet.Formatter;
using MQTTnet.Implementations;
using MQTTnet.Server;

namespace NanoOta.Cli.Fleet;

/// <summary>Accepts the clients of a broker. Bounds their number and the size of their packets.</summary>
/// <param name="endPoint">Address and port to listen on.</param>
/// <param name="maxClients">Connections at a time; a further one is closed at once.</param>
internal sealed class ClientListener(IPEndPoint endPoint, int maxClients) : IMqttServerAdapter
{
    private const int WriterBuffer = 4096, WriterBufferMost = 65535, RetryMs = 100;

    private readonly TcpListener listener = new(endPoint);
    private readonly CancellationTokenSource stop = new();
    private Task accepting = Task.CompletedTask;
    private int clients;

    public Func<IMqttChannelAdapter, Task>? ClientHandler { get; set; }

    public Task StartAsync(MqttServerOptions options, IMqttNetLogger logger)
    {
        listener.Start();
        accepting = AcceptAsync(logger);
        return Task.CompletedTask;
    }

    public async Task StopAsync()
    {
        await stop.CancelAsync();
        listener.Stop();
        await accepting;
    }

    public void Dispose()
    {
        listener.Dispose();
        stop.Dispose();
    }

    private async Task AcceptAsync(IMqttNetLogger logger)
    {
        while (!stop.IsCancellationRequested)
        {
            try
            {
                var socket = await listener.AcceptSocketAsync(stop.Token);
                if (Interlocked.Increment(ref clients) <= maxClients) _ = ServeAsync(socket, logger);
                else Close(socket);
            }
            catch (SocketException)
            {
                // The client has disconnected, or the process has too many open files at the moment.
                await Task.Delay(RetryMs);
            }
            catch (OperationCanceledException)
            {
                return;
            }
        }
    }

    private async Task ServeAsync(Socket socket, IMqttNetLogger logger)
    {
        await Task.Yield();
        try
        {
            socket.NoDelay = true;
            var stream = new NetworkStream(socket, ownsSocket: true);
            using var channel = new BoundedChannel(
                new MqttTcpChannel(stream, socket.LocalEndPoint, socket.RemoteEndPoint, null), BrokerConnection.MaxPacketSize);
            var formatter = new MqttPacketFormatterAdapter(new MqttBufferWriter(WriterBuffer, WriterBufferMost));
            using var adapter = new MqttChannelAdapter(channel, formatter, logger);
            await ClientHandler!(adapter);
        }
        catch (Exception e) when (e is IOException or SocketException or ObjectDisposedException or OperationCanceledException)
        {
            // The client has disconnected.
        }
        finally
        {
            Close(socket);
        }
    }

    private void Close(Socket socket)
    {
        socket.Dispose();
        Interlocked.Decrement(ref clients);
    }
}
