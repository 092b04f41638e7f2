using System.Diagnostics;
using NanoOta.Cli.Scenarios;

namespace NanoOta.Cli.Rig;

/// <summary>Runs scenarios on one device. After a fault of the rig it runs no further one, and it always tries to leave the device with
/// firmware that is known to be good.</summary>
/// <param name="id">Id of the device.</param>
/// <param name="open">Opens the device.</param>
/// <param name="folder">An existing folder for releases.</param>
internal sealed class DeviceRunner(string id, Func<IDeviceUnderTest> open, string folder)
{
    /// <summary>Receives each result.</summary>
    public Action<ScenarioOutcome> OnOutcome { get; init; } = _ => { };

    /// <exception cref="OperationCanceledException">It was stopped.</exception>
    public async Task<DeviceOutcomes> RunAsync(IReadOnlyList<Scenario> scenarios, int repeat, CancellationToken stop)
    {
        var outcomes = new List<ScenarioOutcome>();
        string? fault = null, lastFault = null;
        IDeviceUnderTest? device = null;
        Bench? bench = null;
        try
        {
            fault = await TryAsync(async () =>
            {
                device = open();
                device.Prepare(stop);
                bench = await Bench.StartAsync(device, folder, stop);
            });
            foreach (var scenario in scenarios)
            {
                var outcome = fault == null ? Run(scenario, bench!, repeat)
                    : new ScenarioOutcome(scenario, Verdict.Error, fault, TimeSpan.Zero);
                if (outcome.Verdict == Verdict.Error && fault == null) fault = "not run: " + outcome.Reason;
                outcomes.Add(outcome);
                OnOutcome(outcome);
            }
        }
        finally
        {
            if (bench != null) await bench.DisposeAsync();
            if (device != null) lastFault = await TryAsync(() => Task.Run(device.Restore));
            device?.Dispose();
        }

        return new DeviceOutcomes(id, outcomes, lastFault);
    }

    private static ScenarioOutcome Run(Scenario scenario, Bench bench, int repeat)
    {
        bench.Device.Select(scenario.Needs);
        if (bench.Device.Lacks(scenario.Needs) is { } lack) return new ScenarioOutcome(scenario, Verdict.Skipped, lack, TimeSpan.Zero);
        var time = Stopwatch.StartNew();
        ScenarioResult? shown = null;
        int runs = 0, failures = 0;
        ScenarioOutcome Ended(Verdict verdict, string reason = "") =>
            new(scenario, verdict, reason, time.Elapsed) { Runs = runs, Failures = failures, Result = shown };
        try
        {
            for (; runs < repeat; runs++)
            {
                var result = scenario.Run(bench);
                if (failures == 0) shown = result;
                if (!result.Ok) failures++;
            }

            return Ended(failures == 0 ? Verdict.Passed : Verdict.Failed);
        }
        catch (PreconditionException e)
        {
            return Ended(Verdict.Skipped, e.Message);
        }
        catch (Exception e) when (e is not OperationCanceledException)
        {
            return Ended(Verdict.Error, e.Message);
        }
    }

    private static async Task<string?> TryAsync(Func<Task> action)
    {
        try
        {
            await action();
            return null;
        }
        catch (Exception e) when (e is not OperationCanceledException)
        {
            return e.Message;
        }
    }
}
