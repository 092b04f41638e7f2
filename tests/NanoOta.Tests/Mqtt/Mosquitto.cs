using System.Diagnostics;
using NanoOta.Tests.Releases;
using NanoOta.Tests.Support;

namespace NanoOta.Tests.Mqtt;

/// <summary>A real mosquitto on a loopback port, which keeps nothing over a restart.</summary>
internal sealed class Mosquitto : IDisposable
{
    private readonly TemporaryFolder folder = new();
    private readonly string program = OptionalTools.Here.Find("mosquitto");
    private Process? process;

    /// <summary>Starts mosquitto; the running test ends here where there is none.</summary>
    /// <param name="settings">Further lines of its configuration; null: every client may do everything.</param>
    public Mosquitto(Func<TemporaryFolder, string>? settings = null)
    {
        Port = LoopbackServer.FreePort();

        folder.Write("mosquitto.conf", $"""
            user root
            persistence false
            log_dest file {folder.File("log")}
            log_type all
            listener {Port} 127.0.0.1
            {settings?.Invoke(folder) ?? "allow_anonymous true"}

            """);
        Start();
    }

    public int Port { get; }

    public string Log => File.Exists(folder.File("log")) ? File.ReadAllText(folder.File("log")) : "";

    /// <summary>A configuration that requires the user "lamp" with a password, and also accepts "reader".</summary>
    public static string Users(TemporaryFolder folder)
    {
        var file = folder.File("passwords");
        foreach (var (user, first) in new[] { ("lamp", true), ("reader", false) })
        {
            string[] arguments = first ? ["-b", "-c", file, user, "secret of " + user] : ["-b", file, user, "secret of " + user];
            using var tool = Process.Start(new ProcessStartInfo(OptionalTools.Here.Find("mosquitto_passwd"), arguments) { RedirectStandardError = true })!;
            tool.WaitForExit();
            Assert.AreEqual(0, tool.ExitCode);
        }

        return $"allow_anonymous false\npassword_file {file}";
    }

    public void Start()
    {
        process = Process.Start(new ProcessStartInfo(program, ["-c", folder.File("mosquitto.conf")]) { RedirectStandardError = true })!;
        LoopbackServer.AwaitListening(process, Port, () => Log);
    }

    public void Kill()
    {
        process!.Kill();
        process.WaitForExit();
    }

    public void Dispose()
    {
        Kill();
        process!.Dispose();
        folder.Dispose();
    }
}
