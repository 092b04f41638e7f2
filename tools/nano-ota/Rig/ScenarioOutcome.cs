using NanoOta.Cli.Scenarios;

namespace NanoOta.Cli.Rig;

/// <summary>How a scenario ended on a device.</summary>
internal enum Verdict
{
    Passed,

    /// <summary>A fact does not hold.</summary>
    Failed,

    /// <summary>The device lacks what the scenario needs.</summary>
    Skipped,

    /// <summary>The rig was at fault.</summary>
    Error,
}

/// <summary>The result of a scenario on a device, over all of its repetitions.</summary>
/// <param name="Scenario">The scenario.</param>
/// <param name="Verdict">The worst of the repetitions.</param>
/// <param name="Reason">Why it was skipped, or what is wrong with the rig; else empty.</param>
/// <param name="Time">Time of all repetitions.</param>
internal sealed record ScenarioOutcome(Scenario Scenario, Verdict Verdict, string Reason, TimeSpan Time)
{
    /// <summary>Repetitions that ran to their end, and those of them that failed.</summary>
    public int Runs { get; init; }
    public int Failures { get; init; }

    /// <summary>Facts and events of the first repetition that failed, else of the last one; null if none ran.</summary>
    public ScenarioResult? Result { get; init; }

    /// <summary>What is wrong, in a line.</summary>
    public string Problem => Verdict switch
    {
        Verdict.Failed => (Runs > 1 ? $"{Failures} of {Runs} repetitions failed: " : "")
            + string.Join("; ", Result!.Facts.Where(fact => !fact.Holds)),
        _ => Secrets.Hide(Reason),
    };
}

/// <summary>The results of a device.</summary>
/// <param name="Id">Its id.</param>
/// <param name="Outcomes">A result for each scenario.</param>
/// <param name="LastFault">Why it was not left with known firmware; null = it was.</param>
internal sealed record DeviceOutcomes(string Id, IReadOnlyList<ScenarioOutcome> Outcomes, string? LastFault)
{
    public int Count(Verdict verdict) => Outcomes.Count(outcome => outcome.Verdict == verdict);
}
