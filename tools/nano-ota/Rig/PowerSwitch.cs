using System.Diagnostics;
using System.Net.Sockets;
using System.Text;

namespace NanoOta.Cli.Rig;

/// <summary>Switches the power of a device.</summary>
internal interface IPowerSwitch
{
    /// <exception cref="RigException">The switch does not do it.</exception>
    void On();

    /// <exception cref="RigException">The switch does not do it.</exception>
    void Off();
}

/// <summary>The switches of a device file.</summary>
internal static class PowerSwitches
{
    /// <summary>The switch of a device; null if it has none.</summary>
    public static IPowerSwitch? Of(DeviceEntry device) =>
        device.Emulator != null ? new EmulatorPower(device.Emulator) : OfChip(device);

    private static IPowerSwitch? OfChip(DeviceEntry device) => device.Power.Kind switch
    {
        PowerKind.Manual => new ManualPower(device.Id),
        PowerKind.Command or PowerKind.Uhubctl => new CommandPower(device.Power),
        PowerKind.Scpi => new ScpiPower(device.Power),
        PowerKind.Http => new HttpPower(device.Power),
        _ => null,
    };
}

/// <summary>A person, who is asked on the terminal.</summary>
internal sealed class ManualPower(string id) : IPowerSwitch
{
    private static readonly Lock Terminal = new();

    public void On() => Ask("on");

    public void Off() => Ask("off");

    private void Ask(string what)
    {
        if (Console.IsInputRedirected)
            throw new RigException($"{id}: power is manual, and there is no terminal to ask a person; "
                + "run it in a terminal, or give a switch");
        lock (Terminal)
        {
            Console.Error.Write($"Switch {id} {what}, then press Enter: ");
            Console.ReadLine();
        }
    }
}

/// <summary>Two command lines, and a third one that reports the state.</summary>
internal sealed class CommandPower(PowerEntry entry) : IPowerSwitch
{
    public void On() => Switch(entry.On, isOn: true);

    public void Off() => Switch(entry.Off, isOn: false);

    private void Switch(string command, bool isOn)
    {
        ShellCommand.MustRun(command);
        if (entry.Status == "" || ShellCommand.Run(entry.Status).ExitCode == 0 == isOn) return;
        throw new RigException($"'{entry.Status}' reports that the power is {(isOn ? "off" : "on")} after '{command}'; check the switch");
    }
}

/// <summary>A laboratory supply.</summary>
internal sealed class ScpiPower(PowerEntry entry) : IPowerSwitch
{
    public void On() => Send(entry.On);

    public void Off() => Send(entry.Off);

    private void Send(string line)
    {
        try
        {
            using var client = new TcpClient(entry.Host, entry.Port);
            client.GetStream().Write(Encoding.ASCII.GetBytes(line + "\n"));
        }
        catch (Exception e) when (e is SocketException or IOException)
        {
            throw new RigException($"the supply at {entry.Host} port {entry.Port} does not answer: {e.Message}; check address and cable");
        }
    }
}

/// <summary>A relay with a web page.</summary>
internal sealed class HttpPower(PowerEntry entry) : IPowerSwitch
{
    private static readonly HttpClient Client = new() { Timeout = TimeSpan.FromSeconds(10) };

    public void On() => Get(entry.On);

    public void Off() => Get(entry.Off);

    private static void Get(string address)
    {
        try
        {
            using var answer = Client.Send(new HttpRequestMessage(HttpMethod.Get, address));
            if (answer.IsSuccessStatusCode) return;
            throw new RigException($"{WebAddress.WithoutLogin(address)} answered {(int)answer.StatusCode}; "
                + "check the address in the device file");
        }
        catch (HttpRequestException e)
        {
            throw new RigException($"{WebAddress.WithoutLogin(address)} does not answer: {e.Message}; check address and relay");
        }
    }
}

/// <summary>An emulator: power is its process.</summary>
internal sealed class EmulatorPower(EmulatorEntry entry) : IPowerSwitch, IDisposable
{
    private Process? process;

    public void On()
    {
        if (process is { HasExited: false }) return;
        process?.Dispose();
        process = ShellCommand.Start(entry.Command.Replace("{flash}", $"\"{entry.Flash}\"", StringComparison.Ordinal));
    }

    public void Off()
    {
        if (process is { HasExited: false }) process.Kill(entireProcessTree: true);
        process?.WaitForExit();
    }

    public void Dispose()
    {
        Off();
        process?.Dispose();
    }
}
