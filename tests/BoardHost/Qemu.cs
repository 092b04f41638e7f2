using System.Net;
using System.Net.Sockets;
using System.Text.RegularExpressions;

namespace BoardHost;

/// <summary>Understands those arguments of QEMU that a rig gives it.</summary>
internal static partial class Qemu
{
    /// <summary>The flash file of <c>-drive file=FILE,if=mtd,format=raw</c>.</summary>
    public static string FlashFile(string[] args) => Value(args, "-drive", Drive());

    /// <summary>The socket of <c>-serial tcp::PORT,server=on,wait=on</c>; waits for a client.</summary>
    /// <returns>Sends bytes to that client.</returns>
    public static Action<byte[]> Listen(string[] args)
    {
        var server = new TcpListener(IPAddress.Loopback, int.Parse(Value(args, "-serial", Serial())));
        server.Server.SetSocketOption(SocketOptionLevel.Socket, SocketOptionName.ReuseAddress, true);
        server.Start();
        var client = server.AcceptTcpClient();
        return bytes =>
        {
            try
            {
                client.GetStream().Write(bytes);
            }
            catch (IOException)
            {
                // The client is gone; the machine goes on.
            }
        };
    }

    private static string Value(string[] args, string option, Regex form)
    {
        int at = Array.IndexOf(args, option);
        var match = at < 0 || at + 1 == args.Length ? Match.Empty : form.Match(args[at + 1]);
        return match.Success ? match.Groups[1].Value : throw new ArgumentException($"{option} is missing or wrong");
    }

    [GeneratedRegex("^file=(.+),if=mtd,format=raw$")]
    private static partial Regex Drive();

    [GeneratedRegex("^tcp::([0-9]+),server=on,wait=on$")]
    private static partial Regex Serial();
}
