using System.CommandLine;

namespace NanoOta.Cli.Rig;

/// <summary><c>nano-ota rig</c>: the scenarios on boards, emulators and the virtual device.</summary>
internal static class RigCommand
{
    public static Command Create() => new("rig", "Run the scenarios of 'demo' on boards, emulators and the virtual device (docs/RIG.md).")
    {
        RigListCommand.Create(),
        RigCheckCommand.Create(),
        RigRunCommand.Create(),
        RigSoakCommand.Create(),
        RigConsoleCommand.Create(),
    };
}
