using System.Diagnostics;

namespace NanoOta.Tests.Simulation;

/// <summary>
/// Devices under random mixtures of everything that can go wrong. When the faults are over, each ends on the newest good release
/// within two checks, or reports the reason in its events and in its journal.
/// </summary>
[TestClass]
public sealed class FaultScheduleTests
{
    // Always the same ones, unless NANO_OTA_CAMPAIGN multiplies their number and changes their seeds (docs/TESTING.md);
    // NANO_OTA_SCHEDULE runs one again by its seed.
    private static readonly string? Campaign = Environment.GetEnvironmentVariable("NANO_OTA_CAMPAIGN");
    private static readonly int Schedules = 300 * int.Parse(Campaign ?? "1");
    private static readonly string? OneSeed = Environment.GetEnvironmentVariable("NANO_OTA_SCHEDULE");

    private readonly Dictionary<FaultKind, int> faults = [];
    private readonly Dictionary<Ending, int> endings = [];
    private readonly Dictionary<string, List<int>> complaints = [];
    private readonly List<string> failures = [];
    private int failed, cuts, steps, mostAttempts, mostWakes, givenUp;
    private int sleepers, wakes, loops, safeBoots, deployments, restored, packed, fellBack;

    [TestMethod]
    public void After_any_faults_a_device_runs_the_newest_good_release_or_reports_why_not()
    {
        int first = OneSeed != null ? int.Parse(OneSeed) : Campaign != null ? Environment.TickCount & 0x3FFFFFFF : 1;
        int count = OneSeed != null ? 1 : Schedules;
        var watch = Stopwatch.StartNew();
        for (int seed = first; seed < first + count; seed++) Try(seed);
        Console.WriteLine($"{count} schedules from seed {first} in {watch.Elapsed.TotalSeconds:F1} s: "
            + $"{cuts} power cuts inside flash operations, "
            + $"{steps} steps on blocks, {mostAttempts} checks at most without the release, {givenUp} good ones given up with a reason");
        Console.WriteLine($"{sleepers} sleepers, {wakes} wakes, {mostWakes} at most for a release; {loops} crash loops left, "
            + $"{safeBoots} boots in safe mode, {deployments} deployments by cable, settings put back {restored} times");
        Console.WriteLine($"{packed} images staged from packed files, {fellBack} packed files given up");
        Console.WriteLine(string.Join(", ", faults.Select(f => $"{f.Key} {f.Value}")));
        Console.WriteLine(string.Join(", ", endings.Select(e => $"{e.Key} {e.Value}")));
        foreach (var (what, seeds) in complaints.OrderByDescending(c => c.Value.Count))
            Console.WriteLine($"{seeds.Count} times: {what} (seeds {string.Join(' ', seeds.Take(5))})");
        Assert.IsEmpty(failures, $"{failed} of {count} schedules failed:\n{string.Join("\n", failures)}");
        if (OneSeed == null) AssertMixture(count);
    }

    [TestMethod]
    [DataRow(24508340, DisplayName = "The clock jumps while the image is hashed after a wait for the window")]
    [DataRow(24511124, DisplayName = "The application becomes busy while the image is hashed after a wait for the window")]
    [DataRow(24511084, DisplayName = "A device falls asleep in the step in which it begins to wait")]
    [DataRow(24512385, DisplayName = "Settings that could not be put back are kept for the next release")]
    [DataRow(24509224, DisplayName = "Power is cut while the only good copy of the journal is written, after a failed trial")]
    [DataRow(24511213, DisplayName = "Power is cut while the only good copy of the journal is written, after a crash loop")]
    public void A_schedule_that_was_judged_wrongly_before_ends_as_it_must(int seed) => new FaultRun(seed).Run();

    private void Try(int seed)
    {
        var run = new FaultRun(seed);
        try
        {
            run.Run();
        }
        catch (Exception e)
        {
            if (!complaints.TryGetValue(e.Message, out var seeds)) complaints[e.Message] = seeds = [];
            seeds.Add(seed);
            if (++failed <= 5) failures.Add($"{e.Message}\n  again with NANO_OTA_SCHEDULE={seed}: {run}\n{Trace(e)}");
        }

        foreach (var kind in run.Faults.Seen) faults[kind] = faults.GetValueOrDefault(kind) + 1;
        endings[run.Ending] = endings.GetValueOrDefault(run.Ending) + 1;
        cuts += run.Faults.Cuts;
        steps += run.Costs.Steps;
        mostAttempts = Math.Max(mostAttempts, run.MostAttempts);
        mostWakes = Math.Max(mostWakes, run.MostWakes);
        sleepers += run.IsSleeper ? 1 : 0;
        wakes += run.PlannedWakes;
        loops += run.Crashes.Loops;
        safeBoots += run.Crashes.SafeBoots;
        deployments += run.Faults.Cable.Deployments;
        restored += run.Faults.Settings.Restored;
        packed += run.PackedUpdates;
        fellBack += run.FellBack;
        givenUp += run.HasGivenUp ? 1 : 0;
    }

    private static string Trace(Exception e) => e is AssertFailedException ? "" : e.StackTrace ?? "";

    // Schedules in which nothing happens would prove nothing.
    private void AssertMixture(int count)
    {
        foreach (var kind in Enum.GetValues<FaultKind>())
            Assert.IsGreaterThan(count / (kind >= FaultKind.WornSlot ? 200 : 50), faults.GetValueOrDefault(kind), $"schedules with {kind}");
        foreach (var ending in Enum.GetValues<Ending>())
            Assert.IsGreaterThan(count / 200, endings.GetValueOrDefault(ending), $"schedules with {ending}");
        Assert.IsGreaterThan(count / 4, cuts, "power cuts");
        Assert.IsGreaterThan(count / 10, sleepers, "devices that sleep most of the time");
        Assert.IsGreaterThan(count / 100, loops, "crash loops that were left");
        Assert.IsGreaterThan(count / 20, safeBoots, "boots in safe mode");
        Assert.IsGreaterThan(count / 20, deployments, "deployments by cable");
        Assert.IsGreaterThan(count / 2, packed, "images staged from packed files");
        Assert.IsGreaterThan(count / 20, fellBack, "packed files that were given up");
        Assert.IsGreaterThan(count / 50, restored, "settings that were put back");
    }
}
