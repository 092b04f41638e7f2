using NanoOta.Boards;
using NanoOta.Releases;

namespace NanoOta.Cli.Rig;

/// <summary>Brings the flash of a device into the state of a new one.</summary>
internal static class Flasher
{
    /// <summary>All files of a chip. Other than after a first flash by hand, slot 1 is blank to its end: an update may keep what it finds
    /// there, and a scenario counts what it fetches.</summary>
    public static IReadOnlyList<ChipFile> Files(DeviceEntry device, ReleaseOrder firmware)
    {
        var blank = new byte[device.Board.Partitions.Slot(1).Size];
        Array.Fill(blank, (byte)0xFF);
        return [.. ChipFiles.Create(firmware, Read(device, "bootloader.bin"), Read(device, "nanoCLR.bin"))
            .Select(file => file.Offset == device.Board.Partitions.Slot(1).Offset ? file with { Content = blank } : file)];
    }

    /// <summary>Writes the flash file of an emulator.</summary>
    /// <returns>Whether it had another content.</returns>
    /// <exception cref="RigException">The file cannot be written.</exception>
    public static bool ToFile(string path, int size, IReadOnlyList<ChipFile> files)
    {
        var flash = new byte[size];
        Array.Fill(flash, (byte)0xFF);
        foreach (var file in files) file.Content.CopyTo(flash, file.Offset);
        try
        {
            if (File.Exists(path) && File.ReadAllBytes(path).AsSpan().SequenceEqual(flash)) return false;
            File.WriteAllBytes(path, flash);
            return true;
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            throw new RigException($"{path} cannot be written: {InputFile.Reason(e)}; free space, or give another path");
        }
    }

    /// <summary>Flashes a chip with esptool if its content differs. The chip stays in its boot loader until it is reset.</summary>
    /// <returns>Whether the content differed.</returns>
    /// <exception cref="RigException">esptool fails.</exception>
    public static bool ToChip(DeviceEntry device, IReadOnlyList<ChipFile> files)
    {
        var folder = Directory.CreateTempSubdirectory("nano-ota-rig-").FullName;
        try
        {
            foreach (var file in files) File.WriteAllBytes(Path.Combine(folder, file.Name), file.Content);
            var port = device.Serial.Socket is { } socket ? $"socket://{socket.Host}:{socket.Port}" : UsbPorts.Find(device.Serial)
                ?? throw new RigException($"{device.Serial} is not connected; check the cable");
            var places = string.Join(' ', files.Select(file => $"0x{file.Offset:X} \"{Path.Combine(folder, file.Name)}\""));
            string Command(string verb) => $"{device.Flash!.Esptool} --chip {device.Board.Chip.Name} --port \"{port}\" "
                + $"--baud {device.Flash.Baud} --before default_reset --after no_reset {verb} {places}";
            if (ShellCommand.Run(Command("verify_flash")).ExitCode == 0) return false;
            ShellCommand.MustRun(Command("write_flash"));
            if (device.Flash!.After != "") ShellCommand.MustRun(device.Flash.After);
            return true;
        }
        finally
        {
            Directory.Delete(folder, recursive: true);
        }
    }

    private static byte[] Read(DeviceEntry device, string name)
    {
        var path = Path.Combine(device.Firmware.Folder, name);
        var bytes = InputPath.Read(path, remedy: "copy it from the build of the firmware (docs/RIG.md)");
        if (name == "bootloader.bin") EspImage.CheckBootloader(bytes, path, device.Board);
        else EspImage.CheckRuntime(bytes, path, device.Board);
        return bytes;
    }
}
