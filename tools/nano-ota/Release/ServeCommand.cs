using System.CommandLine;
using System.Net;
using System.Net.NetworkInformation;
using System.Net.Sockets;
using NanoOta.Cli.Fleet;
using NanoOta.Releases;

namespace NanoOta.Cli.Release;

/// <summary><c>nano-ota serve</c>: serves release folders to devices.</summary>
internal static class ServeCommand
{
    public static Command Create()
    {
        var folder = new Argument<string>("DIR") { Description = "Folder to serve: a release folder, or one with several of them" };
        var port = CommonOptions.WithDefault<int>("--http", "PORT", 8080, "Port; 0 = any free one");
        var host = CommonOptions.WithDefault<string>("--host", "ADDRESS", "127.0.0.1",
            "Address to listen on; 0.0.0.0 = all, for devices on the network");
        var broker = CommonOptions.Of<int?>("--broker-port", "PORT",
            "Also run an MQTT broker on this port, without TLS and login, and announce the release of DIR [default: none]");
        var trust = CommonOptions.Trust("With --broker-port: trusted key; may be repeated", required: false);
        var verbose = new Option<bool>("--verbose") { Description = "Print requests also if the output is not a terminal" };
        var command = new ExampleCommand("serve",
            "Serve releases over HTTP until Ctrl-C. The first line printed is the address for devices.",
            "nano-ota serve release",
            "nano-ota serve release --host 0.0.0.0 --http 80",
            "nano-ota serve release --broker-port 1883 --trust keys/public.pem") { folder, port, host, broker, trust, verbose };
        command.SetInterruptibleAction((result, stop) => RunAsync(result, result.GetRequiredValue(folder),
            ParseHost(result.GetRequiredValue(host)), ParsePort(result.GetValue(port)), result.GetValue(verbose),
            EmbeddedBrokerSettings.Read(result.GetRequiredValue(folder), result.GetValue(broker), result.GetValue(trust)), stop));
        return command;
    }

    private static async Task<int> RunAsync(
        ParseResult result, string folder, IPAddress host, int port, bool verbose, EmbeddedBrokerSettings? settings, CancellationToken stop)
    {
        var output = TextWriter.Synchronized(result.InvocationConfiguration.Output);
        bool log = verbose || !Console.IsOutputRedirected;
        await using var broker = settings == null ? null : await EmbeddedBroker.StartAsync(host, settings.Port);
        await using var server = await ReleaseServer.StartAsync(folder, host, port, log ? output.WriteLine : null);
        output.WriteLine($"http://{new IPEndPoint(Reachable(host), server.EndPoint.Port)}/");
        if (broker != null) await AnnounceAsync(broker, settings!, Reachable(host), output);
        output.Flush();
        try
        {
            await Task.Delay(Timeout.Infinite, stop);
        }
        catch (OperationCanceledException)
        {
            // Ctrl-C ends the server.
        }

        return ExitCode.Success;
    }

    private static async Task AnnounceAsync(EmbeddedBroker broker, EmbeddedBrokerSettings settings, IPAddress reachable, TextWriter output)
    {
        output.WriteLine($"mqtt://{new IPEndPoint(reachable, broker.EndPoint.Port)}");
        if (settings.Announcement is not { } announcement) return;
        await broker.AnnounceAsync(announcement.Topic, announcement.Manifest);
        var release = announcement.Release;
        output.WriteLine($"announced {release.Product} {release.Version} for {release.Board}");
    }

    private static IPAddress ParseHost(string text) => text == "localhost" ? IPAddress.Loopback
        : IPAddress.TryParse(text, out var address) ? address
        : throw new ReleaseException($"--host '{text}' is not an address; give one of this computer, or 0.0.0.0 for all");

    private static int ParsePort(int port) => port is >= 0 and <= 65535 ? port
        : throw new ReleaseException($"--http {port} is not a port; 0 to 65535");

    // For "all addresses", one that devices on the network can use.
    private static IPAddress Reachable(IPAddress host)
    {
        if (!host.Equals(IPAddress.Any) && !host.Equals(IPAddress.IPv6Any)) return host;
        return NetworkInterface.GetAllNetworkInterfaces()
            .Where(i => i.OperationalStatus == OperationalStatus.Up && i.NetworkInterfaceType != NetworkInterfaceType.Loopback)
            .Select(i => i.GetIPProperties())
            .OrderByDescending(p => p.GatewayAddresses.Count)
            .SelectMany(p => p.UnicastAddresses)
            .Select(a => a.Address)
            .FirstOrDefault(a => a.AddressFamily == AddressFamily.InterNetwork, IPAddress.Loopback);
    }
}
