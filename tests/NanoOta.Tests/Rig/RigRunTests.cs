using NanoOta.Cli;
using NanoOta.Cli.Device;
using NanoOta.Cli.Scenarios;
using NanoOta.Tests.Cli;

namespace NanoOta.Tests.Rig;

/// <summary>Scenarios on a board at a serial port and on an emulator, with their power in the hands of the rig.</summary>
[TestClass]
public sealed class RigRunTests
{
    // All that a board can run with NANO_OTA_CAMPAIGN (docs/TESTING.md).
    private static readonly bool IsCampaign = Environment.GetEnvironmentVariable("NANO_OTA_CAMPAIGN") != null;

    private static readonly string[] Some = ["good-update", "power-cut", "corrupt-file", "unhealthy", "weak-battery", "hang"];

    [TestMethod]
    public void Scenarios_run_on_a_board_and_an_emulator_side_by_side()
    {
        using var lab = new FakeLab();
        var (run, results) = lab.RunScenarios(lab.BoardEntry + lab.EmulatorEntry, Some, "--log", lab.FileOf("logs"));
        Assert.AreEqual(ExitCode.Success, run.ExitCode, run.Output + run.Error);
        foreach (var device in new[] { FakeLab.BoardId, FakeLab.EmulatorId })
        {
            foreach (var scenario in new[] { "good-update", "power-cut", "corrupt-file", "unhealthy" })
                Assert.AreEqual("passed", results[$"{device} {scenario}"]);
            StringAssert.StartsWith(results[$"{device} weak-battery"], "skipped its settings");
            StringAssert.StartsWith(results[$"{device} hang"], "skipped no firmware hangs 1.1.0");
            var log = File.ReadAllText(Path.Combine(lab.FileOf("logs"), device + ".log"));
            StringAssert.Contains(log, "ets Jul 29 2019", "the first line of a boot");
            StringAssert.Contains(log, "nanoota: {\"event\":\"confirmed\"");
        }

        StringAssert.Contains(File.ReadAllText(lab.FileOf("esptool.log")), "write_flash 0x1000");
    }

    [TestMethod]
    public void Panics_sleeps_and_lost_connections_are_seen_on_the_console()
    {
        using var lab = new FakeLab();
        string[] scenarios = IsCampaign ? [] : ["late-crash", "sleeper"];
        var (run, results) = lab.RunScenarios(lab.EmulatorEntry, scenarios);
        Assert.AreEqual(ExitCode.Success, run.ExitCode, run.Output + run.Error);
        Assert.AreEqual("passed", results["fake-emulator late-crash"]);
        Assert.AreEqual("passed", results["fake-emulator sleeper"]);
    }

    [TestMethod]
    public void A_soak_confirms_each_update_and_shows_its_seed()
    {
        var run = NanoOtaTool.Run("rig", "soak", "--updates", IsCampaign ? "100" : "3", "--seed", "5", "--device", "virtual");
        Assert.AreEqual(ExitCode.Success, run.ExitCode, run.Output + run.Error);
        StringAssert.Contains(run.Output, "update 3 of ");
        StringAssert.Contains(run.Output, "seed: 5; power failures: ");
        StringAssert.Contains(NanoOtaTool.Run("rig", "soak", "--cuts", "all").Refusal, "--cuts 'all' is not known; give random or none");
    }

    [TestMethod]
    public void The_same_seed_plans_the_same_power_failures()
    {
        string Plan(int seed)
        {
            using var failures = new RandomPowerFailures(new Random(seed), 3);
            var device = new Control();
            foreach (var kind in "offer staging progress staged activated trial health".Split(' '))
                for (int i = 0; i < 20; i++)
                {
                    failures.On(new DeviceEvent { By = DeviceEvent.ByAgent, Event = kind, Staged = i, Size = 20 }, device);
                    device.Seen += $"{device.Cuts} ";
                }

            return device.Seen;
        }

        Assert.AreEqual(Plan(1), Plan(1));
    }

    private sealed class Control : IDeviceControl
    {
        public int Cuts { get; private set; }

        public string Seen { get; set; } = "";

        public void CutPower() => Cuts++;
    }
}
