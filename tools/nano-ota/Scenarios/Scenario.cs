namespace NanoOta.Cli.Scenarios;

/// <summary>One scenario, which runs on any device that has what it needs.</summary>
/// <param name="Id">Its id on the command line and in reports.</param>
/// <param name="Title">What happens, in a few words.</param>
/// <param name="Claim">What must be true, in a sentence.</param>
/// <param name="Run">Runs it, from firmware that it flashes.</param>
/// <param name="Needs">What the device must have.</param>
internal sealed record Scenario(string Id, string Title, string Claim, Func<Bench, ScenarioResult> Run, Needs Needs = Needs.None);

/// <summary>The facts that a scenario found.</summary>
/// <param name="Run">What the device did.</param>
/// <param name="ImageBytes">Size of the image on the server; 0 = not relevant.</param>
/// <param name="Facts">All of them must hold.</param>
internal sealed record ScenarioResult(RunResult Run, int ImageBytes, IReadOnlyList<Fact> Facts)
{
    public bool Ok => Facts.All(fact => fact.Holds);

    /// <summary>All expected values, as text.</summary>
    public string Expected => string.Join("; ", Facts.Select(fact => $"{fact.Name}: {fact.Expected}"));

    /// <summary>All values that were seen, as text.</summary>
    public string Observed => string.Join("; ", Facts.Select(fact => $"{fact.Name}: {fact.Seen}"));
}
