using NanoOta.Boards;
using NanoOta.Releases;

namespace NanoOta.Cli.Rig;

/// <summary>Reads a device file: a YAML list of devices. Every field is known or refused.</summary>
internal static class DeviceFile
{
    /// <summary>The usual name of the file.</summary>
    public const string DefaultName = "rig.yaml";

    /// <summary>The rate of nanoCLR's console, unless its build changes it.</summary>
    private const int DefaultBaud = 921600;

    private const int MaxBaud = 4_000_000, MaxOffSeconds = 600, DefaultOffSeconds = 3, ScpiPort = 5025;

    /// <exception cref="ReleaseException">A field is wrong; names the file, the line, the field and the remedy.</exception>
    public static IReadOnlyList<DeviceEntry> Read(string file)
    {
        var devices = new List<DeviceEntry>();
        foreach (var map in YamlMap.ReadList(file))
        {
            var device = ReadDevice(map);
            if (devices.Any(other => other.Id == device.Id))
                throw map.Wrong("id", $"'{device.Id}' is given twice; give each device its own");
            if (devices.FirstOrDefault(other => other.Server.Port == device.Server.Port) is { } same)
                throw map.Wrong("server", $"has the port of {same.Id}; give each device a port of its own");
            devices.Add(device);
        }

        return devices;
    }

    private static DeviceEntry ReadDevice(YamlMap map)
    {
        var id = map.Text("id", "a name");
        if (!id.All(c => char.IsAsciiLetterOrDigit(c) || c is '.' or '_' or '-'))
            throw map.Wrong("id", $"'{id}' is wrong; expected letters, digits and . _ -");
        if (id == VirtualDeviceUnderTest.Name) throw map.Wrong("id", $"'{id}' is the virtual device; give another name");
        var board = ReadBoard(map);
        var serial = ReadSerial(map.Map("serial", "port, usbSerial or usbPath, and baud"));
        EmulatorEntry? emulator = null;
        if (map.OptionalMap("emulator", "command, flash") is { } fields)
        {
            foreach (var name in new[] { "flash", "reset", "power" })
                map.Refuse(name, "an emulator is switched on by its start, and off by its end");
            if (serial.Socket == null)
                throw map.Wrong("serial", "is no socket; give the port of the emulator, such as tcp://127.0.0.1:5555");
            emulator = ReadEmulator(fields);
        }

        var device = new DeviceEntry(id, board, serial, ReadReset(map, serial), ReadPower(map),
            ReadFirmware(map.Map("firmware", "folder, product, key")), ReadServer(map))
        {
            Emulator = emulator,
            Flash = emulator == null ? ReadFlash(map.Map("flash", "esptool, baud, post_flash_script")) : null,
            Notes = map.OptionalText("notes", "a text") ?? "",
        };
        if (emulator == null && device.Reset.Kind == ResetKind.None && device.Power.Kind == PowerKind.None)
            throw map.Wrong("id", "has neither reset nor power, so that nothing can start it; give reset: rts, or power");
        map.Finish();
        return device;
    }

    private static Board ReadBoard(YamlMap map)
    {
        var name = map.Text("board", "the name of a board, or the path of its folder");
        try
        {
            return Board.Load(name);
        }
        catch (BoardException e)
        {
            throw map.Wrong("board", $"'{name}' cannot be used: {e.Message}");
        }
    }

    private static SerialEntry ReadSerial(YamlMap map)
    {
        var port = map.OptionalText("port", "/dev/serial/by-id/NAME or tcp://HOST:PORT");
        var serial = map.OptionalText("usbSerial", "the serial number of the USB device");
        var path = map.OptionalText("usbPath", "the place of the USB device, such as 1-2.3");
        if (new[] { port, serial, path }.Count(text => text != null) != 1)
            throw map.Wrong("port", "must be given, or usbSerial, or usbPath; give one of the three");
        int baud = map.Number("baud", 300, MaxBaud, DefaultBaud);
        map.Finish();
        var entry = new SerialEntry(port, serial, path, baud);
        if (port?.StartsWith("tcp://", StringComparison.Ordinal) == true
            && (!Uri.TryCreate(port, UriKind.Absolute, out var socket) || socket.Host == "" || socket.Port < 1
                || socket.AbsolutePath is not ("" or "/")))
            throw map.Wrong("port", $"'{port}' is wrong; expected tcp://HOST:PORT");
        return entry;
    }

    private static ResetEntry ReadReset(YamlMap map, SerialEntry serial)
    {
        if (!map.Has("reset")) return new ResetEntry(ResetKind.None);
        if (!map.IsText("reset"))
        {
            var fields = map.Map("reset", "command");
            var command = fields.Text("command", "a command line that resets the device");
            fields.Finish();
            return new ResetEntry(ResetKind.Command, command);
        }

        var kind = map.Choice("reset", "none", "rts", "usb-jtag") switch
        {
            "rts" => ResetKind.Rts,
            "usb-jtag" => ResetKind.UsbJtag,
            _ => ResetKind.None,
        };
        return kind == ResetKind.None || serial.Socket == null ? new ResetEntry(kind)
            : throw map.Wrong("reset", "needs a serial port, and this is a socket; give reset: {command: …}, or power");
    }

    private static PowerEntry ReadPower(YamlMap map)
    {
        if (map.OptionalMap("power", "kind and those of the kind") is not { } fields) return new PowerEntry(PowerKind.None);
        var power = fields.Choice("kind", "none", "manual", "command", "uhubctl", "scpi", "http") switch
        {
            "manual" => new PowerEntry(PowerKind.Manual),
            "command" => new PowerEntry(PowerKind.Command, fields.Text("on", "a command line"), fields.Text("off", "a command line"))
            {
                Status = fields.OptionalText("status", "a command line with exit code 0 while the power is on") ?? "",
            },
            "uhubctl" => ReadUhubctl(fields),
            "scpi" => new PowerEntry(PowerKind.Scpi, "OUTP ON", "OUTP OFF")
            {
                Host = fields.Text("host", "the address of the instrument"),
                Port = fields.Number("port", 1, 65535, ScpiPort),
            },
            "http" => new PowerEntry(PowerKind.Http, ReadAddress(fields, "on"), ReadAddress(fields, "off")),
            _ => new PowerEntry(PowerKind.None),
        };
        power = power with { OffSeconds = fields.Number("offSeconds", 0, MaxOffSeconds, DefaultOffSeconds) };
        fields.Finish();
        return power;
    }

    private static PowerEntry ReadUhubctl(YamlMap fields)
    {
        var location = fields.Text("location", "the location of the hub, as uhubctl prints it");
        var hub = $"uhubctl -l {location} -p {fields.Number("port", 1, 32, 1)} -r 3";
        return new PowerEntry(PowerKind.Uhubctl, hub + " -a on", hub + " -a off");
    }

    private static string ReadAddress(YamlMap fields, string name)
    {
        var text = fields.Text(name, "an address to get");
        return Uri.TryCreate(text, UriKind.Absolute, out var address) && address.Scheme is "http" or "https" ? text
            : throw fields.Wrong(name, "is not an http or https address");
    }

    private static FlashEntry ReadFlash(YamlMap map)
    {
        var flash = new FlashEntry(
            map.OptionalText("esptool", "the command of esptool") ?? "esptool.py", map.Number("baud", 300, MaxBaud, DefaultBaud),
            map.OptionalText("post_flash_script", "a command line to run after flashing") ?? "");
        map.Finish();
        return flash;
    }

    private static EmulatorEntry ReadEmulator(YamlMap map)
    {
        var emulator = new EmulatorEntry(map.Text("command", "the command line of the emulator, with {flash} for its flash file"),
            map.Path("flash", "the path of its flash file, which the rig writes"));
        map.Finish();
        return emulator.Command.Contains("{flash}") ? emulator : throw map.Wrong("command", "does not contain {flash}, its flash file");
    }

    private static FirmwareEntry ReadFirmware(YamlMap map)
    {
        var firmware = new FirmwareEntry(map.Path("folder", "the folder with the firmware of the scenarios"),
            map.Text("product", "the product in the identity of this firmware"),
            map.Path("key", "the private key of the releases that this firmware trusts"));
        map.Finish();
        if (!Directory.Exists(firmware.Folder)) throw map.Wrong("folder", $"is missing: there is no folder {firmware.Folder}");
        if (!File.Exists(firmware.Key)) throw map.Wrong("key", $"is missing: there is no file {firmware.Key}");
        return firmware;
    }

    private static Uri ReadServer(YamlMap map)
    {
        const string Expected = "the address of this computer as the device sees it, such as http://192.168.1.10:8081/";
        var text = map.Text("server", Expected);
        return Uri.TryCreate(text, UriKind.Absolute, out var address)
            && address is { Scheme: "http", PathAndQuery: "/", UserInfo: "", Fragment: "" } && address.Port > 0 ? address
            : throw map.Wrong("server", $"'{text}' is wrong; expected {Expected}");
    }
}
