using NanoOta.Cli.Device;

namespace NanoOta.Cli.Scenarios;

/// <summary>Many updates one after the other, with power failures at random. It stops at the first device that does not confirm.</summary>
/// <param name="updates">How many.</param>
/// <param name="seed">Of the failures; null = without.</param>
/// <param name="report">Receives a line for each update.</param>
internal sealed class Soak(int updates, int? seed, Action<string> report)
{
    // With two an update would find its image in the other slot already.
    private static readonly string[] Versions = ["1.0.0", "1.1.0", "1.2.0"];

    private readonly Random random = new(seed ?? 0);
    private long sequence, longestRecovery, fetchedAgain;
    private int done, failures;

    /// <summary>It as a scenario.</summary>
    public Scenario Scenario => new("soak", "Updates in a row", seed == null ? "Each of them is confirmed."
        : "Each of them is confirmed, wherever power fails.", Run, seed == null ? Needs.None : Needs.PowerCut);

    private ScenarioResult Run(Bench bench)
    {
        sequence = FlashFirst(bench);
        var run = new RunResult(null, [], 0, 0, null);
        for (bool isWell = true; done < updates && isWell; done += isWell ? 1 : 0)
        {
            var version = Versions[(done + 1) % Versions.Length];
            run = Update(bench, version);
            isWell = run.End != null && run.Flash == new FlashContent(version, IsWhole: true, BootState.Confirmed);
            report($"update {done + 1} of {updates}: {version} {(isWell ? "confirmed" : "lost")}, "
                + $"{run.CountResets(ResetReason.PowerOn)} power failures");
        }

        return new ScenarioResult(run, 0,
        [
            Fact.Equal("updates confirmed", updates, done),
            Fact.Note("seed", seed == null ? "none" : $"{seed}"),
            Fact.Note("power failures", $"{failures}"),
            Fact.Note("bytes staged again", $"{fetchedAgain}"),
            Fact.Note("longest recovery in ms", $"{longestRecovery}"),
        ]);
    }

    // The firmware of a soak has fixed version texts, so the sequence number alone makes a release newer.
    private static long FlashFirst(Bench bench) =>
        Releases.ReleaseVersion.Sequence(bench.Flash("good", Versions[0]).Version, null);

    private RunResult Update(Bench bench, string version)
    {
        sequence++;
        bench.Publish(bench.Build("good", version), version, change: order => order with { Sequence = sequence });
        using var cuts = new RandomPowerFailures(random, seed == null ? 0 : random.Next(4));
        var run = bench.Run(new Goal("confirmed", version), onEvent: cuts.On);
        fetchedAgain += FetchedAgain([.. run.Trace.SkipWhile(e => e.Event != "staging").TakeWhile(e => e.Event != "staged")]);
        failures += run.CountResets(ResetReason.PowerOn);
        if (run.Trace.LastOrDefault(e => e is { Event: "boot", Reset: ResetReason.PowerOn }) is { } boot && run.End != null)
            longestRecovery = Math.Max(longestRecovery, run.End.Ms - boot.Ms);
        return run;
    }

    // What was in the slot before a power failure, and was not there any more when staging continued.
    private static int FetchedAgain(IReadOnlyList<DeviceEvent> trace)
    {
        int staged = 0, again = 0;
        foreach (var e in trace.Where(e => e.Staged != null))
        {
            again += Math.Max(0, staged - e.Staged!.Value);
            staged = e.Staged.Value;
        }

        return again;
    }
}

/// <summary>Power failures at random events of one update, each after a random time.</summary>
internal sealed class RandomPowerFailures : IDisposable
{
    private const int MaxDelayMs = 1500;

    private static readonly string[] Kinds = ["offer", "staging", "progress", "staged", "activated", "trial", "health"];

    private readonly Queue<(string At, int Percent, int DelayMs)> planned = new();
    private readonly CancellationTokenSource over = new();

    /// <param name="random">Decides event, part of the image and time.</param>
    /// <param name="count">How many; fewer happen if the update is over first.</param>
    public RandomPowerFailures(Random random, int count)
    {
        for (int i = 0; i < count; i++)
            planned.Enqueue((Kinds[random.Next(Kinds.Length)], random.Next(100), random.Next(2) * random.Next(MaxDelayMs)));
    }

    public void On(DeviceEvent e, IDeviceControl device)
    {
        if (!planned.TryPeek(out var next) || e.Event != next.At) return;
        if (e.Event == "progress" && 100L * (e.Staged ?? 0) < (long)next.Percent * (e.Size ?? 0)) return;
        planned.Dequeue();
        if (next.DelayMs == 0) device.CutPower();
        else Task.Delay(next.DelayMs, over.Token).ContinueWith(_ => device.CutPower(), over.Token,
            TaskContinuationOptions.OnlyOnRanToCompletion, TaskScheduler.Default);
    }

    public void Dispose() => over.Cancel();
}
