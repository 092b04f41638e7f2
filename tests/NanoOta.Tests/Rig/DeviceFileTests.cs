using NanoOta.Cli.Rig;
using NanoOta.Releases;
using NanoOta.Tests.Releases;
using NanoOta.Tests.Support;

namespace NanoOta.Tests.Rig;

/// <summary>The device file: what it accepts, and that each error names file, line, field and remedy.</summary>
[TestClass]
public sealed class DeviceFileTests
{
    private const string Good = """
        - id: devkit-1
          board: esp32-devkitc-4mb
          serial:
            usbSerial: "0001"
          reset: rts
          power:
            kind: uhubctl
            location: 1-2
            port: 3
          flash:
            esptool: esptool
            baud: 460800
          firmware:
            folder: firmware
            product: lamp
            key: private.pem
          server: http://192.168.1.10:8081/
          notes: on the left
        """;

    private const string Odd = "[]{}:-'\"&*#|>%@! \n\tx";

    private readonly TemporaryFolder folder = new();

    [TestCleanup]
    public void CleanUp() => folder.Dispose();

    [TestMethod]
    public void Every_field_is_read()
    {
        var device = Read(Good).Single();
        Assert.AreEqual(("devkit-1", "esp32-devkitc-4mb", "board", "on the left"), (device.Id, device.Board.Id, device.Kind, device.Notes));
        Assert.AreEqual(new SerialEntry(null, "0001", null, 921600), device.Serial);
        Assert.AreEqual(new ResetEntry(ResetKind.Rts), device.Reset);
        Assert.AreEqual(("uhubctl -l 1-2 -p 3 -r 3 -a on", "uhubctl -l 1-2 -p 3 -r 3 -a off", 3),
            (device.Power.On, device.Power.Off, device.Power.OffSeconds));
        Assert.AreEqual(new FlashEntry("esptool", 460800, ""), device.Flash);
        Assert.AreEqual(new FirmwareEntry(folder.File("firmware"), "lamp", folder.File("private.pem")), device.Firmware);
        Assert.AreEqual(8081, device.Server.Port);
    }

    [TestMethod]
    [DataRow("kind: uhubctl\n    location: 1-2\n    port: 3", "kind: none", "")]
    [DataRow("kind: uhubctl\n    location: 1-2\n    port: 3", "kind: manual\n    offSeconds: 10", "")]
    [DataRow("kind: uhubctl\n    location: 1-2\n    port: 3", "kind: command\n    on: a\n    off: b\n    status: c", "a")]
    [DataRow("kind: uhubctl\n    location: 1-2\n    port: 3", "kind: scpi\n    host: psu", "OUTP ON")]
    [DataRow("kind: uhubctl\n    location: 1-2\n    port: 3", "kind: http\n    on: http://plug/on\n    off: http://plug/off", "http://plug/on")]
    public void Each_kind_of_power_switch_has_its_own_fields(string before, string after, string on) =>
        Assert.AreEqual(on, Read(Good.Replace(before, after)).Single().Power.On);

    [TestMethod]
    [DataRow("id: devkit-1", "id: dev kit", 1, "id 'dev kit' is wrong; expected letters, digits and . _ -")]
    [DataRow("id: devkit-1", "id: virtual", 1, "id 'virtual' is the virtual device; give another name")]
    [DataRow("board: esp32-devkitc-4mb", "board: none", 2, "board 'none' cannot be used")]
    [DataRow("    usbSerial: \"0001\"", "    usbSerial: \"0001\"\n    port: COM3", 5, "serial.port must be given, or usbSerial, or usbPath; give one of the three")]
    [DataRow("    usbSerial: \"0001\"", "    port: tcp://host", 4, "serial.port 'tcp://host' is wrong; expected tcp://HOST:PORT")]
    [DataRow("    usbSerial: \"0001\"", "    port: tcp://host:1", 5, "reset needs a serial port, and this is a socket; give reset: {command: …}, or power")]
    [DataRow("reset: rts", "reset: button", 5, "reset 'button' is wrong; expected one of none, rts, usb-jtag")]
    [DataRow("reset: rts", "reset: rts\n  colour: red", 6, "unknown field 'colour'; remove it, or use one of board, emulator, firmware")]
    [DataRow("kind: uhubctl", "kind: fuse", 7, "power.kind 'fuse' is wrong; expected one of none, manual, command, uhubctl, scpi, http")]
    [DataRow("location: 1-2", "location: 1-2\n    on: x", 9, "unknown field 'power.on'; remove it, or use one of kind, location, offSeconds, port")]
    [DataRow("port: 3", "port: three", 9, "power.port 'three' is wrong; expected a whole number from 1 to 32")]
    [DataRow("baud: 460800", "baud: 0", 12, "flash.baud '0' is wrong; expected a whole number from 300 to 4000000")]
    [DataRow("folder: firmware", "folder: nowhere", 14, "firmware.folder is missing: there is no folder")]
    [DataRow("key: private.pem", "key: none.pem", 16, "firmware.key is missing: there is no file")]
    [DataRow("server: http://192.168.1.10:8081/", "server: https://a/", 17, "server 'https://a/' is wrong; expected the address of this computer")]
    [DataRow("  server: http://192.168.1.10:8081/\n", "", 1, "server is missing; add it: the address of this computer as the device sees it")]
    [DataRow("notes: on the left", "emulator:\n    command: qemu\n    flash: f", 11, "flash is not possible here: an emulator is switched on by its start")]
    [DataRow("notes: on the left", "id: again", 18, "not valid YAML: ")]
    [DataRow("reset: rts", "reset: \"rts", 5, "not valid YAML: ")]
    public void Each_error_names_line_field_and_remedy(string before, string after, int line, string message)
    {
        var error = Assert.ThrowsExactly<ReleaseException>(() => Read(Good.Replace(before, after))).Message;
        StringAssert.StartsWith(error, $"{folder.File("rig.yaml")}({line}): {message}");
    }

    [TestMethod]
    [DataRow("", "is empty")]
    [DataRow("id: one", "is not a list of devices")]
    [DataRow("- one", "is not a device")]
    public void Other_files_are_refused(string text, string message) =>
        StringAssert.Contains(Assert.ThrowsExactly<ReleaseException>(() => Read(text)).Message, message);

    [TestMethod]
    public void A_damaged_file_is_read_or_refused()
    {
        int seed = Environment.TickCount;
        Console.WriteLine($"seed {seed}");
        var random = new Random(seed);
        for (int i = 0; i < 2000; i++)
        {
            var text = Good.ToCharArray();
            for (int change = random.Next(1, 4); change > 0; change--) text[random.Next(text.Length)] = Odd[random.Next(Odd.Length)];
            try
            {
                Read(new string(text));
            }
            catch (ReleaseException)
            {
                // Refused.
            }
        }
    }

    [TestMethod]
    public void Two_devices_share_neither_id_nor_server_port()
    {
        StringAssert.Contains(Error(Good + "\n" + Good), "id 'devkit-1' is given twice");
        StringAssert.Contains(Error(Good + "\n" + Good.Replace("devkit-1", "devkit-2")), "server has the port of devkit-1");
        string Error(string text) => Assert.ThrowsExactly<ReleaseException>(() => Read(text)).Message;
    }

    [TestMethod]
    public void A_device_that_nothing_can_start_is_refused()
    {
        var text = Good.Replace("reset: rts", "reset: none").Replace("kind: uhubctl\n    location: 1-2\n    port: 3", "kind: none");
        StringAssert.Contains(Assert.ThrowsExactly<ReleaseException>(() => Read(text)).Message, "has neither reset nor power");
    }

    [TestMethod]
    public void The_example_of_each_board_is_a_device_of_that_board()
    {
        Directory.CreateDirectory(folder.File("keys"));
        Directory.CreateDirectory(folder.File("firmware-qemu"));
        folder.Write("keys/private.pem", "key");
        foreach (var board in Directory.GetDirectories(Repository.At("boards")))
        {
            var devices = Read(File.ReadAllText(Path.Combine(board, "rig.example.yaml")));
            Assert.IsTrue(devices.All(device => device.Board.Id == Path.GetFileName(board)), board);
        }
    }

    private IReadOnlyList<DeviceEntry> Read(string text)
    {
        Directory.CreateDirectory(folder.File("firmware"));
        folder.Write("private.pem", "key");
        return DeviceFile.Read(folder.Write("rig.yaml", text));
    }
}
