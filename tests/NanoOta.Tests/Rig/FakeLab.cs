using System.Net;
using System.Net.Sockets;
using System.Text.Json;
using NanoOta.Boards;
using NanoOta.Cli.Scenarios;
using NanoOta.Releases;
using NanoOta.Tests.Cli;
using NanoOta.Tests.Releases;
using NanoOta.Tests.Support;

namespace NanoOta.Tests.Rig;

/// <summary>A laboratory with a board at a pseudo-terminal, and an emulator with its console on a socket. Behind both is a virtual device
/// as a process: its power is the process. esptool and the power switch are scripts (Linux).</summary>
internal sealed class FakeLab : IDisposable
{
    public const string BoardId = "fake-board", EmulatorId = "fake-emulator";

    private const string BoardName = "esp32-devkitc-4mb", Product = "demo";
    private static readonly Board Board = Board.Load(BoardName);
    private static readonly string[] Apps = ["good", "unhealthy", "sleeper", "crashes-when-confirmed"];

    private readonly TemporaryFolder folder = new();
    private readonly string host = Environment.GetEnvironmentVariable("DOTNET_HOST_PATH") ?? "dotnet";

    public FakeLab()
    {
        if (!OperatingSystem.IsLinux()) Assert.Inconclusive("pseudo-terminals of Linux");
        MakeFirmware();
        BoardServer = FreePort();
        EmulatorServer = FreePort();
        EmulatorConsole = FreePort();
        File.WriteAllBytes(folder.File("board.flash"), new byte[Board.FlashSize]);
        Script("power", $"""
            case $1 in
            on) [ -f switch-is-broken ] || $0 start;;
            off) [ -f switch-is-broken ] || $0 stop;;
            start)
                NANO_OTA_ADDRESS={ServerAddress} setsid '{host}' '{HostProgram}' serial {BoardName} board.flash port >board.out 2>&1 &
                echo $! >pid;;
            stop)
                # Another board may get the number of this pseudo-terminal at once.
                rm -f port
                [ -f pid ] && kill -9 $(cat pid) 2>/dev/null
                while ! flock -n board.flash true; do sleep 0.02; done
                rm -f pid;;
            reset) if [ -f pid ]; then kill -HUP $(cat pid); else $0 start; fi;;
            esac
            """);
        Script("esptool", """
            echo "$@" >>esptool.log
            [ -f esptool-is-broken ] && { echo "A fatal error occurred: Failed to connect to ESP32"; exit 2; }
            while [ "$1" != verify_flash ] && [ "$1" != write_flash ]; do shift; done
            verb=$1; shift
            ./power stop
            while [ $# -gt 0 ]; do
                if [ $verb = write_flash ]; then dd if="$2" of=board.flash bs=4096 seek=$(($1 / 4096)) conv=notrunc status=none
                else cmp -s -n $(stat -c %s "$2") "$2" board.flash 0 $(($1)) || exit 2
                fi
                shift 2
            done
            """);
    }

    public int BoardServer { get; }

    public int EmulatorServer { get; }

    public int EmulatorConsole { get; }

    /// <summary>The lines of the board's entry; a test changes some.</summary>
    public string BoardEntry => $$"""
        - id: {{BoardId}}
          board: {{BoardName}}
          serial: { port: {{folder.File("port")}}, baud: 921600 }
          reset: { command: cd {{folder.Path}} && ./power reset }
          power:
            kind: command
            on: cd {{folder.Path}} && ./power on
            off: cd {{folder.Path}} && ./power off
            offSeconds: 0
          flash: { esptool: cd {{folder.Path}} && ./esptool }
          firmware: { folder: firmware, product: {{Product}}, key: private.pem }
          server: {{ServerAddress}}
          notes: a fake

        """;

    public string EmulatorEntry => $$"""
        - id: {{EmulatorId}}
          board: {{BoardName}}
          serial: { port: tcp://127.0.0.1:{{EmulatorConsole}} }
          emulator:
            command: >-
              NANO_OTA_ADDRESS=http://127.0.0.1:{{EmulatorServer}}/ '{{host}}' '{{HostProgram}}' qemu {{BoardName}} -machine esp32
              -drive file={flash},if=mtd,format=raw -nic user,model=open_eth
              -serial tcp::{{EmulatorConsole}},server=on,wait=on
            flash: emulator.flash
          firmware: { folder: firmware, product: {{Product}}, key: private.pem }
          server: http://127.0.0.1:{{EmulatorServer}}/

        """;

    private static string HostProgram => typeof(BoardHost.FakeBoard).Assembly.Location;

    private string ServerAddress => $"http://127.0.0.1:{BoardServer}/";

    public string FileOf(string name) => folder.File(name);

    /// <summary>Runs <c>nano-ota rig VERB</c> on a device file.</summary>
    public NanoOtaTool Run(string entries, string verb, params string[] more)
    {
        folder.Write("rig.yaml", entries);
        return NanoOtaTool.Run(["rig", verb, "--file", folder.File("rig.yaml"), .. more]);
    }

    /// <summary>Runs scenarios and gives the results, by device and scenario.</summary>
    public (NanoOtaTool Run, Dictionary<string, string> Results) RunScenarios(string entries, string[] scenarios, params string[] more)
    {
        var run = Run(entries, "run", [.. scenarios, "--json", folder.File("out.json"), "--timeout", "240", .. more]);
        var devices = JsonDocument.Parse(File.ReadAllText(folder.File("out.json"))).RootElement.GetProperty("devices");
        var results = new Dictionary<string, string>();
        foreach (var device in devices.EnumerateArray())
            foreach (var scenario in device.GetProperty("scenarios").EnumerateArray())
                results[$"{device.GetProperty("id")} {scenario.GetProperty("id")}"] =
                    $"{scenario.GetProperty("result")} {scenario.GetProperty("problem")}".Trim();
        return (run, results);
    }

    public void Write(string name, string content) => folder.Write(name, content);

    public void Dispose()
    {
        if (OperatingSystem.IsLinux() && File.Exists(folder.File("power")))
        {
            NanoOta.Cli.Rig.ShellCommand.Run($"cd {folder.Path} && ./power stop");
        }

        folder.Dispose();
    }

    private static int FreePort()
    {
        using var probe = new TcpListener(IPAddress.Loopback, 0);
        probe.Start();
        return ((IPEndPoint)probe.LocalEndpoint).Port;
    }

    private void MakeFirmware()
    {
        using var key = SigningKey.Generate();
        key.Save(folder.File("private.pem"));
        var firmware = Directory.CreateDirectory(folder.File("firmware")).FullName;
        File.WriteAllBytes(Path.Combine(firmware, "bootloader.bin"), TestEspImage.Bootloader(Board));
        File.WriteAllBytes(Path.Combine(firmware, "nanoCLR.bin"), TestEspImage.Runtime(Board));
        foreach (var app in Apps)
            foreach (var version in new[] { "1.0.0", "1.1.0", "1.2.0" })
            {
                Directory.CreateDirectory(Path.Combine(firmware, app));
                var image = VirtualApps.Build(app, AppIdentity.For(Board, Product, version, [key.Public]));
                File.WriteAllBytes(Path.Combine(firmware, app, version + ".bin"), image.Bytes.ToArray());
            }
    }

    private void Script(string name, string body)
    {
        folder.Write(name, "#!/bin/sh\nPATH=/usr/bin:/bin\n" + body.ReplaceLineEndings("\n") + "\n");
        if (!OperatingSystem.IsWindows())
            File.SetUnixFileMode(folder.File(name), UnixFileMode.UserRead | UnixFileMode.UserWrite | UnixFileMode.UserExecute);
    }
}
