using NanoOta.Cli;
using NanoOta.Cli.Rig;
using NanoOta.Cli.Scenarios;
using NanoOta.Releases;
using NanoOta.Tests.Cli;

namespace NanoOta.Tests.Rig;

/// <summary>Faults of the rig: each one is told apart from a failed scenario, and named.</summary>
[TestClass]
public sealed class RigFaultTests
{
    private static readonly string[] One = ["good-update"];

    [TestMethod]
    public void A_switch_that_does_not_cut_power_skips_the_scenarios_that_need_it()
    {
        using var lab = new FakeLab();
        lab.Write("switch-is-broken", "");
        var entry = lab.BoardEntry.Replace("offSeconds: 0", "offSeconds: 3");
        var (run, results) = lab.RunScenarios(entry, ["power-cut", "first-flash"]);
        StringAssert.StartsWith(results["fake-board power-cut"], "skipped its switch does not cut power: ");
        StringAssert.Contains(results["fake-board power-cut"], "after power off the console still prints");
        Assert.AreEqual("passed", results["fake-board first-flash"]);
        Assert.AreEqual(ExitCode.Success, run.ExitCode, run.Output);
        var check = lab.Run(entry, "check");
        Assert.AreEqual(ExitCode.WrongInput, check.ExitCode);
        StringAssert.Contains(check.Output, "✓ fake-board  boots (reset: power on)");
        StringAssert.Contains(check.Output, "✗ fake-board  its switch does not cut power");
    }

    [TestMethod]
    public void A_flash_tool_that_fails_is_an_error_and_no_failure()
    {
        using var lab = new FakeLab();
        lab.Write("esptool-is-broken", "");
        var (run, results) = lab.RunScenarios(lab.BoardEntry, One, "--junit", lab.FileOf("out.xml"));
        Assert.AreEqual(ExitCode.WrongInput, run.ExitCode);
        StringAssert.StartsWith(results["fake-board good-update"], "error '");
        StringAssert.Contains(results["fake-board good-update"], "Failed to connect to ESP32");
        StringAssert.Contains(File.ReadAllText(lab.FileOf("out.xml")), "errors=\"1\"");
        StringAssert.Contains(run.Output, "fake-board was not left with known firmware");
    }

    [TestMethod]
    public void A_device_that_never_boots_is_a_fault_of_the_rig()
    {
        using var lab = new FakeLab();
        using var board = Board(lab, lab.BoardEntry.Replace("./power reset", "true").Replace("./esptool", "true"));
        StringAssert.Contains(Assert.ThrowsExactly<RigException>(() => board.Prepare(CancellationToken.None)).Message, "cannot be opened");
        using var silent = new BoardHost.PseudoTerminal(lab.FileOf("port"));
        StringAssert.StartsWith(
            Assert.ThrowsExactly<RigException>(() => board.Prepare(CancellationToken.None)).Message, "nothing came from ");
        var noise = Task.Run(() =>
        {
            for (int i = 0; i < 100; i++)
            {
                silent.Send([.. Enumerable.Range(128, 100).Select(b => (byte)b)]);
                Thread.Sleep(20);
            }
        });
        StringAssert.EndsWith(Assert.ThrowsExactly<RigException>(() => board.Prepare(CancellationToken.None)).Message,
            "no line of a boot; check baud and firmware");
        noise.Wait();
    }

    [TestMethod]
    public void Two_runs_never_share_a_device()
    {
        using var lab = new FakeLab();
        using var first = Board(lab, lab.BoardEntry);
        var (run, results) = lab.RunScenarios(lab.BoardEntry, One);
        Assert.AreEqual(ExitCode.WrongInput, run.ExitCode);
        StringAssert.Contains(results["fake-board good-update"], "error fake-board is in use by another run of nano-ota rig");
    }

    [TestMethod]
    public void A_full_disk_for_the_log_is_a_fault_of_the_rig()
    {
        using var lab = new FakeLab();
        Directory.CreateDirectory(lab.FileOf("logs"));
        foreach (var device in new[] { FakeLab.BoardId, VirtualDeviceUnderTest.Name })
            File.CreateSymbolicLink(Path.Combine(lab.FileOf("logs"), device + ".log"), "/dev/full");
        var (run, results) = lab.RunScenarios(
            lab.BoardEntry, One, "--log", lab.FileOf("logs"), "--device", FakeLab.BoardId, "--device", "virtual");
        Assert.AreEqual(ExitCode.WrongInput, run.ExitCode, run.Output);
        foreach (var device in new[] { FakeLab.BoardId, VirtualDeviceUnderTest.Name })
            StringAssert.Contains(results[device + " good-update"], "cannot be written: No space left on device");
    }

    [TestMethod]
    public async Task Ctrl_C_leaves_the_device_with_known_firmware()
    {
        using var lab = new FakeLab();
        lab.Write("rig.yaml", lab.BoardEntry);
        using var tool = NanoOtaTool.Start(lab.FileOf("."), "rig", "run", "good-update", "--file", lab.FileOf("rig.yaml"),
            "--repeat", "100", "--log", lab.FileOf("logs"));
        var log = Path.Combine(lab.FileOf("logs"), "fake-board.log");
        Assert.IsTrue(SpinWait.SpinUntil(() => File.Exists(log) && ReadShared(log).Contains("\"event\":\"staged\""), 60_000));
        NanoOtaTool.Interrupt(tool);
        await tool.WaitForExitAsync();
        Assert.AreEqual(ExitCode.Interrupted, tool.ExitCode, await tool.StandardError.ReadToEndAsync());
        ShellCommand.MustRun($"cd {lab.FileOf(".")} && ./power stop");
        var firmware = VirtualDeviceUnderTest.FirmwareOf(NanoOta.Boards.Board.Load("esp32-devkitc-4mb"), lab.FileOf("board.flash"));
        Assert.AreEqual("1.0.0, confirmed", firmware?.ToString());
    }

    [TestMethod]
    public void A_device_is_flashed_only_if_its_content_differs()
    {
        using var lab = new FakeLab();
        using var board = Board(lab, lab.BoardEntry);
        var firmware = new ReleaseOrder(board.Product, board.Board, "1.0.0", null, board.Build("good", "1.0.0", board.Board));
        board.Flash(firmware);
        board.Flash(firmware);
        var verbs = File.ReadAllLines(lab.FileOf("esptool.log")).Select(line => line.Contains("write_flash") ? "write" : "verify");
        Assert.AreEqual("verify write verify", string.Join(' ', verbs));
    }

    [TestMethod]
    public async Task A_port_that_is_gone_in_a_run_is_an_error_and_ends_the_run_of_the_device()
    {
        using var lab = new FakeLab();
        var scenarios = ScenarioList.All.Where(scenario => scenario.Id is "good-update" or "stranger").ToArray();
        var unplugging = Task.Run(() =>
        {
            SpinWait.SpinUntil(() => File.Exists(lab.FileOf("staging")), 60_000);
            ShellCommand.MustRun($"cd {lab.FileOf(".")} && ./power stop");
        });
        var log = new TriggeringWriter("\"event\":\"staging\"", () => lab.Write("staging", ""));
        var report = await new DeviceRunner(FakeLab.BoardId, () => Board(lab, lab.BoardEntry, new ConsoleLog(log)), lab.FileOf("."))
            .RunAsync(scenarios, 1, CancellationToken.None);
        await unplugging;
        Assert.IsTrue(report.Outcomes.All(outcome => outcome.Verdict == Verdict.Error));
        StringAssert.Contains(report.Outcomes[0].Problem, "cannot be opened");
        StringAssert.StartsWith(report.Outcomes[1].Problem, "not run: ");
        Assert.IsNull(report.LastFault, "it is there again, and has known firmware");
    }

    private static BoardUnderTest Board(FakeLab lab, string entry, ConsoleLog? log = null)
    {
        lab.Write("rig.yaml", entry);
        var limits = RigLimits.Default with { Boot = TimeSpan.FromSeconds(2), Open = TimeSpan.FromSeconds(1) };
        return new BoardUnderTest(DeviceFile.Read(lab.FileOf("rig.yaml")).Single(), limits, log ?? new ConsoleLog(TextWriter.Null));
    }

    private sealed class TriggeringWriter(string text, Action action) : StringWriter
    {
        public override void WriteLine(string? value)
        {
            if (value?.Contains(text) == true) action();
        }
    }

    private static string ReadShared(string path)
    {
        using var file = new StreamReader(new FileStream(path, FileMode.Open, FileAccess.Read, FileShare.ReadWrite));
        return file.ReadToEnd();
    }
}
