namespace NanoOta.Cli.Rig;

/// <summary>Writes results as one JSON document.</summary>
internal static class RigJson
{
    public static string Write(IReadOnlyList<DeviceOutcomes> devices, int exitCode) => Report.Json(new
    {
        exitCode,
        devices = devices.Select(device => new
        {
            device.Id,
            restored = device.LastFault == null,
            scenarios = device.Outcomes.Select(outcome => new
            {
                outcome.Scenario.Id,
                result = outcome.Verdict.ToString().ToLowerInvariant(),
                problem = outcome.Verdict == Verdict.Passed ? "" : outcome.Problem,
                seconds = Math.Round(outcome.Time.TotalSeconds, 3),
                outcome.Runs,
                outcome.Failures,
                facts = (outcome.Result?.Facts ?? []).Select(fact => new { fact.Name, fact.Expected, fact.Seen, fact.Holds }),
            }),
        }),
    });
}
