using System.Diagnostics;
using System.Net;
using System.Net.Sockets;

namespace NanoOta.Tests.Support;

/// <summary>What servers from a distribution's packages have in common: a free port, and when they listen.</summary>
internal static class LoopbackServer
{
    private static readonly HashSet<int> Given = [];

    /// <summary>A port without a listener, which no other test receives.</summary>
    public static int FreePort()
    {
        while (true)
        {
            using var probe = new TcpListener(IPAddress.Loopback, 0);
            probe.Start();
            int port = ((IPEndPoint)probe.LocalEndpoint).Port;
            lock (Given)
                if (Given.Add(port)) return port;
        }
    }

    /// <summary>Waits until a process that was started for it listens on a port; fails with its log when it has ended.</summary>
    public static void AwaitListening(Process process, int port, Func<string> log)
    {
        for (int i = 0; i < 200; i++)
        {
            try
            {
                using var client = new TcpClient("127.0.0.1", port);
                return;
            }
            catch (SocketException)
            {
                Assert.IsFalse(process.HasExited, log());
                Thread.Sleep(50);
            }
        }

        Assert.Fail($"{Path.GetFileName(process.StartInfo.FileName)} does not listen");
    }
}
