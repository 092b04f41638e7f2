namespace NanoOta.Cli.Rig;

/// <summary>Finds a serial port by what does not change when it is connected again (Linux, by sysfs).</summary>
internal static class UsbPorts
{
    private const string Root = "/sys/class/tty";

    /// <summary>The path of a port; null if it is not connected.</summary>
    /// <param name="entry">The port.</param>
    /// <param name="root">The folder with a link for each terminal.</param>
    /// <exception cref="RigException">This system has no such folder.</exception>
    public static string? Find(SerialEntry entry, string root = Root)
    {
        if (entry.Port != null) return entry.Port;
        if (!Directory.Exists(root)) throw new RigException($"{entry} can be found on Linux only; give the port's name");
        var found = Directory.GetDirectories(root).FirstOrDefault(terminal => Matches(Path.Combine(terminal, "device"), entry));
        return found == null ? null : "/dev/" + Path.GetFileName(found);
    }

    // The device of a terminal is an interface of the USB device, or below one.
    private static bool Matches(string device, SerialEntry entry)
    {
        if (new DirectoryInfo(device).ResolveLinkTarget(returnFinalTarget: true)?.FullName is not { } folder) return false;
        for (; folder != null && Directory.Exists(folder); folder = Path.GetDirectoryName(folder))
        {
            var serial = Path.Combine(folder, "serial");
            if (entry.UsbPath != null && Path.GetFileName(folder) == entry.UsbPath) return true;
            if (File.Exists(Path.Combine(folder, "busnum")))
                return entry.UsbSerial != null && File.Exists(serial) && File.ReadAllText(serial).Trim() == entry.UsbSerial;
        }

        return false;
    }
}
