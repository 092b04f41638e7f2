using System.Text;
using BoardHost;
using NanoOta.Cli.Device;
using NanoOta.Cli.Rig;
using NanoOta.Cli.Scenarios;
using NanoOta.Tests.Releases;

namespace NanoOta.Tests.Rig;

/// <summary>The console of a device at a real serial port: one end of a pseudo-terminal pair (Linux).</summary>
[TestClass]
public sealed class DeviceConsoleTests
{
    private const string Idle =
        """nanoota: {"event":"idle","slot":1,"version":"1.2.3","code":0,"reason":"","bytes":5,"staged":0,"size":0}""";

    private readonly TemporaryFolder folder = new();
    private readonly StringWriter log = new();

    private string Link => folder.File("port");

    [TestInitialize]
    public void RequireLinux()
    {
        if (!OperatingSystem.IsLinux()) Assert.Inconclusive("pseudo-terminals of Linux");
    }

    [TestCleanup]
    public void CleanUp() => folder.Dispose();

    [TestMethod]
    public void Lines_come_from_the_first_byte_and_are_in_the_log_with_a_time()
    {
        using var board = new PseudoTerminal(Link);
        using var console = Console();
        board.Send("first\r\nsecond\r\n"u8.ToArray());
        console.Open();
        Assert.AreEqual("first", Take(console));
        Assert.AreEqual("second", Take(console));
        StringAssert.Matches(log.ToString(), new(@"\d+\.\d{3} # the port is open: .+\n +\d+\.\d{3}   first\n"));
    }

    [TestMethod]
    public void A_port_that_moved_is_found_again()
    {
        using var console = Console();
        using (var board = new PseudoTerminal(Link))
        {
            console.Open();
            board.Send("before\n half"u8.ToArray());
            Assert.AreEqual("before", Take(console));
            using var other = new PseudoTerminal(Link);
            board.Dispose();
            Assert.AreEqual(" half", Take(console));
            console.AwaitOpen(CancellationToken.None);
            other.Send("after\n"u8.ToArray());
            Assert.AreEqual("after", Take(console));
        }

        StringAssert.Contains(log.ToString(), "# the port is gone");
    }

    [TestMethod]
    public void A_port_that_stays_away_is_a_fault_of_the_rig()
    {
        using var console = Console();
        console.Open();
        var fault = Assert.ThrowsExactly<RigException>(() => console.AwaitOpen(CancellationToken.None));
        StringAssert.Contains(fault.Message, Link + " cannot be opened");
        StringAssert.EndsWith(fault.Message, "check cable, name and permissions");
    }

    [TestMethod]
    public void Events_are_found_between_garbage_and_half_lines()
    {
        int seed = Environment.TickCount;
        System.Console.WriteLine($"seed {seed}");
        var garbage = new byte[20_000];
        new Random(seed).NextBytes(garbage);
        using var board = new PseudoTerminal(Link);
        using var console = Console();
        console.Open();
        console.AwaitOpen(CancellationToken.None);
        var sending = Task.Run(() =>
        {
            board.Send(garbage);
            board.Send("nanoota: {\"event\":\"prorst:0x1 (POWERON_RESET),boot:0x13\r\n"u8.ToArray());
            board.Send(Encoding.UTF8.GetBytes("\0\xFFxx" + Idle + "\r\nend\n"));
        });
        var events = new List<DeviceEvent>();
        var run = new ConsoleRun(new RunOrder(new Goal("idle"), new DeviceEnvironment(""), false, (e, _) => events.Add(e), () => true));
        string line;
        while ((line = Take(console)) != "end") run.OnLine(line);
        sending.Wait();
        Assert.AreEqual("1.2.3", run.End?.Version);
        Assert.AreEqual(("boot", ResetReason.PowerOn), (events.Single().Event, events.Single().Reset));
        Assert.DoesNotContain(c => char.IsControl(c) && c != '\n', log.ToString());
    }

    [TestMethod]
    public void A_log_that_cannot_be_written_is_a_fault_of_the_rig()
    {
        using var board = new PseudoTerminal(Link);
        using var full = new ConsoleLog(NanoOta.Cli.NamedWriter.Create("/dev/full"));
        using var console = new DeviceConsole(new SerialEntry(Link, null, null, 921600), TimeSpan.FromSeconds(5), full);
        console.Open();
        var fault = Assert.ThrowsExactly<RigException>(() => console.AwaitOpen(CancellationToken.None));
        StringAssert.Contains(fault.Message, "/dev/full cannot be written");
    }

    [TestMethod]
    public void A_port_without_reset_lines_is_a_fault_of_the_rig()
    {
        using var board = new PseudoTerminal(Link);
        using var console = Console();
        console.Open();
        var fault = Assert.ThrowsExactly<RigException>(() => Resets.Run(new ResetEntry(ResetKind.Rts), console, CancellationToken.None));
        StringAssert.Contains(fault.Message, "give reset: {command: …}");
    }

    [TestMethod]
    public void A_reset_releases_GPIO0_before_it_releases_EN()
    {
        var lines = new Lines();
        Resets.Pulse(lines, 1);
        Assert.AreEqual("D0 R1 R0 ", lines.Seen);
    }

    [TestMethod]
    public void A_USB_port_is_found_by_serial_number_and_by_place()
    {
        var usb = folder.File("devices/usb1/1-2/1-2.3");
        Directory.CreateDirectory(usb + "/1-2.3:1.0/ttyUSB7");
        File.WriteAllText(usb + "/serial", "0001\n");
        File.WriteAllText(usb + "/busnum", "1\n");
        var tty = Directory.CreateDirectory(folder.File("tty/ttyUSB7")).FullName;
        Directory.CreateSymbolicLink(tty + "/device", usb + "/1-2.3:1.0/ttyUSB7");
        string? Find(string? serial, string? path) => UsbPorts.Find(new SerialEntry(null, serial, path, 9600), folder.File("tty"));
        Assert.AreEqual("/dev/ttyUSB7", Find("0001", null));
        Assert.AreEqual("/dev/ttyUSB7", Find(null, "1-2.3"));
        Assert.IsNull(Find("0002", null));
        Assert.IsNull(Find(null, "1-2"), "a hub");
    }

    private DeviceConsole Console() =>
        new(new SerialEntry(Link, null, null, 921600), TimeSpan.FromSeconds(2), new ConsoleLog(TextWriter.Synchronized(log)));

    private static string Take(DeviceConsole console) =>
        console.Take(TimeSpan.FromSeconds(10), CancellationToken.None) ?? throw new AssertFailedException("no line in time");

    private sealed class Lines : IResetLines
    {
        public string Seen { get; private set; } = "";

        public void SetDtr(bool isSet) => Seen += isSet ? "D1 " : "D0 ";

        public void SetRts(bool isSet) => Seen += isSet ? "R1 " : "R0 ";
    }
}
