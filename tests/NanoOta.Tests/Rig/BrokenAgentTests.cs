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
        var good = await RunAsync("TrialPhase", "Check", (int)Health.Good, "good-update", seconds: 90);
        Assert.AreEqual(Verdict.Passed, good.Verdict, good.Problem);
        var unhealthy = await RunAsync("TrialPhase", "Check", (int)Health.Good, "unhealthy", seconds: 20);
        Assert.AreEqual(Verdict.Failed, unhealthy.Verdict);
        StringAssert.Contains(unhealthy.Problem, "seen not reached in time; firmware in flash: expected 1.0.0, confirmed, seen 1.1.0, ");
    }

    [TestMethod]
    public async Task An_agent_that_skips_the_hash_fails_the_scenario_corrupt_file()
    {
        var outcome = await RunAsync("SectorWriter", "FinishHash", (int)UpdateError.None, "corrupt-file", seconds: 20);
        Assert.AreEqual(Verdict.Failed, outcome.Verdict);
    }

    private static async Task<ScenarioOutcome> RunAsync(string type, string method, int result, string scenario, int seconds)
    {
        using var folder = new TemporaryFolder();
        var apps = BrokenAgent.Make(folder.File("apps"), type, method, result);
        IDeviceUnderTest Make() =>
            new VirtualDeviceUnderTest(folder.Path, new ConsoleLog(TextWriter.Null), apps) { RunLimit = TimeSpan.FromSeconds(seconds) };
        var report = await new DeviceRunner("virtual", Make, folder.Path)
            .RunAsync([ScenarioList.All.Single(one => one.Id == scenario)], 1, CancellationToken.None);
        return report.Outcomes.Single();
    }
}
