using System.IO.Ports;
using System.Net.Sockets;

namespace NanoOta.Cli.Rig;

/// <summary>The two lines of a serial port that reset a chip. Both are inverted on the board: set = the pin is low.</summary>
internal interface IResetLines
{
    /// <summary>DTR, which drives GPIO0: set = the chip starts in download mode.</summary>
    void SetDtr(bool isSet);

    /// <summary>RTS, which drives EN: set = the chip is held in reset.</summary>
    void SetRts(bool isSet);
}

/// <summary>An open console: the bytes of a device.</summary>
internal sealed class ConsolePort : IResetLines, IDisposable
{
    private readonly SerialPort? serial;
    private readonly TcpClient? client;

    private ConsolePort(SerialPort port) => (serial, Input) = (port, port.BaseStream);

    private ConsolePort(TcpClient port) => (client, Input) = (port, port.GetStream());

    public Stream Input { get; }

    /// <summary>Opens a console; null if it is not there now.</summary>
    public static ConsolePort? TryOpen(SerialEntry entry, out string problem)
    {
        try
        {
            problem = "";
            if (entry.Socket is { } address) return new ConsolePort(new TcpClient(address.Host, address.Port));
            if (UsbPorts.Find(entry) is not { } path) problem = "no such port is connected";
            else return new ConsolePort(OpenSerial(path, entry.Baud));
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException or SocketException or ArgumentException)
        {
            problem = e.Message.TrimEnd('.');
        }

        return null;
    }

    public void SetDtr(bool isSet) => Set(port => port.DtrEnable = isSet);

    public void SetRts(bool isSet) => Set(port => port.RtsEnable = isSet);

    public void Dispose()
    {
        serial?.Dispose();
        client?.Dispose();
    }

    // Opening a port sets both lines on Linux unless they are cleared here, and a board would be reset.
    private static SerialPort OpenSerial(string path, int baud)
    {
        var port = new SerialPort(path, baud) { DtrEnable = false, RtsEnable = false, Handshake = Handshake.None };
        try
        {
            port.Open();
            return port;
        }
        catch
        {
            port.Dispose();
            throw;
        }
    }

    private void Set(Action<SerialPort> set)
    {
        try
        {
            set(serial ?? throw new IOException("it is a socket"));
        }
        catch (Exception e) when (e is IOException or InvalidOperationException)
        {
            throw new RigException($"the port has no lines for a reset ({e.Message.TrimEnd('.')}); give reset: {{command: …}}, or power");
        }
    }
}
