using System.CommandLine;
using NanoOta.Releases;

namespace NanoOta.Cli.Rig;

/// <summary><c>nano-ota rig console</c>: prints the console of a device.</summary>
internal static class RigConsoleCommand
{
    public static Command Create()
    {
        var devices = new RigDevices();
        var command = new ExampleCommand("console", "Print the console of a device until Ctrl-C. The device is not reset.",
            "nano-ota rig console --file rig.yaml --device devkit-1");
        devices.AddTo(command);
        command.SetInterruptibleAction((result, stop) => Task.Run(() =>
        {
            var device = devices.Read(result) is [{ } one] ? one
                : throw new ReleaseException("a console is that of one board or emulator; give one --device of the file");
            var output = result.InvocationConfiguration.Output;
            try
            {
                using var board = new BoardUnderTest(device, RigLimits.Default, new ConsoleLog(TextWriter.Null));
                board.Watch(line => output.WriteLine(DeviceText.Visible(Secrets.Hide(line))), stop);
                return ExitCode.Success;
            }
            catch (RigException e)
            {
                throw new ReleaseException(e.Message);
            }
        }, CancellationToken.None));
        return command;
    }
}
