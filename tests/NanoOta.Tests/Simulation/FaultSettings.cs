using static NanoOta.Tests.Simulation.FaultSafetyChecks;

namespace NanoOta.Tests.Simulation;

/// <summary>
/// The settings of one device, with a port that fails at times. Firmware on trial writes them in its own form, and any firmware
/// converts an older form to its own; it cannot read a later one, and does not change it.
/// </summary>
internal sealed class FaultSettings(FaultSchedule schedule, SimDevice device, FaultEnvironment faults, Random random) : ISettings
{
    private readonly HashSet<string> confirmed = [schedule.First.Version];
    private (int Schema, string Writer) content = (0, schedule.First.Version);
    private ((int Schema, string Writer) Content, bool IsForeign, byte[] Release, int Schema, int Next)? copy;
    private int boots;
    private bool mayBeForeign;

    /// <summary>Times that the port has failed.</summary>
    public int Failures { get; private set; }

    /// <summary>Times that settings were put back.</summary>
    public int Restored { get; private set; }

    /// <summary>To be called before each step of the device.</summary>
    public void Check()
    {
        var running = device.Running!;
        if (device.Boots != boots && device.Agent != null && !device.IsSafeMode && !faults.Cable.Has(running)) Start(running);
        boots = device.Boots;
        if (device.State != BootState.Confirmed || device.Agent?.Phase != Phase.Idle) return;
        confirmed.Add(running.Version);
        // A deployment by cable does not change the settings.
        if (faults.Cable.Has(running)) return;
        int schema = schedule.SchemaOf(running.Version);
        if (content == (schema, running.Version)) mayBeForeign = false;
        Require(mayBeForeign || content.Schema <= schema, $"{running.Version} cannot read the settings that {content.Writer} wrote");
        bool isKnown = mayBeForeign || confirmed.Contains(content.Writer);
        Require(isKnown, $"the settings of {running.Version} are what {content.Writer} wrote on trial");
    }

    bool ISettings.Keep(byte[] release, int schema, int nextSchema)
    {
        if (IsFailing()) return false;
        copy = (content, mayBeForeign, release, schema, nextSchema);
        return true;
    }

    RestoreOutcome ISettings.Restore(byte[] release, bool onlyIfUnreadable)
    {
        if (copy is not { } kept || !kept.Release.AsSpan().SequenceEqual(release)) return RestoreOutcome.Nothing;
        if (onlyIfUnreadable && kept.Schema == kept.Next) return RestoreOutcome.Nothing;
        if (IsFailing())
        {
            mayBeForeign = true; // until the second try, or permanently
            return RestoreOutcome.Failed;
        }

        mayBeForeign = kept.IsForeign;
        copy = null;
        if (content == kept.Content) return RestoreOutcome.Nothing;
        content = kept.Content;
        Restored++;
        return RestoreOutcome.Done;
    }

    private void Start(SimRelease running)
    {
        int schema = schedule.SchemaOf(running.Version);
        if (device.State == BootState.Trial || content.Schema < schema) content = (schema, running.Version);
    }

    private bool IsFailing()
    {
        if (!faults.Has(FaultKind.SettingsFail) || random.Next(2) == 0) return false;
        Failures++;
        return random.Next(2) == 0 ? true : throw new IOException("the file system fails");
    }
}
