namespace NanoOta.Cli.Rig;

/// <summary>Resets a device.</summary>
internal static class Resets
{
    /// <summary>How long EN is held low.</summary>
    private const int RtsMs = 100, UsbJtagMs = 200;

    /// <exception cref="RigException">The port has no lines, or the command fails.</exception>
    public static void Run(ResetEntry reset, DeviceConsole console, CancellationToken stop)
    {
        if (reset.Kind == ResetKind.Command) ShellCommand.MustRun(reset.Command);
        else console.UseLines(lines => Pulse(lines, reset.Kind == ResetKind.UsbJtag ? UsbJtagMs : RtsMs), stop);
    }

    /// <summary>Starts the app of an ESP32. GPIO0 is released before EN: EN that is released while GPIO0 is low starts the download
    /// mode.</summary>
    internal static void Pulse(IResetLines lines, int milliseconds)
    {
        lines.SetDtr(false);
        lines.SetRts(true);
        Thread.Sleep(milliseconds);
        lines.SetRts(false);
    }
}
