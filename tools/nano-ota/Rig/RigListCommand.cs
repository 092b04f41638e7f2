using System.CommandLine;
using NanoOta.Cli.Scenarios;

namespace NanoOta.Cli.Rig;

/// <summary><c>nano-ota rig list</c>: the devices of the file, and the scenarios.</summary>
internal static class RigListCommand
{
    public static Command Create()
    {
        var devices = new RigDevices();
        var json = CommonOptions.Json();
        var command = new ExampleCommand("list", "Show the devices of the file and all scenarios.", "nano-ota rig list --file rig.yaml");
        devices.AddTo(command);
        command.Add(json);
        command.SetAction(result =>
        {
            Report.Print(result, new
            {
                devices = devices.Read(result).Select(Describe),
                scenarios = ScenarioList.All.Select(scenario => new
                {
                    scenario.Id,
                    scenario.Title,
                    needs = scenario.Needs switch
                    {
                        Needs.None => null,
                        Needs.PowerCut => "a power switch",
                        _ => "settings of its own",
                    },
                }),
            }, result.GetValue(json));
            return ExitCode.Success;
        });
        return command;
    }

    private static object Describe(DeviceEntry? device) => new
    {
        id = device?.Id ?? VirtualDeviceUnderTest.Name,
        kind = device?.Kind ?? "virtual device",
        board = device?.Board.Id,
        serial = device?.Serial.ToString(),
        reset = device?.Reset.Kind.ToString().ToLowerInvariant(),
        power = device == null || device.Emulator != null ? "process" : device.Power.Kind.ToString().ToLowerInvariant(),
        server = device?.Server.AbsoluteUri,
        notes = device?.Notes,
    };
}
