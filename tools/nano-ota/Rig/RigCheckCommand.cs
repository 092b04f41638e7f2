using System.CommandLine;
using NanoOta.Releases;
using Spectre.Console;

namespace NanoOta.Cli.Rig;

/// <summary><c>nano-ota rig check</c>: whether the devices can be used.</summary>
internal sealed class RigCheckCommand
{
    private readonly RigDevices devices = new();

    public static Command Create()
    {
        var options = new RigCheckCommand();
        var command = new ExampleCommand("check",
            "Flash known firmware and check that a start brings a boot line, and that the power switch cuts power. Exit code 2 if not.",
            "nano-ota rig check --file rig.yaml --device devkit-1");
        options.devices.AddTo(command);
        command.SetInterruptibleAction((result, stop) => Task.FromResult(options.Run(result, stop)));
        return command;
    }

    private int Run(ParseResult result, CancellationToken stop)
    {
        var console = Report.Console(result);
        bool isGood = true;
        foreach (var device in devices.Read(result)) isGood &= device == null || Check(console, device, stop);
        return isGood ? ExitCode.Success : ExitCode.WrongInput;
    }

    private static bool Check(IAnsiConsole console, DeviceEntry device, CancellationToken stop)
    {
        try
        {
            using var board = new BoardUnderTest(device, RigLimits.Default, new ConsoleLog(TextWriter.Null));
            var (boot, fault) = board.Check(stop);
            bool hasSwitch = device.Emulator != null || device.Power.Kind != PowerKind.None;
            console.MarkupLineInterpolated($"[green]✓[/] {device.Id}  boots ({boot.Reason})");
            if (!hasSwitch) console.MarkupLineInterpolated($"[yellow]–[/] {device.Id}  no power switch: scenarios that need one are skipped");
            else if (fault == null) console.MarkupLineInterpolated($"[green]✓[/] {device.Id}  the switch cuts power");
            else console.MarkupLineInterpolated($"[red]✗[/] {device.Id}  {Secrets.Hide(fault)}");
            return !hasSwitch || fault == null;
        }
        catch (Exception e) when (e is RigException or ReleaseException)
        {
            console.MarkupLineInterpolated($"[red]✗[/] {device.Id}  {Secrets.Hide(e.Message)}");
            return false;
        }
    }
}
