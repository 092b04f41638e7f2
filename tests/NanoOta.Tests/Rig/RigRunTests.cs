using NanoOta.Cli;

namespace NanoOta.Tests.Rig;

/// <summary>Scenarios on a board at a serial port and on an emulator, with their power in the hands of the rig.</summary>
[TestClass]
public sealed class RigRunTests
{
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
}
