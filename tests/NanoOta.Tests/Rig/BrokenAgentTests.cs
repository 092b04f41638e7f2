using NanoOta.Cli.Rig;
using NanoOta.Cli.Scenarios;
using NanoOta.Tests.Releases;

namespace NanoOta.Tests.Rig;

/// <summary>The scenarios can fail: they catch agents that break a promise.</summary>
[TestClass]
public sealed class BrokenAgentTests
{
    [TestMethod]
    public async Task An_agent_that_confirms_early_fails_the_scenario_unhealthy()
    {
        var outcomes = await RunAsync("TrialPhase", "Check", (int)Health.Good, "good-update", "unhealthy");
        Assert.AreEqual(Verdict.Passed, outcomes["good-update"].Verdict, outcomes["good-update"].Problem);
        Assert.AreEqual(Verdict.Failed, outcomes["unhealthy"].Verdict);
        StringAssert.Contains(outcomes["unhealthy"].Problem, "seen not reached in time");
        StringAssert.Contains(outcomes["unhealthy"].Problem, "firmware in flash: expected 1.0.0, confirmed, seen 1.1.0, confirmed");
    }

    [TestMethod]
    public async Task An_agent_that_skips_the_hash_fails_the_scenario_corrupt_file()
    {
        var outcomes = await RunAsync("SectorWriter", "FinishHash", (int)UpdateError.None, "corrupt-file");
        Assert.AreEqual(Verdict.Failed, outcomes["corrupt-file"].Verdict);
    }

    private static async Task<Dictionary<string, ScenarioOutcome>> RunAsync(
        string type, string method, int result, params string[] scenarios)
    {
        using var folder = new TemporaryFolder();
        var apps = BrokenAgent.Make(folder.File("apps"), type, method, result);
        IDeviceUnderTest Make() =>
            new VirtualDeviceUnderTest(folder.Path, new ConsoleLog(TextWriter.Null), apps) { RunLimit = TimeSpan.FromSeconds(15) };
        var report = await new DeviceRunner("virtual", Make, folder.Path)
            .RunAsync([.. ScenarioList.All.Where(scenario => scenarios.Contains(scenario.Id))], 1, CancellationToken.None);
        return report.Outcomes.ToDictionary(outcome => outcome.Scenario.Id);
    }
}
