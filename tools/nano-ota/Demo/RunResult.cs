using NanoOta.Cli.Device;
using NanoOta.Releases;
using NanoOta.VirtualDevice;

namespace NanoOta.Cli.Demo;

/// <summary>What the device did in one run, or in several one after the other.</summary>
/// <param name="End">The event that reached the goal of the last run; null when it was not reached in time.</param>
/// <param name="Trace">All events.</param>
/// <param name="BytesFetched">Bytes of images that the device fetched.</param>
/// <param name="Boots">Boots of the device.</param>
/// <param name="Flash">The firmware that the flash would boot now; null when it is unknown.</param>
internal sealed record RunResult(DeviceEvent? End, IReadOnlyList<DeviceEvent> Trace, int BytesFetched, int Boots, FlashContent? Flash)
{
    /// <summary>This run and the next one.</summary>
    public RunResult Then(RunResult next) => next with
    {
        Trace = [.. Trace, .. next.Trace],
        BytesFetched = BytesFetched + next.BytesFetched,
        Boots = Boots + next.Boots,
    };

    /// <summary>Events of a kind.</summary>
    public int Count(string kind) => Trace.Count(e => e.Event == kind);

    /// <summary>Resets that the agent did not request, by reason; PowerOn counts losses of power.</summary>
    public int Resets(ResetReason reason) => Trace.Count(e => e.Event == "reboot" && e.Reset == reason);

    /// <summary>It must end with a confirmed version, which the flash boots; and the further facts must hold.</summary>
    public ScenarioResult MustConfirm(string version, AppImage image, params IEnumerable<Fact> facts) =>
        Must("confirmed", version, UpdateError.None, version, image, facts);

    /// <summary>It must end with a refusal, and the flash must boot what ran before; and the further facts must hold.</summary>
    public ScenarioResult MustRefuse(UpdateError code, string running, AppImage? image, params IEnumerable<Fact> facts) =>
        Must("refused", null, code, running, image, facts);

    /// <summary>It must end with a rollback, and the flash must boot what ran before; and the further facts must hold.</summary>
    public ScenarioResult MustRevert(UpdateError code, string running, AppImage image, params IEnumerable<Fact> facts) =>
        Must("reverted", null, code, running, image, facts);

    /// <summary>It must end because there is nothing to do, and the flash must boot this version.</summary>
    public ScenarioResult MustRest(string running, AppImage image) => Must("idle", null, UpdateError.None, running, image, []);

    private ScenarioResult Must(
        string kind, string? version, UpdateError code, string running, AppImage? image, IEnumerable<Fact> facts) =>
        new(this, image?.Size ?? 0, [Fact.Ends("last event", End, kind, code, version), Fact.Boots(Flash, running), .. facts]);
}

/// <summary>The firmware that a flash would boot, read from the flash alone.</summary>
/// <param name="Version">The version in the descriptor of the slot that the boot record chooses.</param>
/// <param name="IsWhole">Whether the slot holds, by its hash, the image of that descriptor.</param>
/// <param name="State">State in the boot record.</param>
internal sealed record FlashContent(string Version, bool IsWhole, BootState State)
{
    public override string ToString() => $"{Version}{(IsWhole ? "" : ", damaged")}, {State.ToString().ToLowerInvariant()}";
}
