using NanoOta.Cli.Device;
using NanoOta.Releases;

namespace NanoOta.Cli.Scenarios;

/// <summary>What the device did in one run, or in several one after the other.</summary>
/// <param name="End">The event that reached the goal of the last run; null when it was not reached in time.</param>
/// <param name="Trace">All events.</param>
/// <param name="BytesFetched">Bytes of images that the device fetched.</param>
/// <param name="Boots">Boots of the device.</param>
/// <param name="Flash">The firmware that the device boots now; null when it is unknown.</param>
internal sealed record RunResult(DeviceEvent? End, IReadOnlyList<DeviceEvent> Trace, int BytesFetched, int Boots, FlashContent? Flash)
{
    /// <summary>One run.</summary>
    public static RunResult Of(DeviceEvent? end, IReadOnlyList<DeviceEvent> trace, FlashContent? flash) => new(
        end, trace, trace.LastOrDefault(e => e.Bytes != null)?.Bytes ?? 0, trace.Count == 0 ? 0 : trace[^1].Boots, flash)
    {
        Resets = [.. trace.Where(e => e.Event == "boot").Skip(1).Select(e => e.Reset)],
    };

    /// <summary>What reset the device at each boot but the first of a run; null = it did not report that.</summary>
    public IReadOnlyList<ResetReason?> Resets { get; private init; } = [];

    /// <summary>This run and the next one.</summary>
    public RunResult Then(RunResult next) => next with
    {
        Trace = [.. Trace, .. next.Trace],
        BytesFetched = BytesFetched + next.BytesFetched,
        Boots = Boots + next.Boots,
        Resets = [.. Resets, .. next.Resets],
    };

    /// <summary>Events of a kind.</summary>
    public int Count(string kind) => Trace.Count(e => e.Event == kind);

    /// <summary>Boots after a reset of this reason, without the start of the run; PowerOn counts losses of power.</summary>
    public int CountResets(ResetReason reason) => Resets.Count(seen => seen == reason);

    /// <summary>It must end with a confirmed version, which the device boots; and the further facts must hold.</summary>
    public ScenarioResult MustConfirm(string version, AppImage image, params IEnumerable<Fact> facts) =>
        Must("confirmed", version, UpdateError.None, version, image, facts);

    /// <summary>It must end with a refusal, and the device must boot what ran before; and the further facts must hold.</summary>
    public ScenarioResult MustRefuse(UpdateError code, string running, AppImage? image, params IEnumerable<Fact> facts) =>
        Must("refused", null, code, running, image, facts);

    /// <summary>It must end with a rollback of a version, and the device must boot what ran before; and the further facts must
    /// hold.</summary>
    public ScenarioResult MustRevert(string version, UpdateError code, string running, AppImage image, params IEnumerable<Fact> facts) =>
        Must("reverted", version, code, running, image, facts);

    /// <summary>It must end because there is nothing to do, and the device must boot this version.</summary>
    public ScenarioResult MustRest(string running, AppImage image) => Must("idle", null, UpdateError.None, running, image, []);

    private ScenarioResult Must(
        string kind, string? version, UpdateError code, string running, AppImage? image, IEnumerable<Fact> facts) =>
        new(this, image?.Size ?? 0, [Fact.Ends("last event", End, kind, code, version), Fact.Boots(Flash, running), .. facts]);
}

/// <summary>The firmware that a device boots.</summary>
/// <param name="Version">Its version, which its hash confirms.</param>
/// <param name="IsWhole">Whether the slot holds the image of that version.</param>
/// <param name="State">State in the boot record.</param>
internal sealed record FlashContent(string Version, bool IsWhole, BootState State)
{
    public override string ToString() => $"{Version}{(IsWhole ? "" : ", damaged")}, {State.ToString().ToLowerInvariant()}";
}
