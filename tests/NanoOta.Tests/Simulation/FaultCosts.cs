using static NanoOta.Tests.Simulation.FaultSafetyChecks;

namespace NanoOta.Tests.Simulation;

/// <summary>Counts what a device spends: memory in the phases that work block by block, and operations of its flash.</summary>
internal sealed class FaultCosts(SimDevice device, FaultEnvironment faults, FaultSafetyChecks safety)
{
    private const int HourMs = 3_600_000;
    private int opens, collections, allocating;

    /// <summary>Steps that worked on a block without opening a file.</summary>
    public int Steps { get; private set; }

    /// <summary>To be called after each step of the device, with its phase before the step and the bytes allocated.</summary>
    public void CheckStep(Phase phase, long bytes)
    {
        // A collection counts remains of the thread's own heap as allocated.
        bool isInvalid = device.Server.Opens != opens || GC.CollectionCount(0) != collections;
        opens = device.Server.Opens;
        collections = GC.CollectionCount(0);
        if (isInvalid || phase is not (Phase.Stage or Phase.Clear or Phase.Seal or Phase.Verify)) return;
        Steps++;
        if (bytes > 0) allocating++;
    }

    /// <summary>
    /// Of the steps on blocks fewer than one in ten allocates: .NET does so now and then, an agent would do so for each block, which
    /// takes about four steps. A packed image takes a decoder for each time that it is begun.
    /// </summary>
    public void CheckMemory()
    {
        int most = 5 + Steps / 10 + Refusals + device.Count(UpdateEventKind.Staging);
        Require(allocating <= most, $"{allocating} of {Steps} steps on blocks allocate, {most} at most");
    }

    /// <summary>
    /// No sector of slot or index is written or erased more often than there were other offers, power cuts and, for the index,
    /// damaged files and packed files that were given up; boot record and journal follow from activations, boots and hours.
    /// </summary>
    public void CheckFlash()
    {
        int hours = (int)(device.Milliseconds / HourMs);
        int offers = CountOffers(), damaged = device.Events.Count(e => e.Code == UpdateError.IndexCorrupt) + device.FellBack;
        int activations = device.Count(UpdateEventKind.Activated) + faults.Cuts;
        Require(device.Flash.BlankErases == faults.Cable.BlankErases, "a blank sector is erased");
        int records = SimDevice.Map.Records / 4096;
        for (int sector = 0; sector < device.Flash.ProgramCounts.Length; sector++)
        {
            if ((sector >= records && sector < records + 4) || faults.Wear.Sectors.Contains(sector)) continue;
            int most = offers + faults.Cuts + (sector < records ? 2 * faults.Cable.Deployments : damaged + faults.Cable.Deployments);
            int writes = device.Flash.ProgramCounts[sector], erases = device.Flash.EraseCounts[sector];
            Require(Math.Max(writes, erases) <= most, $"sector {sector}: {writes} writes, {erases} erases, {most} at most");
        }

        int reverts = faults.Cable.Deployments + safety.Crashes.Loops;
        foreach (int sector in faults.Wear.Sectors) CheckDead(sector, hours, activations);
        // An activation, a revert, and the acknowledgement over both copies.
        RequireWrites(records, safety.TrialBoots + 4 * (activations + reverts) + faults.Cuts, "the boot record");
        RequireWrites(records + 2, device.Boots - device.PlannedWakes + hours + 3 * activations + faults.Cuts
            + 3 * reverts + faults.Settings.Failures + 1, "the journal");
    }

    // It is tried twice for each write, a write at most twice in a check, and a confirmation each second of a trial.
    private void CheckDead(int sector, int hours, int activations)
    {
        int failures = device.Events.Count(e => e.Kind is UpdateEventKind.Refused or UpdateEventKind.Error);
        int most = 8 * (failures + device.Boots + hours + SimDevice.TrialWatchdogMs / 1000 * (activations + 1));
        int operations = device.Flash.EraseCounts[sector] + device.Flash.ProgramCounts[sector];
        Require(operations <= most, $"the dead sector {sector} is tried {operations} times, {most} at most");
    }

    // With worn flash the step that finds it reports it.
    private int Refusals => faults.Wear.Sectors.Count == 0 ? 0 : device.Events.Count(e => FaultWear.IsReportedBy(e.Code));

    private void RequireWrites(int sector, int most, string what)
    {
        // A failed write wears a dead sector no further.
        int writes = new[] { sector, sector + 1 }.Where(s => !faults.Wear.Sectors.Contains(s)).Sum(s => device.Flash.ProgramCounts[s]);
        Require(writes <= most, $"{what} is written {writes} times, {most} at most");
    }

    // An offer counts when it is another one than the last.
    private int CountOffers()
    {
        var offers = device.Events.Where(e => e.Kind == UpdateEventKind.Offer).Select(e => e.Version).ToList();
        return offers.Where((version, i) => i == 0 || version != offers[i - 1]).Count();
    }
}
