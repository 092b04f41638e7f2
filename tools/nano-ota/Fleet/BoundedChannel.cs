using System.Buffers;
using System.Net;
using System.Security.Cryptography.X509Certificates;
using MQTTnet.Channel;
using MQTTnet.Exceptions;

namespace NanoOta.Cli.Fleet;

/// <summary>A connection that ends at the header of a packet that is too large, before the library allocates memory for it: the library
/// trusts the length that a client sends.</summary>
/// <param name="inner">The connection; disposed with this one.</param>
/// <param name="most">Longest packet in bytes, without its header.</param>
internal sealed class BoundedChannel(IMqttChannel inner, int most) : IMqttChannel
{
    // The first byte is the type of the packet; 1 to 4 bytes of its length follow, 7 bits each, the lowest first (MQTT 5, section 1.5.5).
    private int headerBytes, length, left;

    public X509Certificate2? ClientCertificate => inner.ClientCertificate;

    public EndPoint RemoteEndPoint => inner.RemoteEndPoint;

    public EndPoint LocalEndPoint => inner.LocalEndPoint;

    public bool IsSecureConnection => inner.IsSecureConnection;

    public Task ConnectAsync(CancellationToken cancellationToken) => inner.ConnectAsync(cancellationToken);

    public Task DisconnectAsync(CancellationToken cancellationToken) => inner.DisconnectAsync(cancellationToken);

    public async Task<int> ReadAsync(byte[] buffer, int offset, int count, CancellationToken cancellationToken)
    {
        int read = await inner.ReadAsync(buffer, offset, count, cancellationToken);
        for (int at = 0; at < read;)
        {
            if (left == 0) ReadHeader(buffer[offset + at++]);
            int skipped = Math.Min(left, read - at);
            left -= skipped;
            at += skipped;
        }

        return read;
    }

    public Task WriteAsync(ReadOnlySequence<byte> buffer, bool isEndOfPacket, CancellationToken cancellationToken) =>
        inner.WriteAsync(buffer, isEndOfPacket, cancellationToken);

    public void Dispose() => inner.Dispose();

    private void ReadHeader(byte next)
    {
        if (headerBytes++ == 0)
        {
            length = 0;
            return;
        }

        length |= (next & 0x7F) << (7 * (headerBytes - 2));
        if (length > most || headerBytes > 5) throw new MqttProtocolViolationException($"a packet of more than {most} bytes");
        if (next >= 0x80) return;
        left = length;
        headerBytes = 0;
    }
}
